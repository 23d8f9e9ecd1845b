import type { TimestampFormat } from '../../../contract/data.ts';

/** What stands at one place of a written time. Numbers of it take the least number of digits that is told beside them. */
export const Part = { mark: 0, year: 1, shortYear: 2, month: 3, day: 4, monthName: 5, hour: 6, minute: 7, second: 8, fraction: 9, half: 10, offset: 11, blanks: 12 } as const;

/** Parts in the order in which they stand, each with its argument: a mark's byte, or the least digits of a number. */
export interface TimeForm {
  date: Uint8Array;
  clock: Uint8Array;
  /** Date, what stands between, clock: as one cell has them. */
  whole: Uint8Array;
}

/** Where the digits of a time of fixed width stand, counted from its first byte. -1: not there. */
export interface TimeTemplate {
  length: number;
  year: number;
  yearDigits: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  fraction: number;
  fractionDigits: number;
  /** Places and bytes of the marks between. */
  marks: readonly (readonly [place: number, byte: number])[];
}

/** Dates whose parts the general reading takes in the same order: the same mark twice, the month's number never last. */
const dateForms = /^(?:yyyy([-./])MM?\1dd?|dd?([-./])MM?\2(?:yyyy|yy)|MM?([-./])dd?\3(?:yyyy|yy)|yy([-./])MM?\4dd?|yyyyMMdd|dd?[-./ ]MMMM?[-./ ](?:yyyy|yy))/;
const clockForms = /^(?:(?:HH:mm(?::ss(?:[.,:]S+)?)?|hh:mm(?::ss(?:[.,]S+)?)? ?a)(?:ZZ)?|HHmm(?:ss)?)$/;

const tokens = /yyyy|yy|MMMM|MMM|MM|M|dd|d|HH|hh|mm|ss|[.,:]?S+|ZZ| ?a|./g;

const partOf = (token: string, least: number): [part: number, argument: number] => {
  if (token === 'yyyy') return [Part.year, 4];
  if (token === 'yy') return [Part.shortYear, 2];
  if (token === 'MMM' || token === 'MMMM') return [Part.monthName, 0];
  if (token === 'MM' || token === 'M') return [Part.month, least];
  if (token === 'dd' || token === 'd') return [Part.day, least];
  if (token === 'HH' || token === 'hh') return [Part.hour, least];
  if (token === 'mm') return [Part.minute, least];
  if (token === 'ss') return [Part.second, least];
  if (token === 'ZZ') return [Part.offset, 0];
  if (token.endsWith('a')) return [Part.half, 0];
  if (token.endsWith('S')) return [Part.fraction, token.charCodeAt(0)];
  return token === ' ' ? [Part.blanks, 0] : [Part.mark, token.charCodeAt(0)];
};

/** Numbers that no mark parts from each other have two digits always. */
const partsOf = (text: string): number[] => {
  const isCompact = /yyyyMM|HHmm/.test(text);
  return (text.match(tokens) ?? []).flatMap((token) => partOf(token, isCompact ? 2 : 1));
};

/** The parts of a time that is written in one of the forms that can be read from bytes; null for others. */
export const timeFormOf = ({ kind, format }: TimestampFormat): TimeForm | null => {
  if (kind !== 'iso' && kind !== 'pattern') return null;
  const text = format.replace(/'T'/g, 'T');
  const date = dateForms.exec(text)?.[0];
  if (date === undefined) return null;
  const between = /^(?:T| |, | - )?/.exec(text.slice(date.length))?.[0] ?? '';
  const clock = text.slice(date.length + between.length);
  if (clock !== '' && !clockForms.test(clock)) return null;
  if (between === '' && clock !== '' && (date !== 'yyyyMMdd' || !clock.startsWith('HHmm'))) return null;
  return { date: Uint8Array.from(partsOf(date)), clock: Uint8Array.from(partsOf(clock)), whole: Uint8Array.from([...partsOf(date), ...partsOf(between), ...partsOf(clock)]) };
};

/** The template of a time format of fixed width, written in digits and marks alone ('yyyy-MM-dd HH:mm:ss.SSS'); null for others. */
export const templateOf = (timestamp: TimestampFormat): TimeTemplate | null => {
  if (timeFormOf(timestamp) === null) return null;
  const format = timestamp.format.replace(/'([^']*)'/g, '$1');
  const letters = format.replace(/T(?=HH)/, ' ');
  if (!/^(?:yyyy|yy|MM|dd|HH|mm|ss|S+|[^A-Za-z\u0080-\uffff])*$/.test(letters) || /MMM|hh/.test(letters)) return null;
  const place = (token: string): number => format.indexOf(token);
  const template: TimeTemplate = {
    length: format.length,
    year: place('yy'),
    yearDigits: format.includes('yyyy') ? 4 : 2,
    month: place('MM'),
    day: place('dd'),
    hour: place('HH'),
    minute: place('mm'),
    second: place('ss'),
    fraction: place('S'),
    fractionDigits: (/S+/.exec(format)?.[0] ?? '').length,
    marks: [...letters].flatMap((char, i) => (/[A-Za-z]/.test(char) ? [] : [[i, format.charCodeAt(i)] as const])),
  };
  return template.month < 0 || template.day < 0 || template.hour < 0 || template.fractionDigits > 6 ? null : template;
};
