import type { Column, Decision, Finding, Mapping } from '../../contract/data.ts';
import { openSample } from '../reading/bytes.ts';
import { decoderOf } from '../reading/encoding.ts';
import { parseNumber } from '../reading/numbers.ts';
import { isNoValue } from '../reading/words.ts';
import { cmapssMapping, looksLikeCmapss } from './cmapssform.ts';
import { type Plan, planColumns, unitBehind } from './columns.ts';
import { decisionsOf, dialectDecisions, suspectedCodes } from './decisions.ts';
import { durationUnit, isDuration } from './events.ts';
import { declaredMissing, findHeader, type Header, uniqueNames } from './header.ts';
import { type ColumnFacts, factsOf } from './roles.ts';
import { type Line, openSheet, type Sheet } from './sheet.ts';
import { statedTag, statedTimes } from './stated.ts';
import { splitCell, toUnit } from './units.ts';

/** What the sample of a file tells about the whole of it. */
export interface Shape {
  mapping: Mapping;
  findings: Finding[];
  /** True where day and month stay open until the whole file has been looked through. */
  isOrderOpen: boolean;
  /** False for an empty file or one of a header alone: there is nothing to store. */
  hasData: boolean;
  /** A row names the columns. */
  isNamed: boolean;
  decisions: Decision[];
  /** The tag and the unit of a file about one sensor, where the metadata name them. */
  tag: { name: string; unit: string | null } | null;
}

/** As many records show which decimal mark a file uses. */
const rowsForMark = 400;

/** At most about `count` items, spread over all, never in step with a period of theirs. */
const spread = <T>(items: readonly T[], count: number): readonly T[] => {
  const step = Math.ceil(items.length / count);
  return step <= 1 ? items : items.filter((_, i) => i % step === (Math.floor(i / step) * 7919) % step);
};

