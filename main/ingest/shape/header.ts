import { cutterOf } from '../reading/cells.ts';
import { parseNumber } from '../reading/numbers.ts';
import { isNoValue } from '../reading/words.ts';
import { kindOfTime } from '../times/read.ts';
import { keyedHeader, statedUnit } from './keyed.ts';
import { lvmHeader } from './lvm.ts';
import { type Line, type Sheet, filledWidth } from './sheet.ts';
import { isUnit, splitHeader } from './units.ts';

/** What kind of text most cells of a column are. */
export type CellKind = 'number' | 'datetime' | 'date' | 'clock' | 'text' | 'empty';

export interface Header {
  /** Index in `sheet.lines` of the first data record; the number of lines where there is none. */
  firstData: number;
  /** Header text of each column as written; empty where the file names none. */
  names: string[];
  /** Unit of each column from a row of units, or null. */
  units: (string | null)[];
  /** False where the names were made up. */
  isNamed: boolean;
  /** Everything above the names: metadata. */
  preamble: Line[];
  kinds: CellKind[];
  /** Columns of times by the header's own word; empty where names and contents tell. */
  timeColumns: number[];
}

const timeWord =
  /^(?:#?\s*)(?:.*\b)?(?:time|date|datetime|timestamp|time ?stamp|datum|zeit|uhrzeit|zeitpunkt|messzeit|zeitstempel|datum\/zeit|horodatage|heure|fecha|hora|data|ora|t_?stamp|ts|unixtime|epoch|interval end|interval start|elapsed|laufzeit)\b|时间|日期|时刻|時刻|時間|日時|日付|采集时间|시간|일시|날짜/i;

/** True for a header that names a time. */
export const isTimeName = (name: string): boolean => timeWord.test(name) || /(?:time|date|zeit|stamp)$/i.test(name.split(/[ ([]/)[0] ?? '');

const kindOf = (cell: string): CellKind => {
  if (isNoValue(cell)) return 'empty';
  if (!Number.isNaN(parseNumber(cell, '.')) || !Number.isNaN(parseNumber(cell, ','))) return (/^\d{8}$|^\d{12}$|^\d{14}$|^\d{17}$/.test(cell) ? kindOfTime(cell) : null) ?? 'number';
  return kindOfTime(cell) ?? 'text';
};

/** Written as a date is, whatever its numbers: 31.02.2025 in a column of dates is a date that can't be. */
const isDateLike = (cell: string): boolean => /^\d{1,4}([-./])\d{1,2}\1\d{1,4}(?:[ T]\d{1,2}:\d{2}.*)?$/.test(cell);

/** The kind of each column, by the given records. */
const kindsOf = (lines: readonly Line[], width: number): CellKind[] =>
  Array.from({ length: width }, (_, column) => {
    const counts = new Map<CellKind, number>();
    for (const line of lines) {
      const kind = kindOf(line.cells[column] ?? '');
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    const filled = lines.length - (counts.get('empty') ?? 0);
    if (filled === 0) return 'empty';
    for (const kind of ['number', 'datetime', 'date', 'clock'] as const) if ((counts.get(kind) ?? 0) >= filled * 0.7) return kind;
    const impossible = lines.filter((line) => kindOf(line.cells[column] ?? '') === 'text' && isDateLike(line.cells[column] ?? '')).length;
    for (const kind of ['datetime', 'date'] as const) if ((counts.get(kind) ?? 0) > 0 && (counts.get(kind) ?? 0) + impossible >= filled * 0.7) return kind;
    return 'text';
  });

/** The records at the sample's end, where every preamble is over: what they hold tells where the data began. */
const lastRecords = (sheet: Sheet): Line[] => {
  const body = sheet.lines.filter((line) => !line.comment && line.cells.length >= sheet.width);
  // The first record of a very short file may be its header.
  return body.slice(-Math.max(1, Math.min(3, body.length - 1), Math.min(400, Math.floor(body.length / 4))));
};

/** Kinds by the last quarter; where that holds no times, by the very last records: a long preamble may reach into the quarter. */
const kindsOfEnd = (sheet: Sheet): CellKind[] => {
  const last = lastRecords(sheet);
  const kinds = kindsOf(last, sheet.width);
  if (kinds.some(isTimeKind) || last.length <= 12) return kinds;
  const few = kindsOf(last.slice(-12), sheet.width);
  return few.some(isTimeKind) ? few : kinds;
};

const isTimeKind = (kind: CellKind | undefined): boolean => kind === 'datetime' || kind === 'date' || kind === 'clock';

/** A record stands like data when a time is a time and its numbers aren't all words; in a file without times, when most numbers are numbers. */
const standsLikeData = (line: Line, kinds: readonly CellKind[]): boolean => {
  if (line.comment || filledWidth(line.cells) < 1) return false;
  let times = 0;
  let timesRight = 0;
  let numbers = 0;
  let right = 0;
  let words = 0;
  kinds.forEach((kind, column) => {
    const cell = line.cells[column];
    if (isTimeKind(kind)) {
      times++;
      if (cell !== undefined && isTimeKind(kindOf(cell))) timesRight++;
    } else if (kind === 'number') {
      numbers++;
      const found = cell === undefined ? null : kindOf(cell);
      if (found === 'number' || found === 'empty') right++;
      else if (found !== null) words++;
    }
  });
  if (times > 0) return timesRight > 0 && (numbers === 0 || right > 0);
  return numbers > 0 && right > words && line.cells.some((cell, column) => kinds[column] === 'number' && kindOf(cell) === 'number');
};

type RowKind = 'names' | 'units' | 'format' | 'processing' | 'other';

const processingWords = /^(?:[fiu][1248]|str|avg|max|min|smp|std|tot|sample|average|maximum|minimum|total|real(?:32|64)?|u?int(?:8|16|32|64)|bool|bit|float|double|string|mean|ts|rn)$/i;
const formatText = /^(?:[#0]+[#0.,]*|.*(?:yyyy|yy|HH|hh):?.*|%[\d.]*[dfs])$/;

/** What a row above the data holds. The cells of time columns say nothing about units. */
const rowKind = (cells: readonly string[], kinds: readonly CellKind[]): RowKind => {
  const filled = cells.filter((cell, column) => cell !== '' && !isTimeKind(kinds[column]));
  const all = cells.filter((cell) => cell !== '');
  if (all.length === 0 || all.some((cell) => kindOf(cell) === 'datetime')) return 'other';
  const share = (test: (cell: string) => boolean, of: readonly string[]): number => (of.length === 0 ? 0 : of.filter(test).length / of.length);
  if (filled.length > 0 && share((cell) => formatText.test(cell), all) >= 0.8) return 'format';
  if (filled.length > 0 && share((cell) => processingWords.test(cell), filled) >= 0.8) return 'processing';
  const measured = cells.filter((cell, column) => cell !== '' && kinds[column] === 'number');
  if (measured.length > 1 && share((cell) => isUnit(cell), measured) >= 0.7) return 'units';
  if (filled.length > 0 && share((cell) => isUnit(cell) || /^[-[\]()]*$/.test(cell) || processingWords.test(cell), filled) >= 0.6) return 'units';
  return share((cell) => Number.isNaN(parseNumber(cell, '.')), all) >= 0.5 ? 'names' : 'other';
};

const isWideEnough = (cells: readonly string[], width: number): boolean => {
  const filled = filledWidth(cells);
  return filled <= width + 1 && cells.filter((cell) => cell !== '').length >= Math.max(1, Math.min(width, 2), Math.floor(width * 0.5));
};

/** Rows directly above the data that could be its header, bottom up, at most `most`. */
const headRows = (sheet: Sheet, firstData: number, most: number): Line[] => {
  const rows: Line[] = [];
  for (let i = firstData - 1; i >= 0 && rows.length < most; i--) {
    const line = sheet.lines[i];
    if (!line || line.comment) break;
    rows.push(line);
  }
  return rows;
};

/** The row of names: the one under a mark that says so, the lowest one that names a time, else the lowest row of texts. */
const namesRow = (rows: readonly Line[], kinds: readonly CellKind[], width: number): Line | null => {
  const marked = rows.find((_, i) => /^\W*(?:names|header|\[?h\]?)\W*$/i.test(rows[i + 1]?.text ?? '') && /#|\[/.test(rows[i + 1]?.text ?? ''));
  if (marked) return marked;
  const fitting = rows.filter((row) => isWideEnough(row.cells, width) && rowKind(row.cells, kinds) === 'names');
  const timeColumn = kinds.findIndex(isTimeKind);
  const named = fitting.filter((row) => (timeColumn >= 0 ? isTimeName(row.cells[timeColumn] ?? '') : row.cells.some(isTimeName)));
  // Tags above their descriptions: the tags are the names.
  const tags = isWordy(named[0]) ? named.find((row) => !isWordy(row)) : undefined;
  // A row of units such as A, V, g is read as names where it stands alone.
  // Channels may be called 1, 2, 3: then the name of the time alone tells the row.
  const lowest = rows[0] && timeColumn >= 0 && isWideEnough(rows[0].cells, width) && isTimeName(rows[0].cells[timeColumn] ?? '') ? rows[0] : undefined;
  return tags ?? named[0] ?? lowest ?? fitting[0] ?? rows.find((row) => isWideEnough(row.cells, width) && rowKind(row.cells, kinds) === 'units') ?? null;
};

const isWordy = (row: Line | undefined): boolean => row !== undefined && row.cells.filter((cell) => cell.trim().includes(' ') && !cell.includes('(') && !cell.includes('[')).length >= row.cells.length / 2;

/** Names in two rows, one word above the other ('Hi' over 'Temp'), where only both together tell the columns apart; null elsewhere. */
const stackedNames = (names: readonly string[], above: Line): string[] | null => {
  const both = names.map((name, column) => `${above.cells[column] ?? ''} ${name}`.trim());
  const over = above.cells.filter((cell) => cell !== '');
  const isWord = over.every((cell) => kindOf(cell) === 'text' && !isUnit(cell) && cell.length <= 24);
  return above.cells[0] === '' && above.cells.length === names.length && over.length >= names.length / 2 && isWord && new Set(names).size < names.length && new Set(both).size === names.length ? both : null;
};

/** Tags that stand once over a group of columns ('T301,,,V301,,' over 'Time,Value,Quality,Time,Value,Quality') go before each name of it. */
const withTags = (names: string[], rows: readonly Line[], row: Line | null): string[] => {
  const above = row ? rows[rows.indexOf(row) + 1] : undefined;
  const filled = above?.cells.filter((cell) => cell !== '') ?? [];
  const stacked = above ? stackedNames(names, above) : null;
  if (stacked) return stacked;
  if (!above || new Set(names).size === names.length || filled.length < 2 || filled.length >= names.length || above.cells[0] === '' || filled.some((cell) => kindOf(cell) !== 'text')) return names;
  let tag = '';
  return names.map((name, column) => {
    tag = above.cells[column] || tag;
    return `${tag} ${name}`.trim();
  });
};

/** A header behind a comment mark: '#Time<tab>Thrust (kN)'. */
const commentedHeader = (sheet: Sheet, firstData: number): Line | null => {
  const line = sheet.lines[firstData - 1];
  if (!line?.comment) return null;
  const text = line.text.replace(/^\s*[#%!/]+\s*/, '');
  const cells = cutterOf(sheet.delimiter, sheet.quote)(text);
  return cells.length >= 2 && cells.length === sheet.width && cells.every((cell) => cell !== '') ? { ...line, text, cells } : null;
};

/** A header that was written with another delimiter than the rows. */
const otherwiseCut = (sheet: Sheet, firstData: number): Line | null => {
  const line = sheet.lines[firstData - 1];
  if (!line || sheet.width < 2 || line.comment) return null;
  const cut = [',', ';', '\t', '|'].map((delimiter) => cutterOf(delimiter, sheet.quote)(line.text)).find((cells) => cells.length === sheet.width && cells.every((cell) => kindOf(cell) === 'text'));
  return cut ? { ...line, cells: cut } : null;
};

/** Rows above the first one that stands like data, whose times are nothing but digits and marks: impossible ones are records all the same. */
const withImpossible = (lines: readonly Line[], first: number, kinds: readonly CellKind[]): number => {
  const time = kinds.findIndex(isTimeKind);
  const stands = (line: Line | undefined): boolean =>
    line !== undefined && !line.comment && line.cells.length === kinds.length && /^[-\d.:/ ]{4,}$/.test(line.cells[time] ?? '') && kinds.every((kind, column) => kind !== 'number' || ['number', 'empty'].includes(kindOf(line.cells[column] ?? '')));
  let from = first;
  while (time >= 0 && from > 0 && stands(lines[from - 1])) from--;
  return from;
};

const findFirstData = (sheet: Sheet, kinds: readonly CellKind[]): number => {
  const { lines } = sheet;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (!line || !standsLikeData(line, kinds)) continue;
    const next = lines.slice(i + 1, i + 4).filter((other) => !other.comment);
    if (next.length === 0 || next.some((other) => standsLikeData(other, kinds))) return withImpossible(lines, i, kinds);
  }
  return lines.length;
};

/** The kinds of the columns of a header that states them itself. */
const headerOf = (sheet: Sheet, firstData: number, known: Pick<Header, 'names' | 'units' | 'timeColumns' | 'preamble'>): Header => {
  const data = sheet.lines.slice(firstData).filter((line) => !line.comment).slice(0, 1000);
  return { ...known, firstData, isNamed: true, kinds: kindsOf(data, known.names.length) };
};

/** Headers of a form of their own: LabVIEW's, and those whose rows begin with their key. */
const specialHeader = (sheet: Sheet): Header | null => {
  const lvm = lvmHeader(sheet);
  if (lvm) return headerOf(sheet, sheet.lines.indexOf(lvm.names) + 1, { names: lvm.names.cells, units: lvm.units, timeColumns: lvm.timeColumns, preamble: lvm.preamble });
  const firstNumbers = sheet.lines.findIndex((line) => !line.comment && line.cells.filter((cell) => cell !== '').length >= 2 && line.cells.every((cell) => kindOf(cell) !== 'text'));
  if (firstNumbers < 2) return null;
  const keyed = keyedHeader(headRows(sheet, firstNumbers, 60));
  return keyed && headerOf(sheet, firstNumbers, { ...keyed, preamble: sheet.lines.slice(0, firstNumbers - keyed.rows.length) });
};

/**
 * Finds where the data begin, and above them the row of names and the row of units; rows of formats, of processing (Avg, Smp) and of
 * descriptions are passed over, metadata above are kept as preamble. `headerLines`: how many lines people say stand above the data.
 */
export const findHeader = (sheet: Sheet, headerLines?: number): Header => {
  const special = specialHeader(sheet);
  const first = special ? (sheet.lines[special.firstData]?.number ?? 1) - 1 : null;
  return special && (headerLines === undefined || headerLines === first) ? special : plainHeader(sheet, headerLines);
};

/** Cells of the row of names: where columns have fixed places, its words, as many as there are columns, need not stand over them. */
const nameCells = (names: Line | null, sheet: Sheet): readonly string[] => {
  const words = names?.text.trim().split(/\s+/) ?? [];
  return sheet.delimiter.startsWith('fixed:') && words.length === sheet.width ? words : (names?.cells ?? []);
};

/** A row of units above the names, every cell of it a unit. */
const isAllUnits = (row: Line, names: Line | null): boolean => row.cells.length === names?.cells.length && row.cells.every((cell) => cell === '' || cell === '-' || isUnit(cell)) && row.cells.some(isUnit);

const plainHeader = (sheet: Sheet, headerLines?: number): Header => {
  const onlyNames = sheet.lines.filter((line) => !line.comment).length === 1;
  const lastKinds = kindsOfEnd(sheet);
  const forced = headerLines === undefined ? -1 : sheet.lines.findIndex((line) => line.number > headerLines);
  const firstData = headerLines !== undefined ? (forced < 0 ? sheet.lines.length : forced) : onlyNames && lastKinds.every((kind) => kind === 'text' || kind === 'empty') ? sheet.lines.length : findFirstData(sheet, lastKinds);
  const data = sheet.lines.slice(firstData).filter((line) => !line.comment).slice(0, 1000);
  const kinds = data.length === 0 ? lastKinds : kindsOf(data, sheet.width);
  const rows = headRows(sheet, firstData, 6);
  const names = namesRow(rows, kinds, sheet.width) ?? commentedHeader(sheet, firstData) ?? otherwiseCut(sheet, firstData);
  const below = names ? rows.slice(0, Math.max(0, rows.indexOf(names))) : [];
  const above = names ? rows[rows.indexOf(names) + 1] : undefined;
  const unitRow = below.find((row) => rowKind(row.cells, kinds) === 'units') ?? (above && isAllUnits(above, names) ? above : undefined);
  const width = Math.max(sheet.width, names ? filledWidth(names.cells) : 0);
  const texts = withTags(Array.from({ length: width }, (_, column) => (nameCells(names, sheet)[column] ?? '').trim()), rows, names);
  const preamble = sheet.lines.slice(0, firstData).filter((line) => line !== names && line !== unitRow);
  return {
    firstData,
    names: texts,
    units: texts.map((text, column) => (unitRow ? (unitRow.cells[column] ?? '').replace(/^[[(](.*)[\])]$/, '$1') || null : statedUnit(preamble, text))),
    isNamed: names !== null,
    preamble,
    kinds: Array.from({ length: width }, (_, column) => kinds[column] ?? 'empty'),
    timeColumns: [],
  };
};

/** Codes that the preamble declares to mean 'no value': 'missing value: -9999', 'NoData = -999.25'. */
export const declaredMissing = (preamble: readonly Line[]): number[] => {
  const codes: number[] = [];
  for (const line of preamble) {
    const match = /(?:missing|no[ _-]?data|nodata|null|fill|invalid|bad|error|fehlwert|kein wert|fehlt|缺失|无效)[ _-]?(?:value|values|code|wert|flag|值)?\s*["']?\s*[:=;,\t ]\s*["']?\s*(?:is\s+)?([-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?)\s*["']?\s*$/i.exec(line.text.replace(/[;,\t]+$/, ''));
    if (match) codes.push(Number((match[1] ?? '').replace(',', '.')));
  }
  return codes;
};

/** Names of the columns without their units, equal names told apart by _2, _3, ..., made-up ones as 'column N'. */
export const uniqueNames = (names: readonly string[]): { name: string; unit: string | null }[] => {
  const seen = new Map<string, number>();
  return names.map((text, index) => {
    const { name, unit } = text === '' ? { name: `column ${index + 1}`, unit: null } : splitHeader(text);
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return { name: times === 1 ? name : `${name}_${times}`, unit };
  });
};
