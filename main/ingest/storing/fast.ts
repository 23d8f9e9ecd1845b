import type { Mapping } from '../../contract/data.ts';
import { powersOfTen } from '../reading/numbers.ts';
import { daysFromCivil, fullYear, isDate, microsPerHour, microsPerMinute, microsPerSecond } from '../times/civil.ts';
import type { TimeReader } from '../times/clock.ts';
import type { Batch, BatchColumn } from './batch.ts';
import type { RowPlan } from './plan.ts';
import { templateOf, type TimeTemplate } from './template.ts';

const LF = 10;
const CR = 13;
const QUOTE = 34;
const MINUS = 45;

const timed = 1;
const measured = 2;

/** Digits that an integer may have and still be exact in a double. */
const mostDigits = 15;

/** Microseconds a unit of the epochs that can be read as whole numbers. */
const epochScales: Partial<Record<Mapping['timestamp']['kind'], number>> = { 'epoch-s': microsPerSecond, 'epoch-ms': 1000, 'epoch-us': 1 };

/**
 * The fast way for plain wide files: one time of fixed width (or an epoch), numbers without exponents, no quotes. Takes rows from
 * bytes to numbers without making a string. Whatever is odd in a row stops it before that row: the general way takes the row then.
 */
export class FastRows {
  /** Rows and empty cells taken by the last call, and where it stopped. */
  rows = 0;
  missing = 0;
  at = 0;

  private readonly roles: Uint8Array;
  private readonly names: (BatchColumn | null)[];
  private readonly delimiter: number;
  private readonly decimal: number;
  private readonly template: TimeTemplate | null;
  private readonly epochScale: number;
  private readonly time: TimeReader;
  private readonly missingCodes: ReadonlySet<number>;
  private readonly columns: readonly { index: number; name: string; unit: string | null; unitAsWritten: string | null }[];
  private readonly dayStarts = new Map<number, number>();
  private lastDay = -1;
  private lastStart = NaN;
  private scratch: Float64Array;

  private constructor(mapping: Mapping, plan: RowPlan, time: TimeReader, template: TimeTemplate | null, epochScale: number) {
    const group = plan.groups[0];
    this.roles = new Uint8Array(plan.width);
    this.columns = (group?.values ?? []).map(({ column }) => ({ index: column.index, name: column.name, unit: column.unit, unitAsWritten: column.unitAsWritten }));
    for (const { index } of this.columns) this.roles[index] = measured;
    for (const index of group?.time ?? []) this.roles[index] = timed;
    this.names = [];
    this.delimiter = mapping.dialect.delimiter.charCodeAt(0);
    this.decimal = mapping.dialect.decimal.charCodeAt(0);
    this.template = template;
    this.epochScale = epochScale;
    this.time = time;
    this.missingCodes = new Set(mapping.missingCodes);
    this.scratch = new Float64Array(plan.width);
  }

  /** The fast way for a mapping; null where the file is not plain enough. */
  static of(mapping: Mapping, plan: RowPlan, time: TimeReader): FastRows | null {
    const group = plan.groups[0];
    const template = templateOf(mapping.timestamp);
    const epochScale = epochScales[mapping.timestamp.kind] ?? 0;
    const isPlain = mapping.layout === 'wide' && plan.modes.length === 0 && plan.groups.length === 1 && plan.asset < 0 && group?.time.length === 1 && group.values.every(({ column, quality }) => quality < 0 && column.role === 'value');
    const isSingleByte = mapping.dialect.delimiter.length === 1 && !mapping.dialect.encoding.startsWith('utf-16') && mapping.dialect.quote !== "'";
    return isPlain && isSingleByte && (template || epochScale > 0) ? new FastRows(mapping, plan, time, template, epochScale) : null;
  }

  /** Takes whole rows from `from` on into `batch`, at most `room`. Sets `rows`, `missing` and `at`. */
  take(bytes: Uint8Array, from: number, batch: Batch, room: number): void {
    this.bind(batch);
    this.rows = 0;
    this.missing = 0;
    this.at = from;
    while (this.rows < room) {
      const next = this.row(bytes, this.at);
      if (next < 0) break;
      this.commit(batch);
      this.at = next;
      this.rows++;
    }
  }

  private bind(batch: Batch): void {
    this.names.length = this.roles.length;
    this.names.fill(null);
    for (const { index, name, unit, unitAsWritten } of this.columns) this.names[index] = batch.column(name, unit, unitAsWritten, 'number', false);
  }

  private position = NaN;
  private emptyCells = 0;

  private commit(batch: Batch): void {
    const row = batch.addRow(this.position);
    const { roles, names, scratch } = this;
    for (let i = 0; i < roles.length; i++) {
      const column = names[i];
      if (!column) continue;
      const value = scratch[i] ?? NaN;
      column.values[row] = value;
      if (value === value) column.isFilled = true;
    }
    this.missing += this.emptyCells;
    this.time.before.set(batch.asset, this.position);
  }

