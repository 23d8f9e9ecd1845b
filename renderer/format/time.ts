/** Microseconds of one second, minute, hour, day. */
export const SECOND = 1e6;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const SHAPES = {
  /** 24 Nov 2025, 23:51 */
  moment: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  /** 24 Nov, 23:51 */
  short: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  /** 24 November 2025, 23:51:07: where day and month must not be mistaken */
  long: { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  /** Mon 24 Nov 2025 */
  date: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  /** 24 Nov, 23:51: marks of an axis. */
  day: { day: 'numeric', month: 'short' },
  minute: { hour: '2-digit', minute: '2-digit' },
  /** 23:51:07 */
  clock: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  /** Mon 24 Nov, 23:51 */
  weekday: { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  /** 2025-11-24 23:51:07.250, for rows of data */
  exact: { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;
export type TimeShape = keyof typeof SHAPES;

const cache = new Map<string, Intl.DateTimeFormat>();
const formatter = (locale: string, zone: string, shape: TimeShape): Intl.DateTimeFormat => {
  const name = `${locale} ${zone} ${shape}`;
  const known = cache.get(name) ?? new Intl.DateTimeFormat(locale, { ...SHAPES[shape], hourCycle: 'h23', timeZone: zone });
  cache.set(name, known);
  return known;
};

/** A moment (microseconds since 1970) in a zone. 'exact' looks the same in every language. */
export const showTime = (locale: string, zone: string, micros: number, shape: TimeShape): string => {
  const date = new Date(micros / 1000);
  if (shape !== 'exact') return formatter(locale, zone, shape).format(date);
  const parts = new Map(formatter('en-GB', zone, 'exact').formatToParts(date).map((part) => [part.type, part.value]));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  const thousandths = part('fractionalSecond') === '000' ? '' : `.${part('fractionalSecond')}`;
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}${thousandths}`;
};

export type Span = { readonly count: number; readonly unit: 'second' | 'minute' | 'hour' | 'day' };

/** A span of time in the largest unit that leaves at least two of it, rounded. */
export const spanOf = (micros: number): Span => {
  const size = Math.abs(micros);
  if (size < 2 * MINUTE) return { count: Math.round(size / SECOND), unit: 'second' };
  if (size < 2 * HOUR) return { count: Math.round(size / MINUTE), unit: 'minute' };
  if (size < 2 * DAY) return { count: Math.round(size / HOUR), unit: 'hour' };
  return { count: Math.round(size / DAY), unit: 'day' };
};

/** The offset of a zone from UTC at a moment, in microseconds. */
export const offsetAt = (zone: string, micros: number): number => {
  const parts = new Map(formatter('en-GB', zone, 'exact').formatToParts(new Date(micros / 1000)).map((part) => [part.type, Number(part.value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return wall * 1000 - Math.floor(micros / SECOND) * SECOND;
};

/** 'YYYY-MM-DDTHH:mm:ss' of a datetime field, with or without seconds, as a moment in a zone; null where it can't be read. A time that a clock change skips is taken as the one after it. */
export const momentOfField = (zone: string, text: string): number | null => {
  const wall = Date.parse(`${text}Z`) * 1000;
  if (!Number.isFinite(wall)) return null;
  const guess = wall - offsetAt(zone, wall);
  return wall - offsetAt(zone, guess);
};

/** A moment as a datetime field wants it: 'YYYY-MM-DDTHH:mm:ss' on the clocks of a zone. */
export const fieldOfMoment = (zone: string, micros: number): string => new Date((micros + offsetAt(zone, micros)) / 1000).toISOString().slice(0, 19);
