import { daysFromCivil, microsPerDay, microsPerMinute } from '../times/civil.ts';
import { clockTime, kindOfTime, readDateTime } from '../times/read.ts';
import { WallClock } from '../times/zone.ts';
import type { Line } from './sheet.ts';
import { orderOfSite } from './timeform.ts';
import { splitHeader, toUnit } from './units.ts';

/** What the metadata above a header state about the times of the records. */
export interface Stated {
  /** Microseconds of UTC at which the records begin. */
  start: number | null;
  /** The day of the records, as days since 1970 on the site's wall clock. */
  day: number | null;
  /** Seconds between two records. */
  interval: number | null;
}

export const nothingStated: Stated = { start: null, day: null, interval: null };

/** Microseconds of UTC of Windows' count of 100 ns since 1601, in the years 1990 to 2100; null for other texts. */
const filetimeOf = (text: string): number | null => {
  if (!/^1[2-5]\d{16}$/.test(text)) return null;
  return Number((BigInt(text) - 116_444_736_000_000_000n) / 10n);
};

/** Microseconds of UTC of a date and time as written on the site's wall; null where the text is none. */
const momentOf = (text: string, site: string): number | null => {
  const civil = readDateTime(text.trim(), orderOfSite(site), site);
  if (!civil) return null;
  const at = civil.offset === null ? new WallClock(site).toUtc(civil.local, NaN) : civil.local - civil.offset * microsPerMinute;
  return Number.isNaN(at) ? null : at;
};

