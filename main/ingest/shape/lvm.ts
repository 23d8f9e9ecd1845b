import type { Line, Sheet } from './sheet.ts';

/**
 * The header of a LabVIEW measurement file. Source: NI, 'Specification for the LabVIEW Measurement File (.lvm)': a file header and a header for
 * each segment of data, both ended by ***End_of_Header***; X_Columns tells whether times stand in no column, in one, or in one a channel.
 */
export interface LvmHeader {
  names: Line;
  units: (string | null)[];
  timeColumns: number[];
  /** Lines of both headers. */
  preamble: Line[];
  /** True where the records have no times: X0 and Delta_X tell them. */
  isCounted: boolean;
}

export const endOfHeader = /^\s*\*\*\*End_of_Header\*\*\*/i;

/** The values of a header's row, its key left out. */
const rowOf = (preamble: readonly Line[], key: RegExp): string[] => preamble.findLast((line) => key.test(line.cells[0] ?? ''))?.cells.slice(1).filter((cell) => cell !== '') ?? [];

/** Null where the file is none of LabVIEW's. */
export const lvmHeader = (sheet: Sheet): LvmHeader | null => {
  if (!/^LabVIEW Measurement\b/.test(sheet.lines[0]?.text ?? '')) return null;
  const at = sheet.lines.findIndex((line, i) => endOfHeader.test(sheet.lines[i - 1]?.text ?? '') && /^X_Value\b/.test(line.text));
  const names = sheet.lines[at];
  if (!names) return null;
  const preamble = sheet.lines.slice(0, at);
  const columns = rowOf(preamble, /^X_Columns$/i)[0] ?? 'One';
  const units = rowOf(preamble, /^Y_Unit_Label$/i);
  const isX = names.cells.map((cell) => /^X_Value/.test(cell));
  let channel = 0;
  return {
    names,
    units: names.cells.map((cell, column) => (isX[column] === true || /^comment$/i.test(cell) || cell === '' ? null : (units[channel++] ?? null))),
    timeColumns: /^no$/i.test(columns) ? [] : isX.flatMap((is, column) => (is ? [column] : [])),
    preamble,
    isCounted: /^no$/i.test(columns),
  };
};
