import { basename, dirname } from 'node:path';
import { daysFromCivil, fullYear, isDate, microsPerDay } from '../times/civil.ts';

/** The days that a file's readings span, as days since 1970; null where its axis counts cycles or nothing is known. */
export interface DaySpan {
  first: number;
  last: number;
}

/** Days that a run of digits could mean. */
const daysOf = (digits: string): number[] => {
  const part = (from: number, to: number): number => Number(digits.slice(from, to));
  const all: [number, number, number][] =
    digits.length === 8
      ? [[part(0, 4), part(4, 6), part(6, 8)], [part(4, 8), part(2, 4), part(0, 2)], [part(4, 8), part(0, 2), part(2, 4)]]
      : digits.length === 6
        ? [[fullYear(part(0, 2), 2), part(2, 4), part(4, 6)], [fullYear(part(4, 6), 2), part(2, 4), part(0, 2)], [part(0, 4), part(4, 6), 1]]
        : [];
  return all.filter((date) => isDate(...date)).map((date) => daysFromCivil(...date));
};

const yearOf = (day: number): number => new Date((day * microsPerDay) / 1000).getUTCFullYear();

/** True where the digits tell when the file was written, not which machine it is about. */
const tellsDate = (digits: string, span: DaySpan): boolean => {
  return daysOf(digits).some((day) => day >= span.first - 62 && day <= span.last + 62);
};

const copyMark = /(?:\s*-\s*(?:copy|kopie|copie|copia)(?:\s*\(\d+\))?|\s*\(\d+\)|[ _-](?:copy|kopie)\d*|\s*-\s*副本(?:\s*\(\d+\))?|[ _-](?:raw|roh|orig(?:inal)?|corr(?:ected)?|korrigiert|revised|edited)\d*|~\d*)$/i;
const extension = /\.(?:zip|csv|tsv|txt|dat|log|asc|prn|lvm|data|out|xls|gz)$/i;

/** A file's name without its folder, its extensions, a rotation's number and the mark of a copy. */
export const stemOf = (path: string): string => {
  let stem = basename(path);
  for (let before = ''; before !== stem; ) {
    before = stem;
    stem = stem.replace(extension, '');
    // log.csv.1 and log.1.csv are the log before log.csv.
    if (/\.(?:csv|tsv|txt|dat|log|asc)\.\d+$/i.test(before)) stem = stem.replace(/\.\d+$/, '');
  }
  return stem.replace(/(?<=[^.\d])\.\d{1,3}$/, '').replace(copyMark, '').trim();
};

/**
 * The asset that a file is about when nothing in it says so: its name, less what tells only its date
 * (vibration_05122022_11122022.csv with readings of those days is 'vibration') or that it is a copy.
 */
export const assetNameOf = (path: string, span: DaySpan | null): string => {
  const stem = stemOf(path);
  let name = stem;
  if (span) {
    name = name.replace(/(\d{4})([-_.])(\d{2})\2(\d{2})(?!\d)/g, (whole, y: string, _mark: string, m: string, d: string) => (tellsDate(y + m + d, span) ? '\0' : whole));
    name = name.replace(/(?<!\d)(\d{2})([-_.])(\d{2})\2(\d{4})(?!\d)/g, (whole, d: string, _mark: string, m: string, y: string) => (tellsDate(d + m + y, span) ? '\0' : whole));
    name = name.replace(/(?<!\d)\d{6}(?:\d{2})?(?!\d)/g, (digits) => (tellsDate(digits, span) ? '\0' : digits));
    // Four digits are a machine's number (P-1026) more often than a date; a year behind a word is one.
    name = name.replace(/(?<=\p{L}{3,}[_ ])\d{4}$/u, (digits) => (Number(digits) >= yearOf(span.first) && Number(digits) <= yearOf(span.last) ? '\0' : digits));
    name = name.replace(/\0(?:[T _-]?\d{4}(?:\d{2})?)?(?:[a-z](?![a-z]))?/gi, '\0').replace(/[ _.-]*\0[ _.-]*/g, '\0').replace(/^\0+|\0+$/g, '').replace(/\0+/g, '_');
  }
  name = name.replaceAll('/', '_').trim();
  const folder = basename(dirname(path));
  if (name === '') return folder || stem || 'machine';
  // A number alone is no name: valve1/0.csv is valve1_0.
  return /^\d+$/.test(name) && folder !== '' ? `${folder}_${name}` : name;
};

/** The type of a machine by its name: pump_1, pump-2 and 'Pump A' are pumps. */
export const machineTypeOf = (asset: string, column: string | null): string => {
  const stem = asset.replace(/[\s_.#-]*\d+[a-z]?$/i, '').replace(/[\s_-]+[A-Za-z]$/, '').trim();
  if (/\p{L}/u.test(stem)) return stem.toLowerCase();
  const named = (column ?? '').replace(/[\s_-]*(?:id|no|nr|number|name|nummer)\.?$/i, '').trim();
  return named === '' ? 'machine' : named.toLowerCase();
};
