import type { TimestampFormat } from '../../contract/data.ts';
import { daysFromCivil, fullYear, isDate, microsPerDay, microsPerHour, microsPerMinute, microsPerSecond } from './civil.ts';
import { monthOf } from './names.ts';
import { readDateTime } from './read.ts';

type Kind = TimestampFormat['kind'];

/** Microseconds of one unit in which a column counts the time since the start. */
export const elapsedScale = { 'elapsed-s': microsPerSecond, 'elapsed-ms': 1000, 'elapsed-us': 1, 'elapsed-min': microsPerMinute, 'elapsed-h': microsPerHour, 'elapsed-d': microsPerDay } as const;

export type ElapsedKind = keyof typeof elapsedScale;

export const isElapsed = (kind: Kind): kind is ElapsedKind => kind in elapsedScale;

/** Words of the units, as formats write them. */
export const elapsedWords: Record<ElapsedKind, string> = { 'elapsed-s': 'seconds', 'elapsed-ms': 'milliseconds', 'elapsed-us': 'microseconds', 'elapsed-min': 'minutes', 'elapsed-h': 'hours', 'elapsed-d': 'days' };

/** The kind for a column's unit, as units are written here; seconds where it has none, null where it is no unit of time. */
export const elapsedKindOf = (unit: string | null): ElapsedKind | null => {
  const kinds: Record<string, ElapsedKind> = { s: 'elapsed-s', ms: 'elapsed-ms', µs: 'elapsed-us', min: 'elapsed-min', h: 'elapsed-h', d: 'elapsed-d' };
  return unit === null ? 'elapsed-s' : (kinds[unit] ?? null);
};

/** Microseconds of a duration 'hh:mm:ss', its hours beyond a day, perhaps with days before them; NaN for other texts. */
export const durationOf = (text: string): number => {
  const match = /^(?:(\d+)\s?(?:d|days?|\.)\s?)?(\d+):(\d{2}):(\d{2})(?:[.,](\d+))?$/i.exec(text);
  if (!match || Number(match[3]) > 59 || Number(match[4]) > 59) return NaN;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = '0'] = match;
  return Number(days) * microsPerDay + Number(hours) * microsPerHour + Number(minutes) * microsPerMinute + Number(seconds) * microsPerSecond + Math.round(Number(`0.${fraction}`) * microsPerSecond);
};

/** ISO 8601 of a moment in microseconds of UTC, with as many digits as it needs. */
export const isoOf = (at: number): string => {
  const rest = ((at % microsPerSecond) + microsPerSecond) % microsPerSecond;
  const whole = new Date((at - rest) / 1000).toISOString().slice(0, 19);
  return rest === 0 ? `${whole}Z` : `${whole}.${String(rest).padStart(6, '0').replace(/0+$/, '')}Z`;
};

/** Microseconds of UTC of the start that a format names ('... since 2025-05-20T06:00:00Z'); 0 where it names none. */
export const startOf = (format: string): number => {
  const civil = readDateTime(/since (\S+)/.exec(format)?.[1] ?? '', 'ymd');
  return civil === null ? 0 : civil.local - (civil.offset ?? 0) * microsPerMinute;
};

/** The day that a format names ('HH:mm:ss on 2025-05-20'), as days since 1970; 0 where it names none. */
export const dayOf = (format: string): number => {
  const match = /on (\d{4})-(\d{2})-(\d{2})/.exec(format);
  return match ? daysFromCivil(Number(match[1]), Number(match[2]), Number(match[3])) : 0;
};

/** The date of a day since 1970 as formats write it. */
export const dateOfDay = (day: number): string => new Date((day * microsPerDay) / 1000).toISOString().slice(0, 10);

/** Microseconds of a format's interval ('every 0.5 s since ...'); NaN where it names none. */
export const intervalOf = (format: string): number => Number(/every (\S+) s\b/.exec(format)?.[1] ?? NaN) * microsPerSecond;

/** What formats say of milliseconds in a column of their own. */
export const millisecondsMark = ' + SSS';

const fractions: Record<string, number> = { tenth: 100_000, hundredth: 10_000, millisecond: 1000, microsecond: 1, nanosecond: 0.001 };

/** The parts that a format names, in the order of their columns. */
export const partsOf = (format: string): string[] => format.replace(/ on .*$/, '').split(' ');

/**
 * Date (days since 1970; null where no part tells it) and time of day (microseconds) out of the cells of the parts. Both NaN where a cell is
 * no number of its part.
 */
export const readParts = (parts: readonly string[], cells: readonly string[]): { date: number | null; clock: number } => {
  const bad = { date: null, clock: NaN };
  const found: Record<string, number> = {};
  let digits = 4;
  for (const [i, part] of parts.entries()) {
    const text = cells[i] ?? '';
    const value = part === 'month' && monthOf(text.toLowerCase()) > 0 ? monthOf(text.toLowerCase()) : text === '' ? NaN : Number(text.replace(',', '.'));
    if (!(value >= 0) || (!Number.isInteger(value) && part !== 'second' && fractions[part] === undefined)) return bad;
    if (part === 'year') digits = text.length;
    found[part] = value;
  }
  const { hour = 0, minute = 0, second = 0 } = found;
  if (hour > 24 || minute > 59 || second >= 61 || (hour === 24 && (minute > 0 || second > 0))) return bad;
  let clock = hour * microsPerHour + minute * microsPerMinute + Math.round(second * microsPerSecond);
  for (const [part, scale] of Object.entries(fractions)) clock += Math.round((found[part] ?? 0) * scale);
  if (found.day === undefined) return { date: null, clock };
  const { year = 0, month = 0, day } = found;
  const whole = fullYear(year, digits);
  return isDate(whole, month, day) ? { date: daysFromCivil(whole, month, day), clock } : bad;
};
