import type { TimestampFormat } from '../../contract/data.ts';
import { microsPerDay, microsPerMinute } from './civil.ts';
import { dayOf, durationOf, elapsedScale, intervalOf, partsOf, readParts, startOf } from './elapsed.ts';
import { clockTime, type DateOrder, readDateTime } from './read.ts';
import { WallClock } from './zone.ts';

/** Why a time can't be used: the codes that quarantine shows. */
export type TimeFault = 'time-unreadable' | 'time-nonexistent-dst-gap' | 'time-implausible';

const excelEpoch = -25_569;

/** In which order the numbers of a date stand, from a pattern as luxon writes it. */
export const orderOf = (format: string): DateOrder => {
  const day = format.indexOf('d');
  const month = format.indexOf('M');
  const year = format.indexOf('y');
  if (year >= 0 && year < day && year < month) return 'ymd';
  return month >= 0 && month < day ? 'mdy' : 'dmy';
};

const epochScale: Partial<Record<TimestampFormat['kind'], number>> = { 'epoch-s': 1_000_000, 'epoch-ms': 1000, 'epoch-us': 1, 'epoch-ns': 0.001 };

/** Seconds from 1904 to 1970, and 100 ns from 1601 to 1970. */
const labviewEpoch = 2_082_844_800;
const filetimeEpoch = 116_444_736_000_000_000n;

/** Microseconds from 1970 beyond which no reading was ever taken. */
const farthest = 230 * 366 * microsPerDay;

/** A time of day so much before the row before it is one of the next day. */
const newDay = microsPerDay / 2;

/**
 * Reads the times of one file: text to a position on the axis, in microseconds of UTC or in cycles. Remembers the row before to tell
 * the two passes of a repeated hour apart, for each of the file's streams (an asset, a group of columns) by itself.
 */
export class TimeReader {
  fault: TimeFault = 'time-unreadable';
  /** UTC of the newest row of each stream; part of what a follower must remember. */
  readonly before = new Map<string, number>();
  /** Times outside of these are a clock that was never set, or one that runs ahead. */
  earliest = -Infinity;
  latest = Infinity;
  /** The newest row stands first: of a repeated hour the later pass comes first. */
  isDescending = false;
  /** Microseconds from row to row where they are even, else 0: hourly rows of a repeated hour are equal, and two. */
  rowStep = 0;

  private readonly kind: TimestampFormat['kind'];
  private readonly order: DateOrder;
  private readonly site: string;
  private start: number;
  private step: number;
  private readonly day: number;
  private readonly parts: readonly string[];
  readonly wall: WallClock;

  constructor(format: TimestampFormat) {
    this.kind = format.kind;
    this.order = orderOf(format.format);
    this.site = format.zone;
    this.start = startOf(format.format);
    this.step = format.kind === 'interval' ? intervalOf(format.format) : NaN;
    this.day = dayOf(format.format);
    this.parts = format.kind === 'parts' ? partsOf(format.format) : [];
    this.wall = new WallClock(format.zone);
  }

  /** True where the order of rows decides about a repeated hour, so that the newest row must be remembered. */
  get needsOrder(): boolean {
    if (this.isDayless) return true;
    return this.wall.hasChanges && (this.kind === 'iso' || this.kind === 'pattern' || this.kind === 'excel' || this.kind === 'parts');
  }

  /** True where the texts tell the time of day alone. */
  private get isDayless(): boolean {
    return this.kind === 'clock' || (this.kind === 'parts' && !this.parts.includes('day'));
  }

  /** Takes another start and interval, from a header within the file. */
  restart(format: string): void {
    this.start = startOf(format);
    this.step = intervalOf(format);
  }

  /** Position of a record without a time of its own, counted from 0: its number, or the start and as many intervals. */
  ofRecord(index: number): number {
    return this.kind === 'interval' ? this.start + Math.round(index * this.step) : index + 1;
  }

  /** Position of a time's text, or NaN with `fault` set. */
  read(text: string, stream: string): number {
    const at = this.parse(text, this.before.get(stream) ?? NaN);
    if (Number.isNaN(at)) return NaN;
    return this.accept(at, stream);
  }

