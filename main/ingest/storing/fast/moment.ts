import type { Mapping } from '../../../contract/data.ts';
import { powersOfTen } from '../../reading/numbers.ts';
import { daysFromCivil, fullYear, isDate, microsPerDay, microsPerHour, microsPerMinute, microsPerSecond } from '../../times/civil.ts';
import type { TimeReader } from '../../times/clock.ts';
import { monthOf } from '../../times/names.ts';
import { BLANK, ODD } from './cell.ts';
import { Part, templateOf, type TimeForm, timeFormOf, type TimeTemplate } from './timeform.ts';

const PLUS = 43;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;
const COLON = 58;

/** Microseconds a unit of the epochs. */
const epochScales: Partial<Record<Mapping['timestamp']['kind'], number>> = { 'epoch-s': microsPerSecond, 'epoch-ms': 1000, 'epoch-us': 1, 'epoch-ns': 0.001 };

/** Kinds of times whose texts can be read without knowing the rows before. */
const statelessKinds = new Set<Mapping['timestamp']['kind']>(['iso', 'pattern', 'epoch-s', 'epoch-ms', 'epoch-us', 'epoch-ns', 'excel', 'elapsed-s', 'cycle']);

export const canReadTimes = ({ timestamp }: Mapping): boolean => statelessKinds.has(timestamp.kind);

/**
 * Reads times from bytes into `at`, in microseconds of UTC or in cycles. Whatever isn't written plainly, or lies on a day on which
 * clocks change, is ODD or false: `text` reads the former, the latter is left to the general way, which knows the rows before.
 */
export class MomentReader {
  at = NaN;

  private readonly time: TimeReader;
  private readonly template: TimeTemplate | null;
  private readonly form: TimeForm | null;
  private readonly scale: number;
  private readonly isCycle: boolean;
  private readonly takesComma: boolean;

  private year = 0;
  private month = 0;
  private day = 0;
  private clock = 0;
  private offset = NaN;

  private lastDay = -1;
  private lastWall = NaN;
  private lastUtc = NaN;
  private readonly walls = new Map<number, number>();

  constructor({ timestamp, dialect }: Mapping, time: TimeReader) {
    this.time = time;
    this.template = templateOf(timestamp);
    this.form = timeFormOf(timestamp);
    this.scale = epochScales[timestamp.kind] ?? 0;
    this.isCycle = timestamp.kind === 'cycle';
    this.takesComma = dialect.delimiter !== ',';
  }

  /** A time in one cell; returns where it ends, ODD where it isn't plain. */
  one(bytes: Uint8Array, from: number, end: number): number {
    if (this.scale > 0) return this.epoch(bytes, from, end);
    if (this.isCycle) return this.cycle(bytes, from, end);
    if (this.template) {
      const next = this.fixed(this.template, bytes, from, end);
      if (next !== ODD) return next;
    }
    if (!this.form) return ODD;
    this.clear();
    const next = this.run(this.form.whole, bytes, from, end);
    return next !== ODD && this.settle() ? next : ODD;
  }

  /** A date and a clock in two cells. */
  two(bytes: Uint8Array, date: number, dateEnd: number, clock: number, clockEnd: number): boolean {
    if (!this.form) return false;
    this.clear();
    return this.run(this.form.date, bytes, date, dateEnd) === dateEnd && this.run(this.form.clock, bytes, clock, clockEnd) === clockEnd && this.settle();
  }

  /** A text in whatever form; false where it can't be read, or only by knowing the rows before. */
  text(text: string): boolean {
    const at = this.time.parse(text);
    if (Number.isNaN(at) || (this.time.needsOrder && this.isNearChange(at))) return false;
    this.at = at;
    return true;
  }

  private isNearChange(at: number): boolean {
    const day = Math.floor(at / microsPerDay);
    for (let near = day - 1; near <= day + 1; near++) if (Number.isNaN(this.time.wall.startOfDay(near))) return true;
    return false;
  }

  private clear(): void {
    this.clock = 0;
    this.offset = NaN;
  }

