import type { Column, Finding, TimestampFormat } from '../../contract/data.ts';
import { parseNumber } from '../reading/numbers.ts';
import { dateOfDay, durationOf, elapsedKindOf, elapsedWords, isoOf, millisecondsMark, readParts } from '../times/elapsed.ts';
import { clockTime, evenDigits, kindOfTime } from '../times/read.ts';
import { isTimeName } from './header.ts';
import { type ColumnFacts, isCycle, isMeasured } from './roles.ts';
import type { Stated } from './stated.ts';
import { formOfNumbers, formOfTexts, type TimeForm } from './timeform.ts';
import { toUnit } from './units.ts';

/** Where and how a file's times stand. */
export interface TimePlan {
  roles: Map<number, { role: Column['role']; why: string }>;
  timestamp: TimestampFormat;
  axis: 'time' | 'cycle';
  findings: Finding[];
  /** The order of day and month stays open until the whole file has been looked through. */
  isOrderOpen: boolean;
  /** Why the form of the times was taken for what it is. */
  why: string;
}

/** What is known about a file's times but for its cells. */
export interface TimeContext {
  /** The site's zone, or the one that the file states. */
  zone: string;
  stated: Stated;
  /** A day that the file's name states, as days since 1970. */
  nameDay: number | null;
  /** Columns of times by the header's own word. */
  timeColumns: readonly number[];
  isNamed: boolean;
}

export const samples = (column: ColumnFacts): string[] => (column.filled.length <= 2000 ? column.filled : column.filled.filter((_, i) => i < 1000 || i >= column.filled.length - 1000));

const numbersOf = (column: ColumnFacts): number[] => samples(column).map((cell) => { const value = parseNumber(cell, column.decimal); return Number.isNaN(value) ? parseNumber(cell, column.decimal === '.' ? ',' : '.') : value; });

const set = (plan: TimePlan, column: ColumnFacts, role: Column['role'], why: string): void => {
  if (!plan.roles.has(column.index)) plan.roles.set(column.index, { role, why });
};

const useForm = (plan: TimePlan, form: TimeForm): void => {
  plan.timestamp = form.format;
  plan.isOrderOpen = form.isOpen;
  plan.why = form.why;
};

/** Date and clock in columns of their own, joined row by row as the rows are read. */
const joined = (date: ColumnFacts, clocks: readonly ColumnFacts[], hasSeconds: boolean): string[] =>
  date.cells.map((cell, i) => `${cell} ${clocks.map((clock) => (clocks.length > 1 ? (clock.cells[i] ?? '') : evenDigits(clock.cells[i] ?? '', hasSeconds))).join(':')}`).filter((text) => text.trim() !== '').slice(0, 2000);

const hourName = /^(?:hours?|hr|hh|stunde|std|heure|hora|时|小时|時)$/i;

/** A clock in digits alone, HHmmss, HHmm or HH, its leading zeros perhaps lost: 61000 is 06:10:00. */
const isDigitClock = (column: ColumnFacts): boolean => {
  const isHour = hourName.test(column.name);
  if (column.filled.length === 0 || (!isHour && !isTimeName(column.name))) return false;
  return column.filled.every((cell) => (isHour ? /^\d{1,2}$/ : /^\d{1,6}$/).test(cell) && kindOfTime(`2025-01-01 ${evenDigits(cell)}`) === 'datetime');
};

/** Named as a time of day and written in no form that is known: its rows are set aside, never put on the bare day. */
const isUnreadClock = (column: ColumnFacts): boolean =>
  column.kind === 'text' && /^(?:time|clock|uhrzeit|zeit|heure|hora|ora|时间|時刻|时刻|時間)(?:$|[^\p{L}])/iu.test(column.header.trim()) && column.filled.filter((cell) => /\d/.test(cell)).length > column.filled.length / 2;

