import type { TimestampFormat } from '../../contract/data.ts';
import { TimeReader } from '../times/clock.ts';
import { offsetOfName } from '../times/zone.ts';
import { isWeekday, monthOf, zoneOffset } from '../times/names.ts';
import { commonForm, type DateOrder, hasShortYear, openDate } from '../times/read.ts';

/** How the times of a file are written, and whether something about it stays open. */
export interface TimeForm {
  format: TimestampFormat;
  /** The order of day and month is not settled by the texts seen. */
  isOpen: boolean;
  why: string;
}

const isoText = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

const offsetAtEnd = /\s?(?:[+-]\d{1,2}(?::?\d{2})?|Z)$/;

/** The parts of a date in numbers, in the order in which they stand. */
const datePartsOf = (example: string, order: DateOrder): string[] => {
  if (openDate(example) === null) {
    if (!(example.match(/\p{L}+/gu) ?? []).some((word) => monthOf(word.toLowerCase()) > 0)) return ['yyyy', 'MM', 'dd'];
    return /^\D*\d{4}/.test(example) ? ['yyyy', 'dd'] : ['dd', 'yyyy'];
  }
  return { mdy: ['MM', 'dd', 'yyyy'], ymd: ['yy', 'MM', 'dd'], dmy: ['dd', 'MM', 'yyyy'] }[order];
};

const wordPattern = (run: string, hasDate: boolean): string => {
  if (/^[ap]m?$|^(?:上午|下午|午前|午後)$/i.test(run)) return 'a';
  if (/^(?:T|h|Uhr)$/.test(run)) return `'${run}'`;
  if (/^[年月日时時点分秒]+$/.test(run)) return run;
  if (isWeekday(run.toLowerCase())) return 'EEE';
  return monthOf(run.toLowerCase()) > 0 ? (run.length > 4 ? 'MMMM' : 'MMM') : hasDate ? 'z' : `'${run}'`;
};