  private fixed(template: TimeTemplate, bytes: Uint8Array, from: number, end: number): number {
    if (from + template.length > end) return ODD;
    for (const [place, byte] of template.marks) if (bytes[from + place] !== byte) return ODD;
    const written = digitsAt(bytes, from + template.year, template.yearDigits);
    const day = (written * 100 + digitsAt(bytes, from + template.month, 2)) * 100 + digitsAt(bytes, from + template.day, 2);
    if (day !== this.lastDay && !this.openDay(day, written, template.yearDigits)) return ODD;
    const hour = digitsAt(bytes, from + template.hour, 2);
    const minute = digitsAt(bytes, from + template.minute, 2);
    const second = template.second < 0 ? 0 : digitsAt(bytes, from + template.second, 2);
    if (!(hour < 24 && minute < 60 && second < 60)) return ODD;
    this.at = this.lastWall + hour * microsPerHour + minute * microsPerMinute + second * microsPerSecond;
    if (template.fraction >= 0) this.at += digitsAt(bytes, from + template.fraction, template.fractionDigits) * (powersOfTen[6 - template.fractionDigits] ?? NaN);
    return this.at === this.at ? from + template.length : ODD;
  }

  /** Makes a day (yyyymmdd or yymmdd) the last one; false for what is no date. */
  private openDay(day: number, written: number, digits: number): boolean {
    const year = fullYear(written, digits);
    const month = Math.floor(day / 100) % 100;
    if (Number.isNaN(day) || !isDate(year, month, day % 100)) return false;
    const days = daysFromCivil(year, month, day % 100);
    let wall = this.walls.get(days);
    if (wall === undefined) this.walls.set(days, (wall = this.time.wall.startOfDay(days)));
    this.lastDay = day;
    this.lastWall = wall;
    this.lastUtc = days * microsPerDay;
    return true;
  }

  /** Puts the parts read together; false where it is no moment, or one on a day with a change of clocks. */
  private settle(): boolean {
    const day = (this.year * 100 + this.month) * 100 + this.day;
    if (day !== this.lastDay && !this.openDay(day, this.year, 4)) return false;
    this.at = this.offset === this.offset ? this.lastUtc + this.clock - this.offset * microsPerMinute : this.lastWall + this.clock;
    return this.at === this.at;
  }

  private hour = 0;

  private run(parts: Uint8Array, bytes: Uint8Array, from: number, end: number): number {
    let i = from;
    for (let p = 0; p < parts.length && i !== ODD; p += 2) {
      const part = parts[p] ?? 0;
      const argument = parts[p + 1] ?? 0;
      if (part === Part.mark) i = bytes[i] === argument ? i + 1 : ODD;
      else if (part === Part.blanks) i = blanksAt(bytes, i, end);
      else if (part === Part.monthName) i = this.monthName(bytes, i, end);
      else if (part === Part.fraction) i = this.fraction(bytes, i, end, argument);
      else if (part === Part.half) i = this.half(bytes, i, end);
      else if (part === Part.offset) i = this.zone(bytes, i, end);
      else i = this.number(part, argument, bytes, i, end);
    }
    return i;
  }

