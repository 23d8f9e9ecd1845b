import type { TimestampFormat } from '../../contract/data.ts';
import { microsPerMinute } from './civil.ts';
import { type DateOrder, readDateTime } from './read.ts';
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

/** Seconds, or a clock, since a start: the start stands in the format, as 'since 2025-05-20T06:00:00.000Z'. */
const startOf = (format: string): number => {
  const match = /since (\S+)/.exec(format);
  const start = match ? Date.parse(match[1] ?? '') : 0;
  return Number.isFinite(start) ? start * 1000 : 0;
};

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

  private readonly kind: TimestampFormat['kind'];
  private readonly order: DateOrder;
  private readonly site: string;
  private readonly start: number;
  readonly wall: WallClock;

  constructor(format: TimestampFormat) {
    this.kind = format.kind;
    this.order = orderOf(format.format);
    this.site = format.zone;
    this.start = format.kind === 'elapsed-s' ? startOf(format.format) : 0;
    this.wall = new WallClock(format.zone);
  }

  /** True where the order of rows decides about a repeated hour, so that the newest row must be remembered. */
  get needsOrder(): boolean {
    return this.wall.hasChanges && (this.kind === 'iso' || this.kind === 'pattern' || this.kind === 'excel');
  }

  /** Position of a time's text, or NaN with `fault` set. */
  read(text: string, stream: string): number {
    const at = this.parse(text, this.before.get(stream) ?? NaN);
    if (Number.isNaN(at)) return NaN;
    return this.accept(at, stream);
  }

  /** The position itself where it is plausible, remembered as the stream's newest; NaN with `fault` set otherwise. */
  accept(at: number, stream: string): number {
    if (at < this.earliest || at > this.latest) {
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
      case 'elapsed-s':
        return this.start + Math.round(numberOf(text) * 1_000_000);
      case 'cycle':
        return numberOf(text);
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
    const days = numberOf(text);
    if (Number.isNaN(days)) return NaN;
    const milliseconds = Math.round((days + excelEpoch) * 86_400_000);
    // Eight decimals of a day are 0.9 ms: the second is meant where one is that near.
    const second = Math.round(milliseconds / 1000) * 1000;
    return this.toUtc((Math.abs(milliseconds - second) <= 1 ? second : milliseconds) * 1000, before);
  }

  private toUtc(local: number, before: number): number {
    const utc = this.wall.toUtc(local, before);
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