  /** Reads one row; returns where the next begins, or -1: odd, or not whole. */
  private row(bytes: Uint8Array, from: number): number {
    const { roles, delimiter } = this;
    const last = roles.length - 1;
    const end = bytes.length;
    let i = from;
    this.emptyCells = 0;
    for (let cell = 0; cell <= last; cell++) {
      const role = roles[cell];
      if (role === measured) i = this.number(bytes, i, end, cell);
      else if (role === timed) i = this.moment(bytes, i, end);
      else i = skipCell(bytes, i, end, delimiter);
      if (i < 0 || i >= end) return -1;
      if (cell < last) {
        if (bytes[i] !== delimiter) return -1;
        i++;
      }
    }
    if (bytes[i] === LF) return i + 1;
    if (bytes[i] !== CR || i + 1 >= end) return -1;
    return bytes[i + 1] === LF ? i + 2 : -1;
  }

  /** A cell of digits with at most one decimal mark into `scratch`; an empty one is NaN. Returns where it ends, -1 where it is odd. */
  private number(bytes: Uint8Array, from: number, end: number, cell: number): number {
    let i = from;
    let mantissa = 0;
    let point = -1;
    const negative = bytes[i] === MINUS;
    if (negative) i++;
    const first = i;
    for (; i < end; i++) {
      const digit = (bytes[i] ?? 0) - 48;
      if (digit >= 0 && digit <= 9) mantissa = mantissa * 10 + digit;
      else if (bytes[i] === this.decimal && point < 0 && this.decimal !== this.delimiter) point = i;
      else break;
    }
    if (i === first) {
      if (negative) return -1;
      this.scratch[cell] = NaN;
      this.emptyCells++;
      return i;
    }
    const digits = i - first - (point < 0 ? 0 : 1);
    if (digits > mostDigits || digits === 0) return -1;
    if (point >= 0) mantissa /= powersOfTen[i - point - 1] ?? NaN;
    if (negative) mantissa = -mantissa;
    if (this.missingCodes.size > 0 && this.missingCodes.has(mantissa)) {
      mantissa = NaN;
      this.emptyCells++;
    }
    this.scratch[cell] = mantissa;
    return i;
  }

  /** The row's time into `position`. Returns where it ends, -1 where it is odd. */
  private moment(bytes: Uint8Array, from: number, end: number): number {
    const { template } = this;
    if (!template) return this.epoch(bytes, from, end);
    if (from + template.length >= end) return -1;
    for (const [place, byte] of template.marks) if (bytes[from + place] !== byte) return -1;
    const date = template.yearDigits === 4 ? digitsAt(bytes, from + template.year, 4) : digitsAt(bytes, from + template.year, 2);
    const day = (date * 100 + digitsAt(bytes, from + template.month, 2)) * 100 + digitsAt(bytes, from + template.day, 2);
    const start = day === this.lastDay ? this.lastStart : this.startOf(day);
    const hour = digitsAt(bytes, from + template.hour, 2);
    const minute = digitsAt(bytes, from + template.minute, 2);
    const second = template.second < 0 ? 0 : digitsAt(bytes, from + template.second, 2);
    if (!(hour < 24 && minute < 60 && second < 60)) return -1;
    let at = start + hour * microsPerHour + minute * microsPerMinute + second * microsPerSecond;
    if (template.fraction >= 0) at += digitsAt(bytes, from + template.fraction, template.fractionDigits) * (powersOfTen[6 - template.fractionDigits] ?? NaN);
    return this.settle(at, from + template.length);
  }

  private epoch(bytes: Uint8Array, from: number, end: number): number {
    let i = from;
    let whole = 0;
    for (; i < end; i++) {
      const digit = (bytes[i] ?? 0) - 48;
      if (digit < 0 || digit > 9) break;
      whole = whole * 10 + digit;
    }
    return i === from || i - from > 16 ? -1 : this.settle(whole * this.epochScale, i);
  }

  private settle(at: number, next: number): number {
    if (!(at >= this.time.earliest && at <= this.time.latest)) return -1;
    this.position = at;
    return next;
  }

  /** UTC of the start of a wall-clock day given as yyyymmdd; NaN where the clocks change on it: the general way takes such days. */
  private startOf(day: number): number {
    if (Number.isNaN(day)) return NaN;
    let start = this.dayStarts.get(day);
    if (start === undefined) {
      const written = Math.floor(day / 10_000);
      const year = this.template?.yearDigits === 2 ? fullYear(written, 2) : written;
      const month = Math.floor(day / 100) % 100;
      start = isDate(year, month, day % 100) ? this.time.wall.startOfDay(daysFromCivil(year, month, day % 100)) : NaN;
      this.dayStarts.set(day, start);
    }
    this.lastDay = day;
    this.lastStart = start;
    return start;
  }
}

/** The number of `count` digits at a place; NaN where one is no digit. */
const digitsAt = (bytes: Uint8Array, at: number, count: number): number => {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = (bytes[i] ?? 0) - 48;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return value;
};

/** To the end of a cell that isn't read; -1 at a quote. */
const skipCell = (bytes: Uint8Array, from: number, end: number, delimiter: number): number => {
  let i = from;
  for (; i < end; i++) {
    const c = bytes[i];
    if (c === delimiter || c === LF || c === CR) return i;
    if (c === QUOTE) return -1;
  }
  return i;
};