  private number(part: number, least: number, bytes: Uint8Array, from: number, end: number): number {
    const most = Math.min(end, from + Math.max(2, least));
    let i = from;
    let value = 0;
    for (; i < most; i++) {
      const digit = (bytes[i] ?? 0) - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (i - from < least) return ODD;
    if (part === Part.year) this.year = value;
    else if (part === Part.shortYear) this.year = fullYear(value, 2);
    else if (part === Part.month) this.month = value;
    else if (part === Part.day) this.day = value;
    else if (part === Part.hour) {
      if (value > 23) return ODD;
      this.hour = value;
      this.clock = value * microsPerHour;
    } else {
      if (value > 59) return ODD;
      this.clock += value * (part === Part.minute ? microsPerMinute : microsPerSecond);
    }
    return i;
  }

  /** The mark and the digits behind it; none at all is a whole second. */
  private fraction(bytes: Uint8Array, from: number, end: number, mark: number): number {
    if (bytes[from] !== mark) return from;
    let i = from + 1;
    let value = 0;
    for (; i < end && i - from <= 9; i++) {
      const digit = (bytes[i] ?? 0) - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    const digits = i - from - 1;
    if (digits === 0 || digits > 9) return ODD;
    this.clock += digits <= 6 ? value * (powersOfTen[6 - digits] ?? NaN) : Math.round(value / (powersOfTen[digits - 6] ?? NaN));
    return i;
  }

  private half(bytes: Uint8Array, from: number, end: number): number {
    let i = from;
    while (i < end && bytes[i] === BLANK) i++;
    const letter = (bytes[i] ?? 0) | 32;
    if ((letter !== 97 && letter !== 112) || ((bytes[i + 1] ?? 0) | 32) !== 109 || this.hour < 1 || this.hour > 12 || i + 2 > end) return ODD;
    this.clock += ((this.hour % 12) + (letter === 112 ? 12 : 0) - this.hour) * microsPerHour;
    return i + 2;
  }

  /** 'Z', '+02:00', '-0530' or '+01' behind the clock; none at all leaves the time the site's, and the form without it. */
  private zone(bytes: Uint8Array, from: number, end: number): number {
    const i = bytes[from] === BLANK ? from + 1 : from;
    const sign = bytes[i] ?? 0;
    if ((sign | 32) === 122) {
      this.offset = 0;
      return i + 1;
    }
    const hours = digitsAt(bytes, i + 1, 2);
    if ((sign !== PLUS && sign !== MINUS) || !(hours <= 14) || i + 3 > end) return ODD;
    const at = bytes[i + 3] === COLON ? i + 4 : i + 3;
    const minutes = at + 2 <= end ? digitsAt(bytes, at, 2) : NaN;
    const hasMinutes = minutes === minutes;
    if ((at > i + 3 && !hasMinutes) || minutes > 59) return ODD;
    this.offset = (hours * 60 + (hasMinutes ? minutes : 0)) * (sign === MINUS ? -1 : 1);
    return hasMinutes ? at + 2 : at;
  }

  private readonly months = new Map<number, number>();

  private monthName(bytes: Uint8Array, from: number, end: number): number {
    let i = from;
    let key = 0;
    for (; i < end && i - from < 10; i++) {
      const letter = (bytes[i] ?? 0) | 32;
      if (letter < 97 || letter > 122) break;
      key = key * 26 + letter - 96;
    }
    let month = this.months.get(key);
    if (month === undefined) {
      const word = String.fromCharCode(...bytes.subarray(from, i)).toLowerCase();
      this.months.set(key, (month = monthOf(word)));
    }
    this.month = month;
    return month > 0 ? i : ODD;
  }

  private epoch(bytes: Uint8Array, from: number, end: number): number {
    let i = from;
    let whole = 0;
    let rest = 0;
    for (; i < end; i++) {
      const digit = (bytes[i] ?? 0) - 48;
      if (digit < 0 || digit > 9) break;
      whole = whole * 10 + digit;
    }
    if (this.scale < 1) return this.nanoseconds(bytes, from, i);
    if (i === from || i - from > 15) return ODD;
    if (bytes[i] === POINT || (this.takesComma && bytes[i] === COMMA)) {
      const first = i + 1;
      let fraction = 0;
      for (i = first; i < end; i++) {
        const digit = (bytes[i] ?? 0) - 48;
        if (digit < 0 || digit > 9) break;
        fraction = fraction * 10 + digit;
      }
      if (i === first || i - first > 15) return ODD;
      rest = Math.round((fraction / (powersOfTen[i - first] ?? NaN)) * this.scale);
    }
    this.at = whole * this.scale + rest;
    return i;
  }

  private nanoseconds(bytes: Uint8Array, from: number, to: number): number {
    if (to - from < 17 || to - from > 19) return ODD;
    let micros = 0;
    for (let i = from; i < to - 3; i++) micros = micros * 10 + (bytes[i] ?? 0) - 48;
    this.at = micros + (digitsAt(bytes, to - 3, 3) >= 500 ? 1 : 0);
    return micros < 2 ** 53 ? to : ODD;
  }

  private cycle(bytes: Uint8Array, from: number, end: number): number {
    let i = from;
    let whole = 0;
    for (; i < end && i - from < 16; i++) {
      const digit = (bytes[i] ?? 0) - 48;
      if (digit < 0 || digit > 9) break;
      whole = whole * 10 + digit;
    }
    this.at = whole;
    return i === from || i - from > 15 ? ODD : i;
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

const blanksAt = (bytes: Uint8Array, from: number, end: number): number => {
  let i = from;
  while (i < end && bytes[i] === BLANK) i++;
  return i === from ? ODD : i;
};
