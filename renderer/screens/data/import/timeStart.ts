/** What a format of counted times says beside its form: since when, on which day, how far apart. */
export interface TimeStart {
  /** Seconds between records; null where the format has none. */
  readonly every: number | null;
  /** Microseconds since 1970; null where the format has no start. */
  readonly since: number | null;
  /** A day, YYYY-MM-DD; null where the format has none. */
  readonly on: string | null;
}

export const startOfFormat = (format: string): TimeStart => {
  const every = /\bevery (\S+) s\b/.exec(format)?.[1];
  const since = /\bsince (\S+)/.exec(format)?.[1];
  const on = /\bon (\d{4}-\d{2}-\d{2})\b/.exec(format)?.[1];
  const moment = since === undefined ? NaN : Date.parse(since);
  return { every: every === undefined ? null : Number(every), since: Number.isNaN(moment) ? null : moment * 1000, on: on ?? null };
};

const iso = (micros: number): string => new Date(micros / 1000).toISOString().replace('.000Z', 'Z');

export const withSince = (format: string, micros: number): string => format.replace(/\bsince \S+/, `since ${iso(micros)}`);
export const withEvery = (format: string, seconds: number): string => format.replace(/\bevery \S+ s\b/, `every ${seconds} s`);
export const withDay = (format: string, day: string): string => format.replace(/\bon \d{4}-\d{2}-\d{2}\b/, `on ${day}`);

/** A day that nobody has given yet. */
export const isGiven = ({ since, on }: TimeStart): boolean => (since === null || since >= 86_400e6) && (on === null || on !== '1970-01-01');

const COUNTED: Readonly<Record<string, string>> = { 'elapsed-s': 'seconds', 'elapsed-ms': 'milliseconds', 'elapsed-us': 'microseconds', 'elapsed-min': 'minutes', 'elapsed-h': 'hours', 'elapsed-d': 'days' };

/** The format of a form of times that was chosen by hand, before its start is given. */
export const formatOfKind = (kind: string, before: string): string => {
  const since = /since \S+/.exec(before)?.[0] ?? 'since 1970-01-01T00:00:00Z';
  const unit = COUNTED[kind];
  if (unit !== undefined) return `${unit} ${since}`;
  if (kind === 'interval') return /\bevery \S+ s\b/.test(before) ? before : `every 1 s ${since}`;
  if (kind === 'clock') return /\bon \d{4}/.test(before) ? before : 'HH:mm:ss on 1970-01-01';
  if (kind === 'pattern') return /[dMy]/.test(before) && !/since|every|record/.test(before) ? before : 'dd.MM.yyyy HH:mm:ss';
  return kind === 'none' ? 'record number' : before;
};
