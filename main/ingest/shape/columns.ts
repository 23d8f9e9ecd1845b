import type { Column, Layout } from '../../contract/data.ts';
import { parseNumber } from '../reading/numbers.ts';
import { isNoValue } from '../reading/words.ts';
import { eventLayout } from './events.ts';
import { type Header, isTimeName } from './header.ts';
import { type ColumnFacts, isAsset, isCounter, isIdentifier, isLabel, isMeasured, isMode, isQuality, isRemark, isState, isTag, isUnitName, isValueName } from './roles.ts';
import type { Stated } from './stated.ts';
import { planTimes, samples, type TimePlan } from './timecolumns.ts';
import { formOfNumbers, statedZone } from './timeform.ts';

type Role = Column['role'];

/** Roles found so far, by column. */
export interface Plan extends TimePlan {
  layout: Layout;
}

const set = (plan: Plan, column: ColumnFacts, role: Role, why: string): void => {
  if (!plan.roles.has(column.index)) plan.roles.set(column.index, { role, why });
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
const longLayout = (plan: Plan, columns: readonly ColumnFacts[], rows: number, isNamed: boolean): boolean => {
  const free = columns.filter((column) => !plan.roles.has(column.index));
  const values = free.filter((column) => column.kind === 'number' && isMeasured(column) && !isCounter(column) && !isTag(column) && !isAsset(column, rows));
  const value = free.find((column) => isValueName(column) && !isTag(column)) ?? (values.length === 1 ? values[0] : undefined);
  if (!value) return false;
  const texts = free.filter((column) => column !== value && !isUnitName(column) && !isQuality(column));
  const times = columns.find((column) => plan.roles.get(column.index)?.role === 'time');
  const repeats = times ? times.distinct < times.filled.length || plan.timestamp.kind === 'none' : true;
  const isLone = isValueName(value) && value.numeric >= 0.5 && values.length <= 1 && repeats;
  const isBare = !isNamed && values.length === 1 && repeats;
  const tag = texts.find(isTag) ?? (isLone || isBare ? texts.find((column) => namesSeries(column, rows)) : undefined);
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

/** 1, 2, 3, ... in the column before the time. */
const countsRecords = (column: ColumnFacts, next: Role | undefined): boolean =>
  (next === 'time' || next === 'date') && column.index === 0 && column.isInteger && column.filled.length > 2 && column.filled.every((cell, i) => i === 0 || Number(cell) - Number(column.filled[i - 1]) === 1);

const isSecondTime = (column: ColumnFacts): boolean => column.kind === 'number' && isTimeName(column.name) && formOfNumbers(samples(column).map((cell) => parseNumber(cell, '.')), 'UTC', true) !== null;

/** The unit that stands in a column of its own behind a value's, the same in most rows. */
export const unitBehind = (columns: readonly ColumnFacts[], index: number): string | null => {
  const behind = columns[index + 1];
  return behind && isUnitName(behind) && behind.distinct === 1 ? (behind.filled[0] ?? null) : null;
};

const noReading = 'its cells are neither numbers nor states';

const wideRole = (column: ColumnFacts, hasValueBefore: boolean, next: Role | undefined): [Role, string] => {
  if (isSecondTime(column)) return ['ignore', 'a second time of the same record'];
  if (countsRecords(column, next)) return ['counter', 'counts the records'];
  if (column.header === '' && column.cells.every((cell) => cell === '')) return ['ignore', 'nothing stands in it'];
  if (isQuality(column)) return ['quality', hasValueBefore ? 'its words are those of data quality; it judges the column before it' : 'its words are those of data quality'];
  if (hasValueBefore && isUnitName(column)) return ['unit', 'the unit of the column before it'];
  if (isLabel(column)) return ['ignore', 'a label that somebody gave the record, no reading'];
  if (isState(column)) return ['state', 'its words are ON and OFF, TRUE and FALSE or the like: kept as 1 and 0'];
  if (isMode(column)) return ['mode', 'a few words that last: kept as operating modes, each with its start and end'];
  if (isCounter(column)) return ['counter', 'whole numbers that count the records'];
  if (isIdentifier(column)) return ['text', 'names a batch, an order or a part'];
  if (column.filled.length === 0 && isRemark(column)) return ['text', 'named as remarks are'];
  if (column.filled.length === 0) return ['value', 'empty so far: numbers would be readings'];
  if (isMeasured(column)) return ['value', column.suffix === null ? 'its cells are numbers' : `its cells are numbers with the unit ${column.suffix}`];
  return ['text', noReading];
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
  tellLeftOut(plan, columns);
};

/** Columns of words that become neither readings nor modes: nothing is dropped without a word about it. */
const tellLeftOut = (plan: Plan, columns: readonly ColumnFacts[]): void => {
  const out = columns.filter((column) => plan.roles.get(column.index)?.why === noReading && !isRemark(column));
  if (out.length === 0) return;
  const told = out.slice(0, 8).map((column) => `${column.name} (${[...new Set(column.filled)].slice(0, 3).join(', ').slice(0, 60)})`);
  plan.findings.push({ code: 'columns-left-out', message: `left out, since their cells are neither numbers nor states: ${told.join('; ')}${out.length > told.length ? ` and ${out.length - told.length} more` : ''}; give them a role in a mapping if they are readings` });
};

/** Long form because somebody says so: the first column of texts names the sensors, the first of numbers holds the values. */
const forcedLong = (plan: Plan, columns: readonly ColumnFacts[], rows: number): boolean => {
  if (longLayout(plan, columns, rows, true)) return true;
  const free = columns.filter((column) => !plan.roles.has(column.index));
  const value = free.find((column) => column.kind === 'number' && !isCounter(column));
  const tag = free.find((column) => column !== value && !isUnitName(column) && !isQuality(column) && column.numeric < 0.5) ?? free.find((column) => column !== value);
  if (!value || !tag) return false;
  plan.layout = 'long';
  set(plan, tag, 'tag', 'each cell names the sensor of its row');
  set(plan, value, 'value', 'the value of the sensor that the row names');
  for (const column of free) set(plan, column, isQuality(column) ? 'quality' : column.numeric > 0.5 ? 'ignore' : 'text', 'no part of a row of time, tag and value');
  return true;
};

const eventTable = (plan: Plan, columns: readonly ColumnFacts[], isForced: boolean): boolean => {
  if (!eventLayout(plan, columns, isForced)) return false;
  plan.layout = 'events';
  return true;
};

/** What the file's surroundings tell about its times. */
export interface Surroundings {
  site: string;
  /** The layout that people chose; undefined where the columns tell it. */
  layout?: Layout | undefined;
  stated: Stated;
  nameDay: number | null;
}

/** The zone that a header or the metadata state, or null. */
const zoneOf = (columns: readonly ColumnFacts[], header: Header): string | null => {
  const full = columns.find((column) => column.kind === 'datetime');
  const timeHeaders = full ? [full] : columns.filter((column) => column.kind === 'clock' || column.kind === 'date' || isTimeName(column.header));
  const inHeader = timeHeaders.map((column) => statedZone(column.header)).find((zone) => zone !== null) ?? null;
  return inHeader ?? header.preamble.map(({ text }) => (/zone|utc|gmt|offset/i.test(text) ? statedZone(text) : null)).find((zone) => zone !== null) ?? null;
};

/** Gives every column its role and finds layout and time format. `rows`: data records of the sample. */
export const planColumns = (columns: readonly ColumnFacts[], rows: number, header: Header, { site, stated, nameDay, layout }: Surroundings): Plan => {
  const plan: Plan = { roles: new Map(), layout: 'wide', timestamp: { kind: 'none', format: 'record number', zone: 'UTC' }, axis: 'time', findings: [], isOrderOpen: false, why: 'no column holds a time' };
  const zone = zoneOf(columns, header);
  if (zone !== null) plan.findings.push({ code: 'zone-stated', message: `the file states the zone of its times: ${zone}` });
  const hasTime = planTimes(plan, columns, { zone: zone ?? site, stated, nameDay, timeColumns: header.timeColumns, isNamed: header.isNamed });
  if (!hasTime) {
    plan.axis = 'cycle';
    plan.findings.push({ code: 'no-time-column', message: 'no column holds a time: the records are numbered from 1 and stored on that axis; name a time column in a mapping if there is one' });
  }
  if (plan.isOrderOpen) plan.findings.push({ code: 'date-order-open', message: 'day and month could be the other way round; confirm the time format' });
  const isPlanned = layout === 'long' ? forcedLong(plan, columns, rows) : layout === 'events' ? eventTable(plan, columns, true) : layout === undefined && (longLayout(plan, columns, rows, header.isNamed) || (hasTime && eventTable(plan, columns, false)));
  if (!isPlanned) wideLayout(plan, columns, rows);
  return plan;
};
