import type { Column, Finding, Layout, TimestampFormat } from '../../contract/data.ts';
import { parseNumber } from '../reading/numbers.ts';
import { isNoValue } from '../reading/words.ts';
import { evenDigits, kindOfTime } from '../times/read.ts';
import { isTimeName } from './header.ts';
import { type ColumnFacts, eventRole, isAsset, isAssetNamed, isCounter, isCycle, isIdentifier, isLabel, isMeasured, isQuality, isState, isTag, isUnitName, isValueName } from './roles.ts';
import { formOfNumbers, formOfTexts, statedZone, type TimeForm } from './timeform.ts';
import { toUnit } from './units.ts';

type Role = Column['role'];

/** Roles found so far, by column. */
export interface Plan {
  roles: Map<number, { role: Role; why: string }>;
  layout: Layout;
  timestamp: TimestampFormat;
  axis: 'time' | 'cycle';
  findings: Finding[];
  /** Columns whose texts hold the times, for a pass over the whole file where the order of day and month stays open. */
  isOrderOpen: boolean;
}

const none: TimestampFormat = { kind: 'none', format: 'record number', zone: 'UTC' };

const samples = (column: ColumnFacts): string[] => (column.filled.length <= 2000 ? column.filled : column.filled.filter((_, i) => i < 1000 || i >= column.filled.length - 1000));

/** Date and clock in two columns: their texts joined, row by row. */
const joined = (date: ColumnFacts, clock: ColumnFacts): string[] => date.cells.map((cell, i) => `${cell} ${evenDigits(clock.cells[i] ?? '')}`).filter((text) => text.trim() !== '').slice(0, 2000);

const set = (plan: Plan, column: ColumnFacts, role: Role, why: string): void => {
  if (!plan.roles.has(column.index)) plan.roles.set(column.index, { role, why });
};

const useForm = (plan: Plan, form: TimeForm): void => {
  plan.timestamp = form.format;
  plan.isOrderOpen = form.isOpen;
};

/** A clock in digits alone, HHmmss or HHmm, its leading zeros perhaps lost: 61000 is 06:10:00. */
const isDigitClock = (column: ColumnFacts): boolean =>
  isTimeName(column.name) && column.filled.length > 0 && column.filled.every((cell) => /^\d{3,6}$/.test(cell)) && column.filled.every((cell) => kindOfTime(`2025-01-01 ${evenDigits(cell)}`) === 'datetime');

/** Times that are texts: one column, a date and a clock, or one column a group. */
const textTimes = (plan: Plan, columns: readonly ColumnFacts[], zone: string): boolean => {
  const full = columns.filter((column) => column.kind === 'datetime');
  const date = columns.find((column) => column.kind === 'date');
  const clock = columns.find((column) => column.kind === 'clock') ?? columns.find(isDigitClock);
  if (full.length === 0 && date && clock) {
    set(plan, date, 'date', 'every cell is a date');
    set(plan, clock, 'clock', 'every cell is a clock time, read together with the date');
    useForm(plan, formOfTexts(joined(date, clock), zone));
    return true;
  }
  const first = full[0] ?? date;
  if (!first) return false;
  const times = full.length > 1 ? groupTimes(full, columns) : [first];
  for (const column of times) set(plan, column, 'time', times.length > 1 ? 'the time of the columns behind it' : 'every cell is a date and time');
  for (const column of full) set(plan, column, 'ignore', 'a second time of the same record');
  useForm(plan, formOfTexts(times.flatMap(samples), zone));
  return true;
};

/** Several time columns make groups where each of them is followed by columns of its own; otherwise the first one counts. */
const groupTimes = (times: readonly ColumnFacts[], columns: readonly ColumnFacts[]): readonly ColumnFacts[] => {
  const first = times[0];
  if (!first || first.index > 1) return first ? [first] : [];
  const own = times.every((time, i) => {
    const next = times[i + 1]?.index ?? columns.length;
    return columns.slice(time.index + 1, next).some((column) => isMeasured(column) && column.kind !== 'datetime');
  });
  return own ? times : [first];
};

/** Times that are numbers: an epoch, Excel's days, cycles. */
const numberTimes = (plan: Plan, columns: readonly ColumnFacts[], zone: string): boolean => {
  const cycle = columns.find((column) => column.kind === 'number' && isCycle(column));
  const numeric = columns.filter((column) => column.kind === 'number');
  for (const column of [...numeric.filter((c) => isTimeName(c.header)), ...(numeric[0]?.index === 0 ? [numeric[0]] : [])]) {
    const form = formOfNumbers(samples(column).map((cell) => parseNumber(cell, '.') || parseNumber(cell, ',')), zone, isTimeName(column.header));
    if (!form) continue;
    set(plan, column, 'time', form.why);
    useForm(plan, form);
    return true;
  }
  if (!cycle) return false;
  set(plan, cycle, 'cycle', 'named as a count of cycles');
  plan.timestamp = { kind: 'cycle', format: 'cycle', zone: 'UTC' };
  plan.axis = 'cycle';
  return true;
};