/** A pattern as luxon writes it for one example, e.g. 'dd.MM.yyyy HH:mm:ss'. */
export const patternOf = (written: string, order: DateOrder): string => {
  const example = commonForm(written);
  const hasOffset = /\d:\d/.test(example) && offsetAtEnd.test(example);
  const text = hasOffset ? example.replace(offsetAtEnd, '') : example;
  const parts = datePartsOf(text, order);
  const hour = /[ap]\.?m\b|上午|下午|午前|午後/i.test(text) ? 'hh' : 'HH';
  let date = 0;
  let clock = 0;
  let secondsEnd = -1;
  const pattern = text.replace(/\d+|\p{L}+/gu, (run, at: number) => {
    if (!/^\d/.test(run)) return wordPattern(run, date > 0);
    const next = text[at + run.length] ?? '';
    if (clock < 3 && run.length <= 2 && (clock > 0 ? /[:.时時点分']/.test(text[at - 1] ?? '') : /[:时時点h]/.test(next))) {
      if (clock === 2) secondsEnd = at + run.length;
      return [hour, 'mm', 'ss'][clock++] ?? '';
    }
    if (at === secondsEnd + 1 && /[.,:]/.test(text[at - 1] ?? '')) return 'S'.repeat(run.length);
    if (run.length === 8) return 'yyyyMMdd';
    if (run.length === 14) return 'yyyyMMddHHmmss';
    if (run.length === 6) return 'HHmmss';
    const part = parts[date++] ?? 'yyyy';
    return part === 'yyyy' && run.length === 2 ? 'yy' : part !== 'yyyy' && run.length === 1 ? part.slice(0, 1) : part;
  });
  return hasOffset ? `${pattern}ZZ` : pattern;
};

/** How evenly times follow each other: the share of steps that equal the most frequent one, less the share that goes backwards. */
const steadiness = (texts: readonly string[], format: TimestampFormat): number => {
  const reader = new TimeReader(format);
  const steps = new Map<number, number>();
  let previous = NaN;
  let count = 0;
  let backwards = 0;
  let unreadable = 0;
  for (const text of texts) {
    const at = reader.parse(text, previous);
    if (Number.isNaN(at)) {
      unreadable++;
      continue;
    }
    const step = at - previous;
    if (!Number.isNaN(step) && step !== 0) {
      count++;
      steps.set(step, (steps.get(step) ?? 0) + 1);
      if (step < 0) backwards++;
    }
    previous = at;
  }
  const most = Math.max(0, ...steps.values());
  return (count === 0 ? 0 : (most - backwards) / count) - (2 * unreadable) / Math.max(1, texts.length);
};

/** Countries that write the month first: where nothing else tells, the site's zone does. */
const monthFirstZone = /^(?:America\/(?:New_York|Chicago|Denver|Los_Angeles|Phoenix|Anchorage|Detroit|Boise|Indiana|Kentucky|North_Dakota|Menominee|Juneau)|US\/|Pacific\/Honolulu)/;

/** The order in which a site's country writes day and month. */
export const orderOfSite = (zone: string): DateOrder => (monthFirstZone.test(zone) ? 'mdy' : 'dmy');

/**
 * The order of day, month and year: from a number above 12, from the order that makes an even, forward series, or, where both do,
 * from the mark (points are day-first) and the site's country; the last is open.
 */
export const findOrder = (texts: readonly string[], zone: string): { order: DateOrder; isOpen: boolean; why: string } => {
  let first = 0;
  let second = 0;
  let third = 0;
  let seen = 0;
  for (const text of texts) {
    const numbers = openDate(text);
    if (!numbers) continue;
    seen++;
    first = Math.max(first, numbers[0]);
    second = Math.max(second, numbers[1]);
    third = Math.max(third, numbers[2]);
  }
  if (seen === 0) return { order: 'dmy', isOpen: false, why: 'the texts tell year, month and day themselves' };
  const short = texts.some(hasShortYear);
  if (short && first > 31) return { order: 'ymd', isOpen: false, why: 'the first number passes 31: the year stands first' };
  if (first > 12 && second <= 12 && !(short && third <= 31 && first > 12 && isSteadier(texts, zone, 'ymd', 'dmy'))) return { order: 'dmy', isOpen: false, why: `the first number reaches ${first}: the day stands first` };
  if (second > 12 && first <= 12) return { order: 'mdy', isOpen: false, why: `the second number reaches ${second}: the month stands first` };
  const orders: DateOrder[] = short ? ['dmy', 'mdy', 'ymd'] : ['dmy', 'mdy'];
  const scores = orders.map((order) => ({ order, score: steadiness(texts, { kind: 'pattern', format: patternFor(order), zone }) })).sort((a, b) => b.score - a.score);
  const [best, other] = scores;
  if (best && other && best.score > other.score + 0.01) return { order: best.order, isOpen: false, why: 'only this order of day and month gives times that follow each other evenly' };
  const dotted = texts.some((text) => /^\D*\d{1,2}\.\d{1,2}\./.test(text));
  // The continent has no AM and PM: a program that writes them there writes dates in the American way as well.
  const isAmerican = texts.some((text) => /\d\s?[ap]m\b/i.test(text)) && /^(?:Europe\/(?!London|Dublin|Malta)|UTC|Etc\/)/.test(zone);
  const order = dotted ? 'dmy' : isAmerican ? 'mdy' : orderOfSite(zone);
  return { order, isOpen: !dotted, why: dotted ? 'dates with points have the day first' : `day and month can't be told apart by the texts; taken as written in ${zone}` };
};

const patternFor = (order: DateOrder): string => ({ dmy: 'dd.MM.yyyy', mdy: 'MM/dd/yyyy', ymd: 'yy-MM-dd' })[order];

const isSteadier = (texts: readonly string[], zone: string, one: DateOrder, other: DateOrder): boolean =>
  steadiness(texts, { kind: 'pattern', format: patternFor(one), zone }) > steadiness(texts, { kind: 'pattern', format: patternFor(other), zone }) + 0.01;

/** The form of textual times. `zone`: the site's, or the one that the header states. */
export const formOfTexts = (texts: readonly string[], zone: string): TimeForm => {
  if (texts.every((text) => isoText.test(text))) return { format: { kind: 'iso', format: patternOf(texts[0] ?? '', 'ymd'), zone }, isOpen: false, why: 'ISO 8601' };
  const { order, isOpen, why } = findOrder(texts, zone);
  return { format: { kind: 'pattern', format: patternOf(texts.find((text) => openDate(text) !== null) ?? texts[0] ?? '', order), zone }, isOpen, why };
};

const epochs = [
  ['epoch-s', 1, 'seconds'],
  ['epoch-ms', 1e3, 'milliseconds'],
  ['epoch-us', 1e6, 'microseconds'],
  ['epoch-ns', 1e9, 'nanoseconds'],
] as const;

const year1990 = 631_152_000;
const year2100 = 4_102_444_800;
/** Seconds since 1970 that no log has reached for a long while yet are LabVIEW's, since 1904. */
const year2061 = 2_871_763_200;
/** 100 ns from 1601 to 1990 and to 2100. */
const filetime1990 = 122_756_256e9;
const filetime2100 = 157_469_184e9;

/** The form of times that are numbers: an epoch by its size, or Excel's count of days; null where they are neither. */
export const formOfNumbers = (values: readonly number[], zone: string, isNamedTime: boolean): TimeForm | null => {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) return null;
  if (middle >= year2061 && middle <= year2100) return { format: { kind: 'epoch-1904', format: 'seconds since 1904-01-01', zone: 'UTC' }, isOpen: false, why: 'numbers of the size of seconds since 1904, as LabVIEW counts' };
  if (middle >= filetime1990 && middle <= filetime2100) return { format: { kind: 'filetime', format: '100 ns since 1601-01-01', zone: 'UTC' }, isOpen: false, why: "numbers of the size of Windows' 100 ns since 1601" };
  for (const [kind, scale, words] of epochs)
    if (middle >= year1990 * scale && middle <= year2100 * scale) return { format: { kind, format: kind, zone: 'UTC' }, isOpen: false, why: `numbers of the size of ${words} since 1970` };
  const isExcel = middle > 20_000 && middle < 80_000 && isNamedTime && sorted.some((value) => value % 1 !== 0);
  return isExcel ? { format: { kind: 'excel', format: 'days since 1899-12-30', zone }, isOpen: false, why: "numbers of the size of Excel's days" } : null;
};

/** A zone that a header or preamble states for all times: 'Time (UTC)', 'Date Time, GMT-06:00', 'Zeit [UTC+1]', 'time_utc'. */
export const statedZone = (text: string): string | null => {
  const offset = /\b(?:UTC|GMT)\s?([+-]\s?\d{1,2}(?::?\d{2})?)/i.exec(text);
  if (offset) {
    const name = `UTC${(offset[1] ?? '').replace(/\s/g, '')}`;
    return offsetOfName(name) === null ? null : name;
  }
  if (/(?:^|[^a-z])(?:utc|gmt|zulu)(?:$|[^a-z])/i.test(text)) return 'UTC';
  // 'Zeit (MEZ)': one offset for the whole file, summer and winter.
  const word = /[([]\s*([A-Za-z]{3,4})\s*[)\]]/.exec(text)?.[1];
  const minutes = word === undefined ? null : zoneOffset(word.toLowerCase());
  if (minutes !== null) return `UTC${minutes < 0 ? '-' : '+'}${String(Math.floor(Math.abs(minutes) / 60)).padStart(2, '0')}:${String(Math.abs(minutes) % 60).padStart(2, '0')}`;
  const iana = /\b((?:Europe|America|Asia|Africa|Australia|Pacific|Atlantic|Indian)\/[A-Za-z_]+(?:\/[A-Za-z_]+)?)\b/.exec(text);
  return iana?.[1] ?? null;
};
