import type { Forecast } from '../../main/contract/plant.ts';
import type { Axis } from '../../main/contract/values.ts';
import type { Translate } from '../messages/translate.ts';
import { DAY } from './time.ts';
import type { Show } from './show.ts';

/** A forecast in words: when, how sure; or why there is none. Numbers are the forecast's own. */
export interface ForecastWords {
  readonly kind: 'life' | 'probability' | 'none';
  /** 'in 12 days', '34 % within 7 days', 'no forecast'. */
  readonly main: string;
  /** '90 %: 9 to 16 days'; the reason where there is none. */
  readonly sure: string;
  /** 'Thu 4 Dec 2025': the median on the calendar, or the cycle. */
  readonly when: string | null;
}

/** An interval of days is not told to the minute. */
const whenOf = (show: Show, axis: Axis, at: { median: number; low: number; high: number }): string =>
  axis === 'cycle' ? show.position(axis, Math.round(at.median)) : show.time(at.median, at.high - at.low > 2 * DAY ? 'date' : 'weekday');

export const forecastWords = (t: Translate, show: Show, forecast: Forecast | null, axis: Axis): ForecastWords => {
  if (forecast === null) return { kind: 'none', main: t('forecast.none'), sure: t('forecast.notYet'), when: null };
  if (forecast.noForecast !== null) return { kind: 'none', main: t('forecast.none'), sure: t(`noForecast.${forecast.noForecast.reason}`), when: null };
  if (forecast.rul !== null) {
    const life = show.life(forecast.rul);
    return {
      kind: 'life',
      main: t('forecast.in', { life: life.median }),
      sure: t('forecast.interval', { interval: life.interval }),
      when: forecast.failureAt === null ? null : whenOf(show, axis, forecast.failureAt),
    };
  }
  const [nearest] = forecast.failureProbability.toSorted((a, b) => a.horizon - b.horizon);
  if (nearest === undefined) return { kind: 'none', main: t('forecast.none'), sure: t('forecast.notYet'), when: null };
  const within = show.inUnit(nearest.horizon, nearest.unit);
  return { kind: 'probability', main: t('forecast.probability', { p: show.percent(nearest.p) }), sure: t('forecast.within', { within }), when: null };
};