/** Seconds since a start that the header may tell. */
const elapsedTimes = (plan: Plan, columns: readonly ColumnFacts[], start: number | null): boolean => {
  const column = columns.find((c) => c.kind === 'number' && isTimeName(c.header) && rises(c));
  if (!column || (column.unit !== null && toUnit(column.unit).unit !== 's')) return false;
  set(plan, column, 'time', 'numbers that rise from row to row under the name of a time: seconds since the start');
  plan.timestamp = { kind: 'elapsed-s', format: `seconds since ${new Date((start ?? 0) / 1000).toISOString()}`, zone: 'UTC' };
  if (start === null) plan.findings.push({ code: 'start-unknown', message: `column ${column.name} counts seconds, and nothing says since when: they are put on the axis from 1970-01-01; give the start in a mapping` });
  return true;
};

const rises = (column: ColumnFacts): boolean => {
  const values = samples(column).map((cell) => parseNumber(cell, '.'));
  return values.length > 1 && values.every((value, i) => i === 0 || value >= (values[i - 1] ?? NaN));
};

/** True where each value column is filled for one reader alone: then the column names the reader, not the machine. */
const namesTheReader = (asset: ColumnFacts, columns: readonly ColumnFacts[]): boolean => {
  if (asset.distinct < 2) return false;
  const values = columns.filter((column) => column.index !== asset.index && isMeasured(column) && column.filled.length > 0 && column.kind === 'number');
  let apart = 0;
  for (const column of values) {
    const readers = new Set(column.cells.map((cell, i) => (isNoValue(cell) ? null : asset.cells[i])).filter((reader) => reader !== null));
    if (readers.size === 1 && column.filled.length < column.cells.length) apart++;
  }
  return values.length > 1 && apart >= values.length * 0.9;
};

/** Texts that come again and again and are neither states nor machines. */
const namesSeries = (column: ColumnFacts, rows: number): boolean => column.numeric < 0.5 && column.distinct > 1 && column.distinct <= rows / 2 && !isState(column) && !isAsset(column, rows) && !isIdentifier(column);

/** Long form: a column of tags, one of values, perhaps quality, unit and machine. */
const longLayout = (plan: Plan, columns: readonly ColumnFacts[], rows: number): boolean => {
  const free = columns.filter((column) => !plan.roles.has(column.index));
  const values = free.filter((column) => column.kind === 'number' && isMeasured(column) && !isCounter(column) && !isTag(column) && !isAsset(column, rows));
  const value = free.find((column) => isValueName(column) && !isTag(column)) ?? (values.length === 1 ? values[0] : undefined);
  if (!value) return false;
  const texts = free.filter((column) => column !== value && !isUnitName(column) && !isQuality(column));
  const times = columns.find((column) => plan.roles.get(column.index)?.role === 'time');
  const repeats = times ? times.distinct < times.filled.length || plan.timestamp.kind === 'none' : true;
  const isLone = isValueName(value) && value.numeric >= 0.5 && values.length <= 1 && repeats;
  const tag = texts.find(isTag) ?? (isLone ? texts.find((column) => namesSeries(column, rows)) : undefined);
  if (!tag) return false;
  plan.layout = 'long';
  set(plan, tag, 'tag', 'each cell names the sensor of its row');
  set(plan, value, 'value', 'the value of the sensor that the row names');
  for (const column of free) {
    if (isUnitName(column)) set(plan, column, 'unit', "the unit of the row's value");
    else if (isQuality(column)) set(plan, column, 'quality', 'its words are those of data quality');
    else if (isAsset(column, rows)) set(plan, column, 'asset', 'each cell names the machine of its row');
    else set(plan, column, column.numeric > 0.5 ? 'ignore' : 'text', 'no part of a row of time, tag and value');
  }
  return true;
};

const eventLayout = (plan: Plan, columns: readonly ColumnFacts[]): boolean => {
  const free = columns.filter((column) => !plan.roles.has(column.index) || plan.roles.get(column.index)?.role === 'ignore');
  const roles = free.map((column) => ({ column, role: eventRole(column) }));
  const texts = roles.filter(({ column, role }) => (role === 'mode' || role === 'kind') && column.numeric < 0.5);
  const measured = free.filter((column) => column.kind === 'number' && !isAssetNamed(column) && !isCounter(column) && eventRole(column) === null);
  if (texts.length === 0 || measured.length > 0 || plan.axis === 'cycle') return false;
  plan.layout = 'events';
  for (const { column, role } of roles) {
    plan.roles.delete(column.index);
    if (role) set(plan, column, role, `an event's ${role === 'known' ? 'moment of becoming known' : role}, by its name`);
    else if (isAssetNamed(column)) set(plan, column, 'asset', 'each cell names the machine of its row');
    else set(plan, column, isCounter(column) ? 'counter' : 'text', 'a remark');
  }
  return true;
};

