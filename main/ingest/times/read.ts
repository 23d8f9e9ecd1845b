import { type Civil, daysFromCivil, fullYear, isDate, microsPerDay, microsPerHour, microsPerMinute, microsPerSecond } from './civil.ts';
import { ambiguousZone, halfOfDay, isWeekday, monthOf, zoneOffset } from './names.ts';

/** In which order the numbers of a date stand where nothing in the text tells it. */
export type DateOrder = 'dmy' | 'mdy' | 'ymd';

/** What has been read of one text so far. */
interface Reading {
  text: string;
  at: number;
  numbers: number[];
  digits: number[];
  month: number;
  hour: number;
  minute: number;
  second: number;
  fraction: number;
  hasClock: boolean;
  half: 'am' | 'pm' | null;
  offset: number | null;
  zoneWord: string | null;
  compact: boolean;
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

const runOfDigits = (r: Reading): string => {
  const from = r.at;
  while (r.at < r.text.length && isDigit(r.text.charCodeAt(r.at))) r.at++;
  return r.text.slice(from, r.at);
};

/** Digits behind the decimal mark as microseconds; finer digits are rounded. */
const micros = (digits: string): number => (digits.length <= 6 ? Number(digits.padEnd(6, '0')) : Math.round(Number(`${digits.slice(0, 6)}.${digits.slice(6)}`)));

/** Behind 'HH:' or 'HH时': minutes, seconds, fraction. False where it isn't a clock's text. */
const readClock = (r: Reading, hour: string): boolean => {
  if (r.hasClock || hour.length > 2) return false;
  r.hasClock = true;
  r.hour = Number(hour);
  const isWord = r.text[r.at] !== ':';
  r.at++;
  const minute = runOfDigits(r);
  if (minute.length < 1 || minute.length > 2) return isWord && minute === '';
  r.minute = Number(minute);
  const mark = r.text[r.at];
  if (mark === '分') r.at++;
  else if (mark === ':' || mark === "'") r.at++;
  else return true;
  const second = runOfDigits(r);
  if (second === '') return mark === '分';
  if (second.length > 2) return false;
  r.second = Number(second);
  const point = r.text[r.at];
  if ((point === '.' || point === ',' || point === ':') && isDigit(r.text.charCodeAt(r.at + 1))) {
    r.at++;
    r.fraction = micros(runOfDigits(r));
  }
  if (r.text[r.at] === '秒') r.at++;
  return true;
};

/** yyyyMMdd, yyyyMMddHHmm[ss[fff]], or HHmm[ss] behind a date. False where digits of that length mean nothing. */
const readCompact = (r: Reading, digits: string): boolean => {
  const hasDate = r.compact || r.numbers.length >= 3 || (r.month > 0 && r.numbers.length >= 2);
  if (hasDate && !r.hasClock && (digits.length === 6 || digits.length === 4)) {
    r.hasClock = true;
    r.hour = Number(digits.slice(0, 2));
    r.minute = Number(digits.slice(2, 4));
    r.second = Number(digits.slice(4, 6) || '0');
    if ((r.text[r.at] === '.' || r.text[r.at] === ',') && isDigit(r.text.charCodeAt(r.at + 1))) {
      r.at++;
      r.fraction = micros(runOfDigits(r));
    }
    return true;
  }
  if (r.numbers.length > 0 || r.compact || ![8, 12, 14, 17].includes(digits.length)) return false;
  r.compact = true;
  r.numbers.push(Number(digits.slice(0, 4)), Number(digits.slice(4, 6)), Number(digits.slice(6, 8)));
  r.digits.push(4, 2, 2);
  if (digits.length === 8) return true;
  r.hasClock = true;
  r.hour = Number(digits.slice(8, 10));
  r.minute = Number(digits.slice(10, 12));
  r.second = Number(digits.slice(12, 14) || '0');
  r.fraction = micros(digits.slice(14) || '0');
  return true;
};

const readDigits = (r: Reading): boolean => {
  const digits = runOfDigits(r);
  const next = r.text[r.at];
  if (next === ':' || next === '时' || next === '時' || next === '点') return readClock(r, digits);
  if (next === 'h' && digits.length <= 2 && isDigit(r.text.charCodeAt(r.at + 1))) return readClock(r, digits);
  if (digits.length > 4 || (digits.length === 4 && (r.compact || r.numbers.length >= 3))) return readCompact(r, digits);
  if (r.numbers.length >= 3) return readBareHour(r, digits, next);
  if (digits.length === 3) return false;
  r.numbers.push(Number(digits));
  r.digits.push(digits.length);
  return true;
};

/** '24.03.2025 6 PM': an hour alone, before AM or PM. */
const readBareHour = (r: Reading, digits: string, next: string | undefined): boolean => {
  if (r.hasClock || digits.length > 2 || !/^\s*[ap]\.?m/i.test(r.text.slice(r.at)) || next === undefined) return false;
  r.hasClock = true;
  r.hour = Number(digits);
  return true;
};

const letter = /[\p{L}]/u;

const readWord = (r: Reading, site: string): boolean => {
  const from = r.at;
  const isHan = r.text.charCodeAt(r.at) > 0x2e80;
  while (r.at < r.text.length && letter.test(r.text[r.at] ?? '') && r.text.charCodeAt(r.at) > 0x2e80 === isHan) r.at++;
  const word = r.text.slice(from, r.at).toLowerCase();
  if (isHan) return readHan(r, from, word);
  if (word === 't' || word === 'uhr' || word === 'um' || word === 'at') return true;
  const half = r.hasClock ? halfOfDay(word) : null;
  if (half) {
    r.half = half;
    // 'a.m.', and 'a. m.' as Spanish Windows writes it.
    if (word === 'a' || word === 'p') r.at += /^\.?\s?m\.?/i.exec(r.text.slice(r.at))?.[0].length ?? 0;
    if (r.text[r.at] === '.') r.at++;
    return true;
  }
  const month = monthOf(word);
  if (month > 0 && r.month === 0) {
    r.month = month;
    return true;
  }
  if (isWeekday(word)) return true;
  if (word === 'st' || word === 'nd' || word === 'rd' || word === 'th' || word === 'de' || word === 'of') return r.numbers.length > 0;
  if (!r.hasClock) return false;
  const offset = zoneOffset(word) ?? ambiguousZone(word, site);
  if (offset === null) return false;
  r.offset = offset;
  r.zoneWord = word;
  return true;
};

/** 年月日 between the numbers of a date, 上午 before a clock, 周一 anywhere. */
const readHan = (r: Reading, from: number, word: string): boolean => {
  const half = halfOfDay(word) ?? halfOfDay(word.slice(-2));
  if (half) {
    r.half = half;
    return true;
  }
  if (isWeekday(word)) return true;
  if (r.month === 0 && monthOf(word) > 0) {
    r.month = monthOf(word);
    return true;
  }
  if (/^[年月日號号]/.test(word)) {
    r.at = from + 1;
    return r.numbers.length > 0;
  }
  return false;
};

/** '+02:00', '-0530', '+1' behind a clock. */
const readOffset = (r: Reading): boolean => {
  const negative = r.text[r.at] === '-' || r.text[r.at] === '\u2212';
  r.at++;
  const hours = runOfDigits(r);
  if (hours === '' || hours.length > 4) return false;
  let minutes = 0;
  if (hours.length > 2) minutes = Number(hours.slice(-2));
  else if (r.text[r.at] === ':') {
    r.at++;
    minutes = Number(runOfDigits(r) || 'x');
  }
  const whole = Number(hours.length > 2 ? hours.slice(0, -2) : hours);
  if (whole > 14 || !(minutes < 60)) return false;
  r.offset = (whole * 60 + minutes) * (negative ? -1 : 1) || 0;
  return true;
};

const skippable = ' \t,./-[]()\u00a0_';

const scan = (r: Reading, site: string): boolean => {
  while (r.at < r.text.length) {
    const c = r.text.charCodeAt(r.at);
    const char = r.text[r.at] ?? '';
    let ok = true;
    if (isDigit(c)) ok = readDigits(r);
    else if ((char === '+' || char === '-' || char === '\u2212') && r.hasClock && (r.numbers.length >= 2 || r.compact) && isDigit(r.text.charCodeAt(r.at + 1))) ok = readOffset(r);
    else if (c > 127 ? letter.test(char) : (c >= 65 && c <= 90) || (c >= 97 && c <= 122)) ok = readWord(r, site);
    else if (skippable.includes(char)) r.at++;
    else ok = false;
    if (!ok) return false;
  }
  return true;
};

/** A date in numbers: the same mark between all three, or the words for year, month and day. */
const numericDate = /(?<!\d)\d{1,4}([-./])\s?\d{1,2}\1\s?\d{1,4}(?!\d)|\d\s?年/;

/** Year, month and day of the numbers read, or null. */
const dateOf = (r: Reading, order: DateOrder): [number, number, number] | null => {
  const [a = 0, b = 0, c = 0] = r.numbers;
  const [da = 0, db = 0, dc = 0] = r.digits;
  let parts: [number, number, number];
  if (r.month > 0) {
    if (r.numbers.length !== 2) return null;
    parts = da === 4 ? [a, r.month, b] : [fullYear(b, db), r.month, a];
  } else if (r.numbers.length !== 3 || (!r.compact && !numericDate.test(r.text))) return null;
  else if (da === 4) parts = [a, b, c];
  else if (dc === 3 || db > 2) return null;
  else if (order === 'ymd' && dc <= 2) parts = [fullYear(a, da), b, c];
  else parts = order === 'mdy' ? [fullYear(c, dc), a, b] : [fullYear(c, dc), b, a];
  return isDate(...parts) ? parts : null;
};

const clockOf = (r: Reading): number => {
  let hour = r.hour;
  if (r.half && (hour < 1 || hour > 12)) {
    if (hour > 12 || r.half === 'pm') return hour > 12 && hour < 24 ? clockMicros(hour, r) : NaN;
  } else if (r.half) hour = (hour % 12) + (r.half === 'pm' ? 12 : 0);
  return clockMicros(hour, r);
};

/** 24:00:00 is the end of the day; a second 60 is a leap second and counts as the next minute's start. */
const clockMicros = (hour: number, r: Reading): number => {
  if (hour > 24 || r.minute > 59 || r.second > 60 || (hour === 24 && (r.minute > 0 || r.second > 0 || r.fraction > 0))) return NaN;
  return hour * microsPerHour + r.minute * microsPerMinute + r.second * microsPerSecond + r.fraction;
};

const begin = (text: string): Reading => ({ text, at: 0, numbers: [], digits: [], month: 0, hour: 0, minute: 0, second: 0, fraction: 0, hasClock: false, half: null, offset: null, zoneWord: null, compact: false });

/**
 * Reads a date and a time in any of the forms that loggers write; null where the text is none. `order` settles what the text leaves
 * open; `site` tells which country's abbreviations of zones are meant.
 */
export const readDateTime = (text: string, order: DateOrder, site = ''): Civil | null => {
  const civil = readPlainly(text, order, site);
  if (civil) return civil;
  const other = rewritten(text);
  return other === null ? null : readPlainly(other, order, site);
};

const readPlainly = (text: string, order: DateOrder, site: string): Civil | null => {
  const r = begin(text);
  if (!scan(r, site)) return null;
  const date = dateOf(r, order);
  if (!date) return null;
  const clock = clockOf(r);
  if (Number.isNaN(clock)) return null;
  return { local: daysFromCivil(...date) * microsPerDay + clock, offset: r.offset, zoneWord: r.zoneWord };
};

/** Microseconds since midnight of a text that is a time of day alone; NaN where it is none. */
export const clockTime = (text: string): number => {
  const r = begin(text);
  return scan(r, '') && r.hasClock && r.numbers.length === 0 && r.month === 0 ? clockOf(r) : NaN;
};

/** The day of ISO 8601's weeks: the first one holds January 4. Null where the year has no such week. */
const ofWeek = (year: number, week: number, day: number, clock: string): string | null => {
  const fourth = new Date(Date.UTC(year, 0, 4));
  const monday = Date.UTC(year, 0, 4 - ((fourth.getUTCDay() + 6) % 7));
  const thursday = new Date(monday + ((week - 1) * 7 + 3) * 86_400_000);
  if (week < 1 || thursday.getUTCFullYear() !== year) return null;
  return `${new Date(monday + ((week - 1) * 7 + day - 1) * 86_400_000).toISOString().slice(0, 10)} ${clock}`.trim();
};

/** Rare forms in a common one: 2025-03-24_06-10-00, 2025-03-24-06.10.00.5, 24/Mar/2025:06:10:00, 2025-083T06:10, 24-MAR-25 06.10.00 AM, 06:10:00 250msec, 24.03.2025 06:00 - 06:15 (its start), 2025-W13-1 06:10, 250324061000. */
const rewritten = (text: string): string | null => {
  const marked = /^(\d{4}-\d{2}-\d{2})[-_T ](\d{2})([-.])(\d{2})\3(\d{2})((?:\.\d+)?)$/.exec(text);
  if (marked) return `${marked[1] ?? ''} ${marked[2] ?? ''}:${marked[4] ?? ''}:${marked[5] ?? ''}${marked[6] ?? ''}`;
  const counted = /^(.*\d:\d{2}:\d{2})\s(\d{1,3})\s?m(?:s|sec)$/.exec(text);
  if (counted) return `${counted[1] ?? ''}.${(counted[2] ?? '').padStart(3, '0')}`;
  const interval = /^(\S.*\d{1,2}:\d{2}(?::\d{2})?)\s+(?:-|\u2013|bis|to|à|至)\s+(?:\S.*\s)?\d{1,2}:\d{2}(?::\d{2})?$/u.exec(text);
  if (interval) return interval[1] ?? '';
  const spoken = /^(\S.*\d)(,?\s+)(\d{1,2})\.(\d{2})\s?Uhr$/i.exec(text);
  if (spoken) return `${spoken[1] ?? ''} ${spoken[3] ?? ''}:${spoken[4] ?? ''}`;
  const week = /^(\d{4})-?W(\d{2})-?([1-7])(?:[T ](.*))?$/.exec(text);
  if (week) return ofWeek(Number(week[1]), Number(week[2]), Number(week[3]), week[4] ?? '');
  const joined = /^(\d{1,2}\/\p{L}{3,4}\/\d{4}):(\d{2}:.*)$/u.exec(text);
  if (joined) return `${joined[1] ?? ''} ${joined[2] ?? ''}`;
  const ordinal = /^(\d{4})-(\d{3})(?:[T ](.*))?$/.exec(text);
  if (ordinal && Number(ordinal[2]) >= 1 && Number(ordinal[2]) <= 366) {
    const day = new Date(Date.UTC(Number(ordinal[1]), 0, Number(ordinal[2]))).toISOString().slice(0, 10);
    return day.startsWith(ordinal[1] ?? '') ? `${day} ${ordinal[3] ?? ''}` : null;
  }
  const iec = /^(?:L?DT|DATE_AND_TIME)#(\d{4}-\d{1,2}-\d{1,2})-(\d{1,2}:.*)$/i.exec(text);
  if (iec) return `${iec[1] ?? ''} ${iec[2] ?? ''}`;
  const oracle = /^(\d{1,2})-(\d{1,2})月\s*-(\d{2}|\d{4})\s+(\d.*)$/.exec(text);
  if (oracle) return rewritten(`${fullYear(Number(oracle[3]), (oracle[3] ?? '').length)}-${oracle[2] ?? ''}-${oracle[1] ?? ''} ${oracle[4] ?? ''}`);
  const dotted = /^(\S.*\d)\s+(\d{1,2})\.(\d{2})\.(\d{2})((?:[.,]\d+)?(?:\s.*)?)$/.exec(text);
  if (dotted) return `${dotted[1] ?? ''} ${dotted[2] ?? ''}:${dotted[3] ?? ''}:${dotted[4] ?? ''}${dotted[5] ?? ''}`;
  return /^\d{12}$/.test(text) && Number(text.slice(2, 4)) <= 12 ? `20${text}` : null;
};

/** What a text could be: a date with a clock, a date alone, a clock alone. */
export const kindOfTime = (text: string): 'datetime' | 'date' | 'clock' | null => {
  if (text.length < 4 || text.length > 60) return null;
  return kindOfPlain(text) ?? kindOfPlain(rewritten(text) ?? '');
};

/** The text itself, or where only its rewriting can be read, that. */
export const commonForm = (text: string): string => (kindOfPlain(text) === null ? (rewritten(text) ?? text) : text);

const kindOfPlain = (text: string): 'datetime' | 'date' | 'clock' | null => {
  const r = begin(text);
  if (!scan(r, '')) return null;
  if (r.numbers.length === 0 && r.month === 0) return r.hasClock && !Number.isNaN(clockOf(r)) ? 'clock' : null;
  const hasDate = dateOf(r, 'dmy') ?? dateOf(r, 'mdy') ?? dateOf(r, 'ymd');
  if (!hasDate) return null;
  return r.hasClock && !Number.isNaN(clockOf(r)) ? 'datetime' : r.hasClock ? null : 'date';
};

/** The three numbers of a date whose order is open, as written; null where the text itself settles it. */
export const openDate = (text: string): [number, number, number] | null => {
  const r = begin(text);
  if (!scan(r, '') || r.month > 0 || r.numbers.length !== 3 || r.digits[0] === 4 || r.compact) return null;
  const [a = 0, b = 0, c = 0] = r.numbers;
  return [a, b, c];
};

/** True where a date has a year of two digits at its end, or could have it at its start. */
export const hasShortYear = (text: string): boolean => {
  const r = begin(text);
  return scan(r, '') && r.month === 0 && r.numbers.length === 3 && r.digits[0] !== 4 && (r.digits[2] ?? 0) <= 2;
};

/**
 * A clock of digits alone with the leading zeros that a spreadsheet took from it; an hour alone with its minutes. `hasSeconds`: all of the file's are
 * HHmmss, whatever is left of them.
 */
export const evenDigits = (text: string, hasSeconds = false): string => {
  if (hasSeconds && /^\d{1,6}$/.test(text)) return text.padStart(6, '0');
  return /^\d{1,2}$/.test(text) ? `${text}:00` : /^\d{3}$|^\d{5}$/.test(text) ? `0${text}` : text;
};