  /** The position itself where it is plausible, remembered as the stream's newest; NaN with `fault` set otherwise. */
  accept(at: number, stream: string): number {
    if (at < this.earliest || at > this.latest || (this.kind !== 'cycle' && Math.abs(at) > farthest)) {
      this.fault = 'time-implausible';
      return NaN;
    }
    this.before.set(stream, at);
    return at;
  }

  /** Position of a time's text without judging it; NaN with `fault` set where it can't be read. */
  parse(text: string, before = NaN): number {
    this.fault = 'time-unreadable';
    switch (this.kind) {
      case 'iso':
      case 'pattern':
        return this.parseWall(text, before);
      case 'epoch-s':
      case 'epoch-ms':
      case 'epoch-us':
      case 'epoch-ns':
        return epochMicros(text, epochScale[this.kind] ?? 1);
      case 'excel':
        return this.parseExcel(text, before);
      case 'filetime':
        return /^\d{17,18}$/.test(text) ? Number((BigInt(text) - filetimeEpoch + 5n) / 10n) : NaN;
      case 'epoch-1904':
        return epochMicros(text, 1_000_000) - labviewEpoch * 1_000_000;
      case 'elapsed-s':
      case 'elapsed-ms':
      case 'elapsed-us':
      case 'elapsed-min':
      case 'elapsed-h':
      case 'elapsed-d':
        return this.start + (text.includes(':') ? durationOf(text) : Math.round(numberOf(text) * elapsedScale[this.kind]));
      case 'clock':
        return this.onDay(clockTime(text), before);
      case 'parts':
        return this.parseParts(text, before);
      case 'cycle':
        return numberOf(text);
      case 'interval':
      case 'none':
        return NaN;
    }
  }

  private parseWall(text: string, before: number): number {
    const civil = readDateTime(text, this.order, this.site);
    if (!civil) return NaN;
    if (civil.offset !== null) return civil.local - civil.offset * microsPerMinute;
    return this.toUtc(civil.local, before);
  }

  /** Days since 1899-12-30 on the site's wall clock, rounded to the millisecond that eight decimals carry. */
  private parseExcel(text: string, before: number): number {
    // A date and a time of day in two columns are two numbers.
    const days = text.split(' ').reduce((sum, part) => sum + numberOf(part), 0);
    if (Number.isNaN(days)) return NaN;
    const milliseconds = Math.round((days + excelEpoch) * 86_400_000);
    // Eight decimals of a day are 0.9 ms: the second is meant where one is that near.
    const second = Math.round(milliseconds / 1000) * 1000;
    return this.toUtc((Math.abs(milliseconds - second) <= 1 ? second : milliseconds) * 1000, before);
  }

  private parseParts(text: string, before: number): number {
    const { date, clock } = readParts(this.parts, text.split(' '));
    return date === null ? this.onDay(clock, before) : this.toUtc(date * microsPerDay + clock, before);
  }

  /** A time of day on the day of the row before, or on the next one where it would lie far before that row. */
  private onDay(clock: number, before: number): number {
    if (Number.isNaN(clock)) return NaN;
    const day = Number.isNaN(before) ? this.day : Math.floor(this.wall.toLocal(before) / microsPerDay);
    const at = this.toUtc(day * microsPerDay + clock, before);
    return at < before - newDay ? this.toUtc((day + 1) * microsPerDay + clock, before) : at;
  }

  private toUtc(local: number, before: number): number {
    const utc = this.wall.toUtc(local, before, { isDescending: this.isDescending, step: this.rowStep });
    if (Number.isNaN(utc)) this.fault = 'time-nonexistent-dst-gap';
    return utc;
  }
}

const numberText = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?$/;

const numberOf = (text: string): number => (numberText.test(text) ? Number(text.replace(',', '.')) : NaN);

/** Nanoseconds pass 2^53: their last three digits are cut off as text, with rounding. */
const epochMicros = (text: string, scale: number): number => {
  if (scale === 0.001) return /^\d{17,20}$/.test(text) ? Number(text.slice(0, -3)) + (Number(text.slice(-3)) >= 500 ? 1 : 0) : NaN;
  const whole = /^(\d+)(?:[.,](\d+))?$/.exec(text);
  if (!whole) return Math.round(numberOf(text) * scale);
  const fraction = whole[2] === undefined ? 0 : Math.round(Number(`0.${whole[2]}`) * scale);
  return Number(whole[1]) * scale + fraction;
};