/** A column named as the time whose texts are in no form that is known: all rows are set aside by it rather than numbered as if there were no times. */
const unreadTimes = (plan: TimePlan, columns: readonly ColumnFacts[], { zone, isNamed }: TimeContext): boolean => {
  const column = isNamed ? columns.find((one) => one.kind === 'text' && isTimeName(one.header) && one.filled.length > 2 && one.distinct > one.filled.length / 2 && one.filled.filter((cell) => /\d.*\d/.test(cell)).length >= one.filled.length * 0.8) : undefined;
  if (!column) return false;
  set(plan, column, 'time', 'named as a time, its texts in no form that is known');
  plan.timestamp = { kind: 'pattern', format: 'dd.MM.yyyy HH:mm:ss', zone };
  plan.why = `no form that is known fits ${column.name}`;
  plan.findings.push({ code: 'times-unread', message: `column ${column.name} is named as a time and its texts, such as '${column.filled[0] ?? ''}', are in no form that is known: its rows are set aside; export the log with times such as 2025-03-24 06:10:00` });
  return true;
};

/** Times that are texts: one column, a date and a clock, or one column a group. */
const textTimes = (plan: TimePlan, columns: readonly ColumnFacts[], context: TimeContext): boolean => {
  const full = columns.filter((column) => column.kind === 'datetime');
  const date = columns.find((column) => column.kind === 'date');
  if (full.length === 0 && date && dateWithClock(plan, columns, date, context)) return true;
  const first = varied(full) ?? date;
  if (!first) return false;
  const times = full.length > 1 ? groupTimes([first, ...full.filter((column) => column.index > first.index)], columns) : [first];
  const apart = times.length === 1 ? millisecondsApart(columns) : undefined;
  for (const column of times) set(plan, column, 'time', times.length > 1 ? 'the time of the columns behind it' : 'every cell is a date and time');
  for (const column of full) set(plan, column, 'ignore', 'a second time of the same record');
  useForm(plan, formOfTexts(times.flatMap(samples), context.zone));
  withMilliseconds(plan, apart);
  return true;
};

/** The column of times that tells the records apart: the first one, unless another differs far more often, as _time beside _start does. */
const varied = (times: readonly ColumnFacts[]): ColumnFacts | undefined => {
  const most = Math.max(0, ...times.map((column) => column.distinct));
  return times.find((column) => column.distinct >= most * 0.5);
};

/** Milliseconds in a column of their own beside times of whole seconds. */
const millisecondsApart = (columns: readonly ColumnFacts[]): ColumnFacts | undefined =>
  columns.find((column) => /^(?:ms|msec|millis(?:econds?)?|milli ?tm|millisekunden?|毫秒|ミリ秒)$/i.test(column.header.trim()) && column.filled.length > 0 && column.filled.every((cell) => /^\d{1,3}$/.test(cell)));

const withMilliseconds = (plan: TimePlan, column: ColumnFacts | undefined): void => {
  if (!column) return;
  set(plan, column, 'clock', "the milliseconds of the record's time");
  plan.timestamp = { ...plan.timestamp, format: `${plan.timestamp.format}${millisecondsMark}` };
};

