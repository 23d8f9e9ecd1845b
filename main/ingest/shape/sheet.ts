import { cutterOf, blanks, delimiterByte, quoteByte, quotedLines } from '../reading/cells.ts';
import type { Decode } from '../reading/encoding.ts';
import { parseNumber } from '../reading/numbers.ts';
import { RecordReader } from '../reading/records.ts';
import { isNoValue, stateValue } from '../reading/words.ts';
import { kindOfTime } from '../times/read.ts';
import { splitCell } from './units.ts';

/** One record of the sample. */
export interface Line {
  text: string;
  cells: string[];
  /** Line number in the file, from 1. */
  number: number;
  /** A comment or remark of the logger: never data. */
  comment: boolean;
}

/** The sample of a file, cut into cells. */
export interface Sheet {
  delimiter: string;
  quote: string;
  lines: Line[];
  /** Cells of most data records. */
  width: number;
}

/** As many records as the form of a file is decided from. */
const mostLines = 2000;

/** Lines that start like this are remarks, wherever they stand. A '#' alone is the header of a counter column. */
export const isComment = (text: string): boolean => /^\s*(?:#(?!\s*["']?\s*[,;\t])|\/\/|%|!|\*\*\*)/.test(text);

/** A record without what stands around it after a crash or in DOS's way, or pads its cells: NULs, end-of-file marks, a byte order mark. */
export const withoutMarks = (text: string): string => {
  let from = 0;
  let to = text.length;
  while (from < to && isMark(text.charCodeAt(from))) from++;
  while (to > from && isMark(text.charCodeAt(to - 1))) to--;
  const kept = from === 0 && to === text.length ? text : text.slice(from, to);
  return kept.includes('\0') ? kept.replaceAll('\0', '') : kept;
};

const isMark = (code: number): boolean => code === 0 || code === 0x1a || code === 0xfeff;

/** A sample to be cut. */
interface Text {
  bytes: Buffer;
  decode: Decode;
  whole: boolean;
  quote: string;
}

/** Single quotes where cells stand between them and none between double ones. */
const quoteOf = (text: string): string => {
  const single = text.match(/(?:^|[,;\t|])[ ]*'[^'\n]*'[ ]*(?=$|[,;\t|\r])/gm)?.length ?? 0;
  const double = text.match(/(?:^|[,;\t|])[ ]*"/gm)?.length ?? 0;
  const lines = text.match(/\n/g)?.length ?? 0;
  const whole = text.match(/^"(?:[^"\n]|"")*[,;\t|](?:[^"\n]|"")*"\r?$/gm)?.length ?? 0;
  if (whole >= Math.max(2, lines * 0.9)) return quotedLines;
  return double === 0 && single >= Math.max(2, lines * 0.5) ? "'" : '"';
};

const linesOf = ({ bytes, decode, whole, quote }: Text, delimiter: string): Line[] => {
  const reader = new RecordReader(delimiterByte(delimiter), 1, quoteByte(quote));
  const cut = cutterOf(delimiter, quote);
  reader.feed(bytes);
  const lines: Line[] = [];
  while (lines.length < mostLines && reader.next(whole)) {
    const raw = decode(reader.buffer.subarray(reader.start, reader.stop));
    const text = withoutMarks(raw);
    if (text.trim() === '' || /^sep=.$/i.test(text.trim())) continue;
    lines.push({ text, cells: cut(text), number: reader.recordLine, comment: isComment(text) });
  }
  return lines;
};

/** How many of the cells are filled, at their end empty ones left out. */
export const filledWidth = (cells: readonly string[]): number => {
  let width = cells.length;
  while (width > 0 && cells[width - 1] === '') width--;
  return width;
};

/** The most frequent width among the records of the second half, where preambles are over. */
const modalWidth = (lines: readonly Line[]): { width: number; share: number } => {
  const body = lines.filter((line) => !line.comment);
  const back = body.slice(Math.min(Math.floor(body.length / 2), Math.max(0, body.length - 4)));
  const counts = new Map<number, number>();
  for (const line of back) counts.set(line.cells.length, (counts.get(line.cells.length) ?? 0) + 1);
  let width = 0;
  let most = 0;
  for (const [cells, count] of counts) if (count > most || (count === most && cells > width)) [width, most] = [cells, count];
  return { width, share: back.length === 0 ? 0 : most / back.length };
};

const isTyped = (cell: string): boolean => isNoValue(cell) || !Number.isNaN(parseNumber(cell, '.')) || !Number.isNaN(parseNumber(cell, ',')) || !Number.isNaN(stateValue(cell)) || kindOfTime(cell) !== null || splitCell(cell) !== null;

/** Pieces that other delimiters would cut a text into: 'P-01,failure,2025-01-20' between blanks is three texts of a comma's file, whose times hold the blank. */
const piecesOf = (cell: string): number => cell.split(/[,;|\t]/).length;

/**
 * How well a delimiter explains the records: their widths agree, and their cells are numbers, times or words that are known. A text counts once
 * for each of the pieces that another delimiter would cut it into.
 */
const scoreOf = (lines: readonly Line[], delimiter: string): number => {
  const { width, share } = modalWidth(lines);
  if (width < 2) return 0;
  const fitting = lines.filter((line) => !line.comment && line.cells.length === width);
  const body = fitting.slice(Math.floor(fitting.length / 2)).slice(-120);
  let typed = 0;
  let cells = 0;
  for (const line of body)
    for (const cell of line.cells) {
      const fits = !/\t| {2,}/.test(cell) && isTyped(cell);
      cells += fits ? 1 : delimiter === blanks ? piecesOf(cell) : cell.split(delimiter.startsWith('fixed:') ? /[;|\t]| {2,}/ : /[;|\t]/).length;
      if (fits) typed++;
    }
  return cells === 0 ? 0 : share * (typed / cells);
};

/** Places of columns that are separated by blanks in every line; null where the text has none. */
const fixedColumns = (lines: readonly Line[]): number[] | null => {
  const body = lines.filter((line) => !line.comment).map((line) => line.text.replaceAll('\t', ' '));
  if (body.length < 3) return null;
  const longest = Math.max(...body.map((text) => text.length));
  const data = body.slice(1).filter((text) => text.length >= longest * 0.6);
  if (data.length < (body.length - 1) * 0.8) return null;
  const used = new Uint8Array(longest);
  for (const text of data.slice(0, 1000)) for (let i = 0; i < text.length; i++) if (text[i] !== ' ') used[i] = 1;
  // A column ends where its longest text ends; the blanks before the next one belong to that next one.
  const places = [0];
  for (let i = 1; i < longest; i++) if (used[i] === 0 && used[i - 1] === 1 && used.indexOf(1, i) > 0) places.push(i);
  const kept = places.filter((place, column) => !goesOn(data, place, places[column + 1]));
  return kept.length > 1 ? kept : null;
};

/** The second word of a text ('door open'): wherever it stands, it stands one blank behind the first. */
const goesOn = (data: readonly string[], from: number, to: number | undefined): boolean => {
  if (from === 0) return false;
  const filled = data.filter((text) => text.slice(from, to).trim() !== '');
  return filled.length < data.length && filled.every((text) => text[from - 1] !== ' ' && /^ \p{L}/u.test(text.slice(from, to)));
};

const candidates = ['\t', ';', '|', ',', blanks];

/** The delimiter that the file itself states: Excel's 'sep=;', LabVIEW's 'Separator<tab>Tab'. */
const statedDelimiter = (start: string): string | undefined => {
  const sep = /^\s*sep=(.)/i.exec(start)?.[1];
  if (sep !== undefined || !start.startsWith('LabVIEW Measurement')) return sep;
  const word = /^Separator[\t,; ]+(Tab|Comma)/im.exec(start)?.[1]?.toLowerCase();
  return word === undefined ? undefined : word === 'tab' ? '\t' : ',';
};

const sheetOf = (text: Text, delimiter: string): Sheet => {
  const lines = linesOf(text, delimiter);
  return { delimiter, quote: text.quote, lines, width: modalWidth(lines).width };
};

/**
 * Cuts a sample by the delimiter that explains it best: the one that a 'sep=' line names, one of tab, semicolon, bar and comma, runs of
 * blanks, or columns at fixed places. `forced`: the delimiter and the quote that people chose.
 */
export const openSheet = (bytes: Buffer, decode: Decode, whole: boolean, forced: { delimiter?: string | undefined; quote?: string | null | undefined } = {}): Sheet => {
  const text: Text = { bytes, decode, whole, quote: forced.quote === undefined ? quoteOf(decode(bytes.subarray(0, 64 * 1024))) : (forced.quote ?? '\0') };
  const fixed = forced.delimiter ?? statedDelimiter(decode(bytes.subarray(0, 1024)));
  if (fixed !== undefined) return sheetOf(text, fixed);
  let best = sheetOf(text, ',');
  let bestScore = -1;
  for (const delimiter of candidates) {
    // Blanks stand within the cells of a table that tabs cut evenly.
    if (delimiter === blanks && isTabbed(text)) continue;
    const sheet = sheetOf(text, delimiter);
    const score = scoreOf(sheet.lines, delimiter);
    if (score > bestScore + 0.02) [best, bestScore] = [sheet, score];
  }
  if (best.delimiter === blanks) best = { ...best, lines: best.lines.map((line) => spacedOut(line, best.width)) };
  const ruled = best.delimiter === blanks ? ruledSheet(text) : null;
  if (ruled) return ruled;
  if (bestScore < 0.95) {
    const placed = fixedSheet(text);
    if (placed && scoreOf(placed.lines, placed.delimiter) > bestScore + 0.02) return placed;
  }
  return bestScore <= 0 ? sheetOf(text, ',') : best;
};

/** A line of names with single blanks in them, wider ones between them. */
const spacedOut = (line: Line, width: number): Line => {
  if (line.cells.length <= width) return line;
  const cells = line.text.trim().split(/\s{2,}|\t/);
  return cells.length === width ? { ...line, cells } : line;
};

/** A report whose columns a line of dashes shows, under names that may have blanks in them. */
const ruledSheet = (text: Text): Sheet | null => {
  const raw = linesOf(text, '\0');
  const rule = raw.find((line) => /^\s*[-=]{2,}(?:\s+[-=]{2,})+\s*$/.test(line.text));
  if (!rule) return null;
  const places = [...rule.text.matchAll(/[-=]+/g)].map((match, column) => (column === 0 ? 0 : match.index));
  const delimiter = `fixed:${places.join(',')}`;
  const lines = linesOf(text, delimiter).filter((line) => line.number !== rule.number);
  return scoreOf(lines, delimiter) >= 0.9 ? { delimiter, quote: text.quote, lines, width: places.length } : null;
};

const isTabbed = (text: Text): boolean => {
  const lines = linesOf(text, '\t');
  const { width, share } = modalWidth(lines);
  return width > 1 && share >= 0.9 && lines.filter((line) => line.cells.length === width).length >= lines.length * 0.8;
};

const fixedSheet = (text: Text): Sheet | null => {
  const raw = linesOf(text, '\0');
  const places = fixedColumns(raw);
  if (!places || raw.filter((line) => / {2,}/.test(line.text)).length < raw.length * 0.5) return null;
  const delimiter = `fixed:${places.join(',')}`;
  return { delimiter, quote: text.quote, lines: linesOf(text, delimiter), width: places.length };
};
