import type { Line } from './sheet.ts';
import { isUnit } from './units.ts';

/** A header in which each row begins with what it tells: Name, Unit, Data-Type, ..., as scopes, loggers and LabVIEW write it. */
export interface KeyedHeader {
  names: string[];
  units: (string | null)[];
  /** Columns of times: those under the key of the row of names, where the key stands before each group of channels. */
  timeColumns: number[];
  /** The row of names and all below it. */
  rows: Line[];
}

const nameKey = /^(?:name|channel(?: ?name)?|signal(?: ?name)?|tag(?: ?name)?|property|variable|measurement|parameter|kanal(?:name)?|signalname|bezeichnung|messgröße|名称|通道|チャンネル)$/i;
const unitKey = /^(?:units?|einheit|eu|engineering ?units?|y_unit_label|unité|单位|単位)$/i;
const otherKey = /^(?:descriptions?|comments?|symbol ?\w+|data-? ?types?|type|sample ?time.*|s\/n|serial.*|index ?\w+|variable ?size|netid|port|offset|scale ?factor|bit ?mask|unit \w+|min(?:imum)?|max(?:imum)?|range.*|channels?|samples|date|time|x_dimension|x0|delta_x|location|sensor ?type|beschreibung|kommentar|datentyp|说明|描述)$/i;

const isKey = (cell: string): boolean => nameKey.test(cell) || unitKey.test(cell) || otherKey.test(cell);

const keyOf = (row: Line): string => row.cells[0] ?? '';

/** The unit in a key such as SampleTime[ms]. */
const unitInKey = (rows: readonly Line[]): string | null => rows.map((row) => /^sample ?time ?\[(.+)\]$/i.exec(keyOf(row))?.[1] ?? null).find((unit) => unit !== null) ?? null;

/** `rows`: those above the data, the lowest first. Null where their first cells are no keys. */
export const keyedHeader = (rows: readonly Line[]): KeyedHeader | null => {
  const wide = rows.filter((row) => row.cells.filter((cell) => cell !== '').length >= 2);
  const keyed = wide.filter((row) => isKey(keyOf(row)));
  const names = keyed.find((row) => nameKey.test(keyOf(row)) && row.cells.slice(1).some((cell) => cell !== '' && cell !== keyOf(row)) && row.cells.length >= Math.max(...keyed.map((one) => one.cells.length)) - 1);
  if (!names || keyed.length < 2 || keyed.length < wide.slice(0, wide.indexOf(names) + 1).length * 0.8) return null;
  const units = keyed.find((row) => unitKey.test(keyOf(row)));
  const isTime = names.cells.map((cell, column) => column === 0 || cell === keyOf(names));
  const hasGroups = isTime.filter(Boolean).length > 1;
  // Where the key stands once, its column's own name, and those of blank cells, stand in another row.
  const nameOf = (column: number): string => rows.filter((row) => !isKey(keyOf(row)) && row.cells.length === names.cells.length).map((row) => row.cells[column] ?? '').find((cell) => cell !== '') ?? '';
  const unitOf = (column: number): string | null => {
    const unit = isTime[column] === true ? unitInKey(keyed) : (units?.cells[column] ?? null);
    return unit === null || unit === '' || /^\(?(?:none|-)\)?$/i.test(unit) ? null : unit;
  };
  return {
    names: names.cells.map((cell, column) => (isTime[column] === true ? (hasGroups || unitInKey(keyed) !== null ? 'Time' : nameOf(column)) : cell === '' ? nameOf(column) : cell)),
    units: names.cells.map((_, column) => unitOf(column)),
    timeColumns: hasGroups || unitInKey(keyed) !== null ? isTime.flatMap((is, column) => (is ? [column] : [])) : [],
    rows: rows.slice(0, rows.indexOf(names) + 1),
  };
};

/** A unit that the metadata state beside a column's name: 'Humidity = %rh'. */
export const statedUnit = (preamble: readonly Line[], name: string): string | null => {
  if (name === '') return null;
  for (const { text, cells } of preamble) {
    const match = /^["'\s]*(.+?)\s*[=:;,\t]\s*["']?([^;,\t"']+?)["'\s;,]*$/.exec(text);
    if (match?.[1]?.toLowerCase() === name.toLowerCase() && isUnit(match[2] ?? '')) return match[2] ?? null;
    // A table of the channels: '1;Oil temp;°C;0;150'.
    const unit = cells.includes(name) ? cells.find((cell) => cell !== name && cell.length < 12 && Number.isNaN(Number(cell)) && isUnit(cell)) : undefined;
    if (unit !== undefined) return unit;
  }
  return null;
};