/** A cell without the unit or the minus behind its number. */
const bare = (cell: string): string => cell.replace(/\s*(?:[^\d\s.,'+-]{1,6}|-)$/, '');

/** The decimal mark: a comma where cells show one with digits that no grouping explains, unless it separates the cells. */
const decimalMark = (rows: readonly (readonly string[])[], delimiter: string): '.' | ',' => {
  let comma = 0;
  let point = 0;
  // Both marks in one number tell which one groups.
  const both = new Set(rows.flat().flatMap((cell) => (/\d\.\d{3},\d/.test(cell) ? [','] : /\d,\d{3}\.\d/.test(cell) ? ['.'] : [])));
  if (both.size === 1) return both.has(',') ? ',' : '.';
  for (const cells of rows)
    for (const cell of cells) {
      const text = bare(cell);
      if (/^[+-]?\d{1,3}(?:\.\d{3})*,\d+(?:[eE][+-]?\d+)?$/.test(text) || /^[+-]?\d*,\d+(?:[eE][+-]?\d+)?$/.test(text)) comma++;
      if (/^[+-]?\d*\.\d+(?:[eE][+-]?\d+)?$/.test(text) || /^[+-]?\d{1,3}(?:[,' ]\d{3})+\.\d+$/.test(text)) point++;
    }
  if (delimiter === ',') return comma > point * 2 && comma > 0 && point === 0 ? ',' : '.';
  return comma > 0 && comma >= point * 0.05 && !isGroupingOnly(rows, point) ? ',' : '.';
};

/** Every comma stands before exactly three digits, and other cells have a decimal point: the commas group thousands. */
const isGroupingOnly = (rows: readonly (readonly string[])[], points: number): boolean => {
  let decimal = 0;
  let grouped = 0;
  const numbers = rows.map((cells) => cells.map(bare));
  for (const cells of numbers)
    for (const cell of cells) {
      if (/^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(cell) && !/^[+-]?0,/.test(cell)) grouped++;
      else if (/^[+-]?\d*,\d+/.test(cell)) decimal++;
    }
  const both = numbers.some((cells) => cells.some((cell) => /^\d{1,3}(?:,\d{3})+\.\d+$/.test(cell)));
  return both || (decimal === 0 && grouped > 0 && points > 0 && !numbers.some((cells) => cells.some((cell) => /^\d{1,3}(?:\.\d{3})+,\d+$/.test(cell))));
};

const dataLines = (sheet: Sheet, header: Header): Line[] => sheet.lines.slice(header.firstData).filter((line) => !line.comment);

const gatherFacts = (sheet: Sheet, header: Header, decimal: '.' | ','): ColumnFacts[] => {
  const rows = dataLines(sheet, header).filter((line) => line.cells.join() !== header.names.join());
  const names = uniqueNames(header.names);
  return names.map(({ name, unit }, index) => {
    const cells = rows.map((line) => line.cells[index] ?? '');
    return factsOf(index, name, header.names[index] ?? '', unit ?? header.units[index] ?? null, header.kinds[index] ?? 'empty', cells, decimal);
  });
};

/** True for a table of states, 0 and 1 in all its columns: -1 there says that the state isn't known. */
const isStateTable = (facts: readonly ColumnFacts[], roles: ReadonlyMap<number, { role: Column['role'] }>): boolean => {
  const values = facts.filter((column) => column.filled.length > 0 && ['value', 'state'].includes(roles.get(column.index)?.role ?? ''));
  return values.length > 1 && values.every((column) => column.filled.every((cell) => cell === '0' || cell === '1' || cell === '-1'));
};

/** Without times, only records of numbers are readings: a letter holds numbers as well. */
const isMostlyNumbers = (rows: readonly Line[], decimal: '.' | ','): boolean => {
  const cells = spread(rows, rowsForMark).flatMap((line) => line.cells.filter((cell) => cell !== ''));
  return cells.filter((cell) => isNoValue(cell) || !Number.isNaN(parseNumber(cell, decimal)) || splitCell(cell) !== null).length >= cells.length * 0.5;
};

/** Cells with a comma among digits in the part of the sample behind its first records: decimals may come after many whole numbers. */
const laterNumbers = (bytes: Buffer, rows: readonly Line[], { delimiter }: Sheet): string[][] => {
  if (delimiter.length !== 1 || delimiter === ',' || rows.some((line) => line.cells.some((cell) => /\d[.,]\d/.test(cell) && !Number.isNaN(parseNumber(cell, ','))))) return [];
  return [[...bytes.toString('latin1').matchAll(/(?<=[;\t|])\s*([+-]?\d*,\d+)\s*(?=[;\t|\r\n])/g)].slice(0, rowsForMark).map((match) => match[1] ?? '')];
};

/** A unit that stands in the cells holds before one read from the name: 'Vrms Min' is not in minutes. */
const unitOf = (column: ColumnFacts, facts: readonly ColumnFacts[], layout: Mapping['layout']): string | null => {
  if (layout === 'long') return column.unit;
  const isOther = column.suffix !== null && toUnit(column.suffix).unit !== toUnit(column.unit).unit;
  return isOther ? column.suffix : (column.unit ?? column.suffix ?? unitBehind(facts, column.index));
};

/** In long form each cell may bring the unit of its own sensor. */
const columnsOf = (facts: readonly ColumnFacts[], roles: ReadonlyMap<number, { role: Column['role']; why: string }>, layout: Mapping['layout']): Column[] =>
  facts.map((column) => {
    const { role, why } = roles.get(column.index) ?? { role: 'ignore' as const, why: 'not needed' };
    const unit = role === 'end' && isDuration(column) ? toUnit(durationUnit(column)) : toUnit(role === 'value' || role === 'state' ? unitOf(column, facts, layout) : null);
    return { index: column.index, name: column.name, role, unit: unit.unit, unitAsWritten: unit.asWritten, why, ...(column.header === '' ? {} : { header: column.header }) };
  });

const describe = (sheet: Sheet, encoding: string, decimal: string, header: Header): Finding[] => {
  const findings: Finding[] = [
    { code: 'dialect', message: `cells are separated by ${sheet.delimiter === '\t' ? 'tabs' : sheet.delimiter === '\\s+' ? 'runs of blanks' : sheet.delimiter.startsWith('fixed') ? 'their places' : `'${sheet.delimiter}'`}, the decimal mark is '${decimal}', the encoding is ${encoding}` },
  ];
  if (!header.isNamed) findings.push({ code: 'no-header', message: 'no row names the columns: they are called column 1, column 2, ...' });
  if (header.preamble.some((line) => !line.comment)) findings.push({ code: 'preamble', message: `${header.preamble.length} lines above the header are metadata` });
  return findings;
};

/** A header whose records are still to come, or lines in which nothing stands like a reading. */
const emptiness = (sheet: Sheet): Finding =>
  sheet.lines.filter((line) => !line.comment).length <= 1 && sheet.width > 1
    ? { code: 'no-data', message: 'the file has a header and no records yet' }
    : { code: 'no-readings', message: 'nothing in the file stands like a reading: rows of numbers, best with a time, were expected; export the log as CSV' };

const emptyShape = (encoding: string, sheet: Sheet | null, findings: Finding[], site: string): Shape => {
  const mapping: Mapping = {
    version: 1,
    layout: 'wide',
    dialect: { delimiter: sheet?.delimiter ?? ',', decimal: '.', quote: '"', encoding, headerLines: 0 },
    timestamp: { kind: 'none', format: 'record number', zone: site },
    columns: [],
    asset: null,
    machineType: null,
    axis: 'time',
    missingCodes: [],
  };
  const decisions = sheet ? dialectDecisions(mapping, { isNamed: false, hasDecimals: false, isDecimalOpen: false }) : [];
  return { mapping, findings, isOrderOpen: false, hasData: false, isNamed: false, decisions, tag: null };
};

/** What people have decided before the file was looked at. */
export interface Wanted {
  cmapss?: boolean;
  delimiter?: string;
  quote?: string | null;
  encoding?: string;
  decimal?: '.' | ',';
  headerLines?: number;
  layout?: Mapping['layout'];
  /** A day that the file's name states, as days since 1970. */
  nameDay?: number | null;
}

/**
 * Finds out how a file is written from its first bytes: encoding, delimiter, decimal mark, header, times, layout, each column's role
 * and why. `whole`: the sample is the file. `site`: zone of times that state none.
 */
export const findShape = (sample: Buffer, whole: boolean, site: string, wanted: Wanted = {}): Shape => {
  const { bytes, encoding } = openSample(sample, wanted.encoding);
  if (bytes.length === 0) return emptyShape(encoding.name, null, [{ code: 'file-empty', message: 'the file is empty' }], site);
  const sheet = openSheet(bytes, decoderOf(encoding.name), whole, wanted);
  if (wanted.cmapss === true || (wanted.layout === undefined && looksLikeCmapss(sheet))) return cmapssShape(sheet, encoding.name);
  const header = findHeader(sheet, wanted.headerLines);
  const rows = dataLines(sheet, header);
  if (rows.length === 0) return emptyShape(encoding.name, sheet, [emptiness(sheet)], site);
  const decimal = wanted.decimal ?? decimalMark([...spread(rows, rowsForMark).map((line) => line.cells), ...laterNumbers(bytes, rows, sheet)], sheet.delimiter);
  const facts = gatherFacts(sheet, header, decimal);
  const plan = planColumns(facts, rows.length, header, { site, stated: statedTimes(header.preamble, site), nameDay: wanted.nameDay ?? null, layout: wanted.layout });
  if (plan.timestamp.kind === 'none' && !isMostlyNumbers(rows, decimal)) return emptyShape(encoding.name, sheet, [emptiness(sheet)], site);
  const codes = missingOf(facts, header, plan);
  const mapping: Mapping = {
    version: 1,
    layout: plan.layout,
    dialect: { delimiter: sheet.delimiter, decimal, quote: sheet.quote === '\0' ? null : sheet.quote, encoding: encoding.name, headerLines: wanted.headerLines ?? Math.max(0, (rows[0]?.number ?? 1) - 1) },
    timestamp: plan.timestamp,
    columns: columnsOf(facts, plan.roles, plan.layout),
    asset: null,
    machineType: null,
    axis: plan.axis,
    missingCodes: codes.codes,
  };
  const cells = spread(rows, rowsForMark).flatMap((line) => line.cells);
  return {
    mapping,
    findings: [...describe(sheet, encoding.name, decimal, header), ...plan.findings, ...codes.findings],
    isOrderOpen: plan.isOrderOpen,
    hasData: true,
    isNamed: header.isNamed,
    decisions: decisionsOf(mapping, { header, plan, site, isDecimalOpen: isDecimalOpen(cells, decimal, sheet.delimiter), hasDecimals: cells.some((cell) => /\d[.,]\d/.test(cell)), suspected: codes.suspected, isDeclared: codes.isDeclared }),
    tag: statedTag(header.preamble),
  };
};

/** Every mark stands before just three digits: it may group thousands. */
const isDecimalOpen = (cells: readonly string[], decimal: '.' | ',', delimiter: string): boolean => {
  if (decimal === delimiter) return false;
  const marked = cells.filter((cell) => /^[+-]?\d+[.,]\d+$/.test(cell));
  return marked.length > 0 && marked.every((cell) => (decimal === ',' ? /^[+-]?[1-9]\d{0,2},\d{3}$/ : /^[+-]?[1-9]\d{0,2}\.\d{3}$/).test(cell)) && (decimal === ',' || delimiter !== ',');
};

/** Numbers that mean 'no value': declared above the header, -1 in a table of states; and those that look like it. */
const missingOf = (facts: readonly ColumnFacts[], header: Header, plan: Plan): { codes: number[]; suspected: number[]; isDeclared: boolean; findings: Finding[] } => {
  const codes = declaredMissing(header.preamble);
  if (codes.length > 0) return { codes, suspected: [], isDeclared: true, findings: [{ code: 'missing-declared', message: `the file declares ${codes.join(', ')} to mean 'no value'` }] };
  if (plan.layout === 'wide' && isStateTable(facts, plan.roles)) return { codes: [-1], suspected: [], isDeclared: false, findings: [{ code: 'state-unknown', message: 'all columns hold states, 0 and 1: -1 among them means that the state is not known' }] };
  const suspected = suspectedCodes(facts.filter((column) => plan.roles.get(column.index)?.role === 'value').map((column) => column.filled.map((cell) => parseNumber(cell, column.decimal))));
  const findings = suspected.map((code) => ({ code: 'missing-suspected', message: `${code} stands far apart from the other readings and may mean 'no value'; it is stored as a reading until somebody says so` }));
  return { codes, suspected, isDeclared: false, findings };
};

const cmapssShape = (sheet: Sheet, encoding: string): Shape => ({
  mapping: cmapssMapping(encoding),
  findings: [{ code: 'cmapss', message: '26 columns of numbers separated by blanks, without a header: the C-MAPSS layout; one asset a unit, the axis counts cycles' }],
  isOrderOpen: false,
  hasData: sheet.lines.length > 0,
  isNamed: false,
  decisions: [{ code: 'layout', chosen: 'cmapss', why: '26 columns of numbers without a header: a unit, its cycle, three settings, 21 sensors', alternatives: ['wide'], isCertain: true }],
  tag: null,
});