const valueOf = (line: Line): string => line.text.replace(/^[^:=;,\t]*[:=;,\t]/, '').replace(/^["'\s]+|["'\s;,]+$/g, '');
const keyOf = (line: Line): string => (/^[\s"'#%/]*([^:=;,\t]*)/.exec(line.text)?.[1] ?? '').replace(/["'\s]+$/, '');

const startWords = /start|begin|beginn|début|inicio|first sample|trigger ?time|开始|開始|起始|測定日時|测量时间|采集时间/i;
const otherWords = /end|stop|ende|fin|export|print|creat|erstell|gedruckt|calib|kalib|report|user|version|终|終|导出|打印/i;
const dateWords = /^(?:date|datum|fecha|data|start ?date|startdatum|date of (?:test|measurement)|messdatum|日期|日付|测量日期)$/i;
const timeWords = /^(?:time|zeit|uhrzeit|hora|heure|start ?time|startzeit|时间|時刻)$/i;

/** A start in one line: a count since 1601, a date and a time in one cell, or in two cells beside each other. */
const startOfLine = (line: Line, site: string): number | null => {
  const cells = line.cells.map((cell) => cell.trim());
  for (const cell of cells) {
    const at = filetimeOf(cell);
    if (at !== null) return at;
  }
  for (const [i, cell] of cells.entries()) {
    const at = Number.isNaN(clockTime(cells[i + 1] ?? '')) ? null : momentOf(`${cell} ${cells[i + 1] ?? ''}`, site);
    if (at !== null) return at;
  }
  for (const text of [...cells, valueOf(line)]) {
    const at = momentOf(text, site);
    if (at !== null) return at;
  }
  return null;
};

const momentWithClock = (line: Line, site: string): number | null => {
  const text = line.cells.slice(1).find((cell) => kindOfTime(cell.trim()) === 'datetime') ?? (kindOfTime(valueOf(line)) === 'datetime' ? valueOf(line) : undefined);
  return text === undefined ? null : momentOf(text, site);
};

/** The date of a line 'Date: 20.05.2025' and the clock of a line 'Time: 08:00:00'. */
const dateAndTime = (preamble: readonly Line[], site: string): { day: number | null; clock: number } => {
  let day: number | null = null;
  let clock = NaN;
  // The last ones stand nearest to the records: a file's own date may stand above.
  for (const line of preamble.toReversed()) {
    const key = keyOf(line).trim();
    const texts = [line.cells[1] ?? '', valueOf(line)];
    if (dateWords.test(key) && day === null) {
      const civil = texts.map((text) => readDateTime(text.trim(), orderOfSite(site), site)).find((one) => one !== null);
      if (civil) day = Math.floor(civil.local / microsPerDay);
    } else if (timeWords.test(key) && Number.isNaN(clock)) clock = texts.map((text) => clockTime(text.trim())).find((one) => !Number.isNaN(one)) ?? NaN;
  }
  return { day, clock };
};

const intervalWords = /(?:sampl\w*|log(?:ging)?|scan|record(?:ing)?|acquisition|storage|abtast\w*|mess|aufzeichnungs?|采样|记录|サンプリング|delta)[\s_-]*(?:interval|rate|period|time|freq\w*|cycle|intervall|takt|zeit|[xt]\b|周期|间隔|频率|時間)/i;

const number = /[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?/;

/** Seconds of '10 s', '5 min', '00:30:00', '25600 Hz'; `unit`: where the text has none. */
export const secondsOf = (text: string, unit: string | null): number | null => {
  const clock = clockTime(text.trim());
  if (!Number.isNaN(clock) && clock > 0) return clock / 1e6;
  const value = Number((number.exec(text)?.[0] ?? '').replace(',', '.'));
  const written = text.replace(number, '').trim();
  const scales: Record<string, number> = { s: 1, ms: 1e-3, µs: 1e-6, min: 60, h: 3600, d: 86_400 };
  const inverse: Record<string, number> = { Hz: 1, kHz: 1e3, MHz: 1e6, '1/s': 1 };
  const known = toUnit(written === '' ? unit : written).unit ?? '';
  if (!(value > 0)) return null;
  const scale = scales[known];
  if (scale !== undefined) return value * scale;
  const rate = inverse[known];
  return rate === undefined ? null : 1 / (value * rate);
};

const intervalOfLine = (line: Line): number | null => {
  const key = keyOf(line);
  if (!intervalWords.test(key)) return null;
  const unit = splitHeader(key).unit ?? (/delta/i.test(key) ? 's' : null);
  for (const text of [valueOf(line), line.cells[1] ?? '']) {
    const seconds = secondsOf(text, unit);
    if (seconds !== null) return seconds;
  }
  return null;
};

const first = (preamble: readonly Line[], of: (line: Line) => number | null): number | null => {
  for (const line of preamble) {
    const found = of(line);
    if (found !== null) return found;
  }
  return null;
};

/** Start, day and interval that the metadata state. `site`: zone of times that state none. */
export const statedTimes = (preamble: readonly Line[], site: string): Stated => {
  // A moment under another name is the start where nothing is named so, unless the name speaks of something else.
  const start = first(preamble, (line) => (startWords.test(line.text) ? startOfLine(line, site) : null)) ?? first(preamble, (line) => (otherWords.test(keyOf(line)) ? null : momentWithClock(line, site)));
  const { day, clock } = dateAndTime(preamble, site);
  const wall = new WallClock(site);
  const joined = day === null || Number.isNaN(clock) ? NaN : wall.toUtc(day * microsPerDay + clock, NaN);
  const at = start ?? (Number.isNaN(joined) ? null : joined);
  return { start: at, day: day ?? (start === null ? null : Math.floor(wall.toLocal(start) / microsPerDay)), interval: first(preamble, intervalOfLine) };
};

/** A day that stands in a file's name ('log_2025-03-12.csv', '20250312_pump.csv'), as days since 1970; null where none does. */
export const dayInName = (name: string): number | null => {
  const match = /(?<!\d)(20\d{2})([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)/.exec(name);
  if (match) return daysFromCivil(Number(match[1]), Number(match[3]), Number(match[4]));
  const other = /(?<!\d)(0[1-9]|[12]\d|3[01])([-_.]?)(0[1-9]|1[0-2])\2(20\d{2})(?!\d)/.exec(name);
  return other ? daysFromCivil(Number(other[4]), Number(other[3]), Number(other[1])) : null;
};

const tagKey = /^(?:tag|sensor|channel|point|signal|variable|parameter|item|messstelle|kanal|测点|位号|变量|信号|タグ|信号)[ _-]?(?:name|id|名|名称)?$/i;
const unitKey = /^(?:units?|einheit|uom|eu|engineering units?|unité|单位|単位)$/i;

/** The one tag that a file is about, and its unit: 'Tag name:,TI-101', 'Unit:,°C'. */
export const statedTag = (preamble: readonly Line[]): { name: string; unit: string | null } | null => {
  const told = (key: RegExp): string[] => preamble.filter((line) => key.test(keyOf(line).trim())).map((line) => (line.cells[1] ?? '').trim() || valueOf(line)).filter((text) => text !== '');
  const [name, ...others] = told(tagKey);
  return name === undefined || others.length > 0 ? null : { name, unit: toUnit(told(unitKey)[0] ?? null).unit };
};
