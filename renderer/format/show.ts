import type { Axis } from '../../main/contract/values.ts';
import { localeOf, translator, type Key, type Language, type Translate } from '../messages/translate.ts';
import { lifeOf } from './life.ts';
import { DASH, showBytes, showChance, showFixed, showInteger, showNumber, showPercent, withUnit } from './number.ts';
import { showTime, spanOf, type TimeShape } from './time.ts';

/** How numbers, times and forecasts are said in one language and one plant's zone. */
export interface Show {
  readonly language: Language;
  readonly locale: string;
  readonly zone: string;
  number(value: number | null, unit?: string | null): string;
  fixed(value: number, digits: number): string;
  integer(value: number): string;
  percent(share: number): string;
  /** A forecast probability; '<1%' and '>99%' at the ends. */
  chance(p: number): string;
  bytes(bytes: number): string;
  /** A moment in microseconds since 1970. */
  time(micros: number, shape?: TimeShape): string;
  /** A place on an axis: a moment, or a cycle. */
  position(axis: Axis, position: number, shape?: TimeShape): string;
  /** A span in microseconds: '12 min'. */
  span(micros: number): string;
  /** How long before `now`: '12 min ago'. */
  ago(micros: number, now: number): string;
  /** How long after `now`: 'in 12 min'. */
  ahead(micros: number, now: number): string;
  /** Remaining life: '12 days', its interval: '9 to 16 days', and whether nothing is left of it. */
  life(rul: { median: number; low: number; high: number; unit: string }): { median: string; interval: string; isOver: boolean };
  /** A count in one of the units that models use: '7 days'. */
  inUnit(value: number, unit: string): string;
}

const units: Readonly<Record<string, Key>> = {
  cycles: 'unit.cycles',
  minutes: 'unit.minutes',
  hours: 'unit.hours',
  days: 'unit.days',
  weeks: 'unit.weeks',
};

const sayUnit = (t: Translate, locale: string, value: number, unit: string): string => {
  const key = units[unit];
  return key === undefined ? withUnit(showNumber(locale, value), unit) : t(key, { count: value });
};

export const createShow = (language: Language, zone: string): Show => {
  const locale = localeOf(language);
  const t = translator(language);
  const time = (micros: number, shape: TimeShape = 'moment'): string => showTime(locale, zone, micros, shape);
  const span = (micros: number): string => {
    const { count, unit } = spanOf(micros);
    return t(`unit.${unit}`, { count });
  };
  return {
    language,
    locale,
    zone,
    number: (value, unit = null) => (value === null ? DASH : withUnit(showNumber(locale, value), unit)),
    fixed: (value, digits) => showFixed(locale, value, digits),
    integer: (value) => showInteger(locale, value),
    percent: (share) => showPercent(locale, share),
    chance: (p) => showChance(locale, p),
    bytes: (bytes) => showBytes(locale, bytes),
    time,
    position: (axis, position, shape) => (axis === 'time' ? time(position, shape) : t('unit.cycle', { cycle: position })),
    span,
    ago: (micros, now) => (now - micros < 5e6 ? t('unit.justNow') : t('unit.ago', { span: span(now - micros) })),
    ahead: (micros, now) => t('unit.ahead', { span: span(micros - now) }),
    life: (rul) => {
      const life = lifeOf(rul);
      return {
        median: sayUnit(t, locale, life.median, life.unit),
        isOver: life.median <= 0,
        interval: t('unit.between', { low: showNumber(locale, life.low), high: sayUnit(t, locale, life.high, life.unit) }),
      };
    },
    inUnit: (value, unit) => sayUnit(t, locale, value, unit),
  };
};
