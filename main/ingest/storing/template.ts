import type { Mapping } from '../../contract/data.ts';

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

const place = (format: string, token: string): number => format.indexOf(token);

/**
 * The template of a time format of fixed width, written in digits and marks alone ('yyyy-MM-dd HH:mm:ss.SSS'); null for others: those
 * with names of months, AM and PM, offsets, or digits left out.
 */
export const templateOf = (timestamp: Mapping['timestamp']): TimeTemplate | null => {
  if (timestamp.kind !== 'iso' && timestamp.kind !== 'pattern') return null;
  const format = timestamp.format.replace(/'([^']*)'/g, '$1');
  const tokens = format.match(/[A-Za-z]+/g) ?? [];
  const letters = format.replace(/T(?=HH)/, ' ');
  if (!/^(?:yyyy|yy|MM|dd|HH|mm|ss|S+|[^A-Za-z\u0080-\uffff])*$/.test(letters) || new Set(tokens).size !== tokens.length || tokens.length === 0) return null;
  const year = place(format, 'yy');
  const template: TimeTemplate = {
    length: format.length,
    year,
    yearDigits: format.includes('yyyy') ? 4 : 2,
    month: place(format, 'MM'),
    day: place(format, 'dd'),
    hour: place(format, 'HH'),
    minute: place(format, 'mm'),
    second: place(format, 'ss'),
    fraction: place(format, 'S'),
    fractionDigits: (/S+/.exec(format)?.[0] ?? '').length,
    marks: [...letters].flatMap((char, i) => (/[A-Za-z]/.test(char) ? [] : [[i, format.charCodeAt(i)] as const])),
  };
  return template.year < 0 || template.month < 0 || template.day < 0 || template.hour < 0 || template.minute < 0 || template.fractionDigits > 6 ? null : template;
};