/** 1, 2, 3, ... in the column before the time. */
const countsRecords = (column: ColumnFacts, next: Role | undefined): boolean =>
  (next === 'time' || next === 'date') && column.index === 0 && column.isInteger && column.filled.length > 2 && column.filled.every((cell, i) => i === 0 || Number(cell) - Number(column.filled[i - 1]) === 1);

const isSecondTime = (column: ColumnFacts): boolean => column.kind === 'number' && isTimeName(column.name) && formOfNumbers(samples(column).map((cell) => parseNumber(cell, '.')), 'UTC', true) !== null;

const wideRole = (column: ColumnFacts, hasValueBefore: boolean, next: Role | undefined): [Role, string] => {
  if (isSecondTime(column)) return ['ignore', 'a second time of the same record'];
  if (countsRecords(column, next)) return ['counter', 'counts the records'];
  if (column.header === '' && column.cells.every((cell) => cell === '')) return ['ignore', 'nothing stands in it'];
  if (isQuality(column)) return ['quality', hasValueBefore ? 'its words are those of data quality; it judges the column before it' : 'its words are those of data quality'];
  if (isLabel(column)) return ['ignore', 'a label that somebody gave the record, no reading'];
  if (isState(column)) return ['state', 'its words are ON and OFF, TRUE and FALSE or the like: kept as 1 and 0'];
  if (isCounter(column)) return ['counter', 'whole numbers that count the records'];
  if (isIdentifier(column)) return ['text', 'names a batch, an order or a part'];
  if (column.filled.length === 0) return ['value', 'empty so far: numbers would be readings'];
  if (isMeasured(column)) return ['value', column.suffix === null ? 'its cells are numbers' : `its cells are numbers with the unit ${column.suffix}`];
  return ['text', 'its cells are neither numbers nor states'];
};

const wideLayout = (plan: Plan, columns: readonly ColumnFacts[], rows: number): void => {
  const asset = columns.find((column) => !plan.roles.has(column.index) && isAsset(column, rows));
  if (asset) {
    if (namesTheReader(asset, columns)) set(plan, asset, 'text', 'each column is filled by one of its names alone: it names the reader, not the machine');
    else set(plan, asset, 'asset', 'each cell names the machine of its row');
  }
  let hasValueBefore = false;
  for (const column of columns) {
    if (!plan.roles.has(column.index)) {
      const [role, why] = wideRole(column, hasValueBefore, plan.roles.get(column.index + 1)?.role);
      set(plan, column, role, why);
      if (role === 'ignore' && isLabel(column)) plan.findings.push({ code: 'label-column', message: `column ${column.name} holds labels of 0 and 1, not readings: it is left out, so that no model learns from it by mistake` });
    }
    hasValueBefore = plan.roles.get(column.index)?.role === 'value';
  }
};

/**
 * Gives every column its role and finds layout and time format. `preamble`: metadata texts that may state a zone; `start`: microseconds
 * of a start that they state, for elapsed times.
 */
export const planColumns = (columns: readonly ColumnFacts[], rows: number, site: string, preamble: readonly string[], start: number | null): Plan => {
  const plan: Plan = { roles: new Map(), layout: 'wide', timestamp: none, axis: 'time', findings: [], isOrderOpen: false };
  const timeHeader = columns.find((column) => column.kind === 'datetime' || column.kind === 'clock' || isTimeName(column.header));
  const stated = (timeHeader ? statedZone(timeHeader.header) : null) ?? preamble.map((text) => (/zone|utc|gmt|offset/i.test(text) ? statedZone(text) : null)).find((zone) => zone !== null) ?? null;
  const zone = stated ?? site;
  if (stated !== null) plan.findings.push({ code: 'zone-stated', message: `the file states the zone of its times: ${stated}` });
  const hasTime = textTimes(plan, columns, zone) || numberTimes(plan, columns, zone) || elapsedTimes(plan, columns, start);
  if (!hasTime) {
    plan.axis = 'cycle';
    plan.findings.push({ code: 'no-time-column', message: 'no column holds a time: the records are numbered from 1 and stored on that axis; name a time column in a mapping if there is one' });
  }
  if (plan.isOrderOpen) plan.findings.push({ code: 'date-order-open', message: 'day and month could be the other way round; confirm the time format' });
  if (!longLayout(plan, columns, rows) && !(hasTime && eventLayout(plan, columns))) wideLayout(plan, columns, rows);
  return plan;
};