const dateWithClock = (plan: TimePlan, columns: readonly ColumnFacts[], date: ColumnFacts, { zone }: TimeContext): boolean => {
  const parts = namedParts(columns);
  const byName = (part: string): ColumnFacts[] => parts.filter((one) => one.part === part).map(({ column }) => column);
  const clock = columns.find((column) => column.kind === 'clock');
  const apart = [...byName('hour'), ...byName('minute'), ...byName('second')];
  const clocks = clock ? [clock] : apart.length > 1 && apart.length === new Set(apart.map(({ name }) => name)).size ? apart : [...columns.filter(isDigitClock), ...columns.filter(isUnreadClock)].slice(0, 1);
  if (clocks.length === 0) return false;
  set(plan, date, 'date', 'every cell is a date');
  const hasSeconds = clocks.length === 1 && clocks.every((column) => column.filled.every((cell) => /^\d{1,6}$/.test(cell)) && column.filled.some((cell) => cell.length > 4));
  for (const column of clocks) set(plan, column, 'clock', clocks.length > 1 ? "a part of the time of day, read together with the date" : 'every cell is a clock time, read together with the date');
  useForm(plan, formOfTexts(joined(date, clocks, hasSeconds), zone));
  withMilliseconds(plan, clocks.length === 1 ? millisecondsApart(columns) : undefined);
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

/** Time columns of numbers: those that the header tells, else those of one header text, else the first. */
const numericTimes = (columns: readonly ColumnFacts[], fits: (column: ColumnFacts) => boolean, { timeColumns }: TimeContext): readonly ColumnFacts[] => {
  const told = columns.filter((column) => timeColumns.includes(column.index));
  if (told.length > 0) return told;
  const named = columns.filter((column) => column.kind === 'number' && isTimeName(column.header) && fits(column));
  const first = named[0];
  const alike = named.filter((column) => column.header === first?.header);
  return alike.length > 1 ? groupTimes(alike, columns) : first ? [first] : [];
};

const whyTime = (times: readonly ColumnFacts[], why: string): string => (times.length > 1 ? `${why}; the time of the columns behind it` : why);

/** Times that are numbers: an epoch, Excel's days. */
const numberTimes = (plan: TimePlan, columns: readonly ColumnFacts[], context: TimeContext): boolean => {
  const formOf = (column: ColumnFacts): TimeForm | null => formOfNumbers(numbersOf(column), context.zone, isTimeName(column.header));
  const leading = columns.find((column) => column.kind === 'number');
  const named = numericTimes(columns, (column) => formOf(column) !== null, context);
  if (spreadsheetDays(plan, columns, context)) return true;
  for (const times of [named, leading?.index === 0 ? [leading] : []]) {
    const form = times[0] ? formOf(times[0]) : null;
    if (!form) continue;
    for (const column of times) set(plan, column, 'time', whyTime(times, form.why));
    useForm(plan, form);
    return true;
  }
  return false;
};

/** A spreadsheet's day numbers and parts of a day, in two columns. */
const spreadsheetDays = (plan: TimePlan, columns: readonly ColumnFacts[], { zone }: TimeContext): boolean => {
  const day = columns.find((column) => column.kind === 'number' && /date|datum|日期|日付|fecha|data$/i.test(column.header) && column.filled.length > 0 && column.isInteger && numbersOf(column).every((value) => value > 30_000 && value < 80_000));
  if (!day) return false;
  const clock = columns.find((column) => column !== day && column.kind === 'number' && isTimeName(column.header) && numbersOf(column).every((value) => value >= 0 && value < 1));
  set(plan, day, clock ? 'date' : 'time', "numbers of the size of Excel's days");
  if (clock) set(plan, clock, 'clock', "parts of a day, added to Excel's day number");
  useForm(plan, { format: { kind: 'excel', format: 'days since 1899-12-30', zone }, isOpen: false, why: "numbers of the size of Excel's days" });
  return true;
};

/** Time since a start that the header may tell, in the unit that the column's header names. */
const elapsedTimes = (plan: TimePlan, columns: readonly ColumnFacts[], context: TimeContext): boolean => {
  const named = numericTimes(columns, rises, context);
  const times = named.length > 0 ? named : columns.filter(countsTime);
  const [first] = times;
  const kind = first === undefined ? null : elapsedKindOf(toUnit(first.unit).unit);
  if (first === undefined || kind === null) return false;
  const { start } = context.stated;
  const words = elapsedWords[kind];
  for (const column of times) set(plan, column, 'time', whyTime(times, `numbers that rise from row to row under the name of a time: ${words} since the start`));
  plan.timestamp = { kind, format: `${words} since ${isoOf(start ?? 0)}`, zone: 'UTC' };
  plan.why = start === null ? `${words} since a start that the file doesn't tell` : `${words} since the start that the file states`;
  if (start === null) plan.findings.push({ code: 'start-unknown', message: `column ${first.name} counts ${words}, and nothing says since when: they are put on the axis from 1970-01-01; give the start in a mapping` });
  return true;
};

/** Hours, minutes and seconds since the start, beyond a day or under the name of a duration. */
const durationTimes = (plan: TimePlan, columns: readonly ColumnFacts[], { stated }: TimeContext): boolean => {
  const column = columns.find((one) => one.filled.length > 1 && one.filled.every((cell) => !Number.isNaN(durationOf(cell))) && one.filled.every((cell, i) => i === 0 || durationOf(cell) >= durationOf(one.filled[i - 1] ?? '')));
  if (!column || !(/elapsed|relativ|laufzeit|dauer|duration|écoulé|经过|経過|test ?time|run ?time/i.test(column.header) || column.filled.some((cell) => durationOf(cell) > 86_400e6))) return false;
  set(plan, column, 'time', 'hours, minutes and seconds since the start');
  plan.timestamp = { kind: 'elapsed-s', format: `seconds since ${isoOf(stated.start ?? 0)}`, zone: 'UTC' };
  plan.why = 'hours, minutes and seconds since the start';
  if (stated.start === null) plan.findings.push({ code: 'start-unknown', message: `column ${column.name} counts the time since a start that nothing tells: it is put on the axis from 1970-01-01; give the start in a mapping` });
  return true;
};

/** The first column, in a unit of time and larger in every row: 't' in s tells when its row was written, whatever its name. */
const countsTime = (column: ColumnFacts): boolean => {
  const unit = toUnit(column.unit).unit;
  if (column.index !== 0 || column.kind !== 'number' || unit === null || elapsedKindOf(unit) === null) return false;
  const values = numbersOf(column);
  return values.length > 2 && values.every((value, i) => i === 0 || value > (values[i - 1] ?? NaN));
};

const rises = (column: ColumnFacts): boolean => {
  const values = numbersOf(column);
  return values.length > 1 && values.every((value, i) => i === 0 || value >= (values[i - 1] ?? NaN));
};

const cycleTimes = (plan: TimePlan, columns: readonly ColumnFacts[]): boolean => {
  const cycle = columns.find((column) => column.kind === 'number' && isCycle(column));
  if (!cycle) return false;
  set(plan, cycle, 'cycle', 'named as a count of cycles');
  plan.timestamp = { kind: 'cycle', format: 'cycle', zone: 'UTC' };
  plan.axis = 'cycle';
  plan.why = 'a column counts cycles';
  return true;
};

const partNames: readonly (readonly [part: string, pattern: RegExp])[] = [
  ['year', /^(?:year|yyyy|yr|jahr|année|annee|año|anno|年)$/i],
  ['month', /^(?:month|mon|mm|monat|mois|mes|mese|月)$/i],
  ['day', /^(?:day|dd|dom|tag|jour|día|dia|giorno|日)$/i],
  ['hour', hourName],
  ['minute', /^(?:minutes?|min|mi|minuto|分|分钟)$/i],
  ['second', /^(?:seconds?|sec|ss|sek|sekunde|seconde|segundo|secondo|秒)$/i],
  ['millisecond', /^(?:millisecond?s?|milliseconds|msec|ms|毫秒)$/i],
  ['microsecond', /^(?:micro-?seconds?|usec|us|µs|微秒)$/i],
];

const namedParts = (columns: readonly ColumnFacts[]): { column: ColumnFacts; part: string }[] =>
  columns.flatMap((column) => {
    const part = partNames.find(([, pattern]) => pattern.test(column.name) || pattern.test(column.header))?.[0];
    // 'Tag' is German for day, and English for a sensor's name.
    const isPart = column.kind === 'number' || (part === 'month' && column.kind === 'text');
    return part === undefined || !isPart ? [] : [{ column, part }];
  });

/** Parts of columns that nothing names: hours, minutes, seconds and fractions in range, which together rise from row to row. */
const unnamedParts = (columns: readonly ColumnFacts[], isNamed: boolean): { column: ColumnFacts; part: string }[] => {
  if (isNamed) return [];
  const ofSize = (column: ColumnFacts | undefined): string => {
    const most = Math.max(...(column ? numbersOf(column) : [0]));
    return most < 10 ? 'tenth' : most < 100 ? 'hundredth' : most < 1000 ? 'millisecond' : 'microsecond';
  };
  const clock = ['hour', 'minute', 'second'];
  for (const names of [['year', 'month', 'day', ...clock], ['year', 'month', 'day', 'hour', 'minute'], [...clock, ofSize(columns[3])], clock]) {
    const found = names.flatMap((part, i) => (columns[i] ? [{ column: columns[i], part }] : []));
    if (columns.length > names.length && found.every(({ column, part }) => column.kind === 'number' && (column.isInteger || part === 'microsecond')) && riseTogether(found)) return found;
  }
  return [];
};

const riseTogether = (found: readonly { column: ColumnFacts; part: string }[]): boolean => {
  const rows = Math.min(400, found[0]?.column.cells.length ?? 0);
  const parts = found.map(({ part }) => part);
  let previous = NaN;
  let up = 0;
  for (let row = 0; row < rows; row++) {
    const { date, clock } = readParts(parts, found.map(({ column }) => column.cells[row] ?? ''));
    const at = (date ?? 0) * 86_400e6 + clock;
    if (Number.isNaN(at)) return false;
    if (at > previous) up++;
    previous = at;
  }
  return rows > 2 && up >= (rows - 1) * 0.9;
};

/** The day of times that tell none: stated above the header, in the file's name, or unknown. */
const dayOfTimes = (plan: TimePlan, { stated, nameDay }: TimeContext): string => {
  if (stated.day === null && nameDay === null)
    plan.findings.push({ code: 'date-unknown', message: 'the times are times of day, and nothing says of which day: they are put on the axis from 1970-01-01; give the day in a mapping' });
  else plan.findings.push({ code: 'date-stated', message: `the times are times of day; the day is ${dateOfDay(stated.day ?? nameDay ?? 0)}, by ${stated.day === null ? "the file's name" : "the file's metadata"}` });
  return `on ${dateOfDay(stated.day ?? nameDay ?? 0)}`;
};

/** Year, month, ..., second in columns of their own. */
const partTimes = (plan: TimePlan, columns: readonly ColumnFacts[], context: TimeContext): boolean => {
  const named = namedParts(columns);
  const isWhole = named.some(({ part }) => part === 'hour') && named.some(({ part }) => part === 'minute' || part === 'day') && new Set(named.map(({ part }) => part)).size === named.length;
  const found = isWhole ? named : unnamedParts(columns, context.isNamed);
  if (found.length < 2) return false;
  const hasDate = ['year', 'month', 'day'].every((part) => found.some((one) => one.part === part));
  const used = hasDate ? found : found.filter(({ part }) => !['year', 'month', 'day'].includes(part));
  for (const { column, part } of used) set(plan, column, ['year', 'month', 'day'].includes(part) ? 'date' : 'clock', `the ${part} of the record's time`);
  const parts = used.map(({ part }) => part).join(' ');
  plan.timestamp = { kind: 'parts', format: hasDate ? parts : `${parts} ${dayOfTimes(plan, context)}`, zone: context.zone };
  plan.why = `the parts of the time stand in columns of their own: ${parts.replaceAll(' ', ', ')}`;
  return true;
};

/** A time of day without a date. */
const clockTimes = (plan: TimePlan, columns: readonly ColumnFacts[], context: TimeContext): boolean => {
  const column = columns.find((one) => one.kind === 'clock' && one.filled.every((cell) => !Number.isNaN(clockTime(cell))));
  if (!column) return false;
  set(plan, column, 'time', 'every cell is a time of day');
  plan.timestamp = { kind: 'clock', format: `HH:mm:ss ${dayOfTimes(plan, context)}`, zone: context.zone };
  plan.why = 'every cell is a time of day; midnight begins the next day';
  return true;
};

/** No column, but a start and an interval above the header. */
const intervalTimes = (plan: TimePlan, { stated, zone }: TimeContext): boolean => {
  if (stated.interval === null || stated.start === null) return false;
  plan.timestamp = { kind: 'interval', format: `every ${stated.interval} s since ${isoOf(stated.start)}`, zone };
  plan.why = 'no column holds a time; the file states when its records begin and how far apart they are';
  plan.findings.push({ code: 'interval-stated', message: `no column holds a time: the file states that its records begin at ${isoOf(stated.start)} and are ${stated.interval} s apart` });
  return true;
};

/** Finds the columns of times and how they are written; false where the file tells nothing of times. */
export const planTimes = (plan: TimePlan, columns: readonly ColumnFacts[], context: TimeContext): boolean =>
  textTimes(plan, columns, context) ||
  (context.timeColumns.length === 0 && partTimes(plan, columns, context)) ||
  numberTimes(plan, columns, context) ||
  cycleTimes(plan, columns) ||
  elapsedTimes(plan, columns, context) ||
  durationTimes(plan, columns, context) ||
  clockTimes(plan, columns, context) ||
  intervalTimes(plan, context) ||
  unreadTimes(plan, columns, context);
