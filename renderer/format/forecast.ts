import type { Forecast } from '../../main/contract/plant.ts';
import type { Axis } from '../../main/contract/values.ts';
import { HEALTHY, type NoForecast } from '../../ml/documents/prediction.ts';
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
  /** '95% within 3 days': the probability beside a remaining life, where the machine has both. */
  readonly chance: string | null;
}

/** An interval of days is not told to the minute. */
const whenOf = (show: Show, axis: Axis, at: { median: number; low: number; high: number }): string =>
  axis === 'cycle' ? show.position(axis, Math.round(at.median)) : show.time(at.median, at.high - at.low > 2 * DAY ? 'date' : 'weekday');

const none = (t: Translate, why: string): ForecastWords => ({ kind: 'none', main: t('forecast.none'), sure: why, when: null, chance: null });

/** A median at the longest life that the model tells apart is 'or more': then no day is named. */
const lifeWords = (t: Translate, show: Show, axis: Axis, forecast: Forecast, rul: NonNullable<Forecast['rul']>, chance: string | null): ForecastWords => {
  const life = show.life(rul);
  const isOpen = isAtCap(rul.median, rul.cap);
  return {
    kind: 'life',
    main: life.isOver ? t('forecast.due') : t(isOpen ? 'forecast.inOrMore' : 'forecast.in', { life: life.median }),
    sure: t(isAtCap(rul.high, rul.cap) ? 'forecast.intervalOrMore' : 'forecast.interval', { interval: life.interval }),
    when: forecast.failureAt === null || isOpen ? null : whenOf(show, axis, forecast.failureAt),
    chance,
  };
};

const CAP_TOLERANCE = 0.01;
const isAtCap = (value: number, cap: number | undefined): boolean => cap !== undefined && value >= cap * (1 - CAP_TOLERANCE);

/** The kind of fault, where no model speaks of life or probability: 'BRD, 83%'. */
const faultWords = (t: Translate, show: Show, { classes, likely, horizon, unit }: NonNullable<Forecast['fault']>): ForecastWords => {
  const p = show.percent(classes.find(({ name }) => name === likely)?.p ?? 0);
  const main = likely === null ? t('forecast.unknownFault') : likely === HEALTHY ? t('forecast.noFault', { p }) : t('forecast.faultOf', { mode: likely, p });
  return { kind: 'probability', main, sure: t('forecast.faultWithin', { within: show.inUnit(horizon, unit) }), when: null, chance: null };
};

const anomalyWords = (t: Translate, show: Show, { share, since }: NonNullable<Forecast['anomaly']>): ForecastWords => ({
  kind: 'probability',
  main: t(since === null ? 'forecast.likeHealthy' : 'forecast.unlikeHealthy'),
  sure: t('forecast.ofLimit', { share: show.percent(share) }),
  when: null,
  chance: null,
});

export const forecastWords = (t: Translate, show: Show, forecast: Forecast | null, axis: Axis): ForecastWords => {
  if (forecast === null) return none(t, t('forecast.notYet'));
  if (forecast.noForecast !== null) return none(t, t(`noForecast.${forecast.noForecast.reason}`));
  const [nearest] = forecast.failureProbability.toSorted((a, b) => a.horizon - b.horizon);
  const within = nearest === undefined ? '' : show.inUnit(nearest.horizon, nearest.unit);
  if (forecast.rul !== null) return lifeWords(t, show, axis, forecast, forecast.rul, nearest === undefined ? null : t('forecast.chance', { p: show.chance(nearest.p), within }));
  if (nearest === undefined && forecast.fault !== null) return faultWords(t, show, forecast.fault);
  if (nearest === undefined && forecast.anomaly !== null) return anomalyWords(t, show, forecast.anomaly);
  if (nearest === undefined) return none(t, t('forecast.notYet'));
  return { kind: 'probability', main: show.chance(nearest.p), sure: t('forecast.within', { within }), when: null, chance: null };
};

/** The figures behind 'no forecast', in words; null where the reason alone says all. */
export const noForecastDetail = (t: Translate, show: Show, { reason, figures = {} }: NoForecast): string | null => {
  const number = (name: string): number => (typeof figures[name] === 'number' ? figures[name] : 0);
  const sensors = String(figures['sensors'] ?? '');
  if (Object.keys(figures).length === 0) return null;
  switch (reason) {
    case 'too-short':
      return t('noForecastDetail.tooShort', { steps: number('steps'), needed: number('needed') });
    case 'sensor-missing':
      return t('noForecastDetail.sensorMissing', { sensors });
    case 'too-many-gaps':
      return t('noForecastDetail.tooManyGaps', { share: show.percent(number('share')), most: show.percent(number('most')) });
    case 'unlike-training':
      if (figures['share'] === undefined) return t('noForecastDetail.unlikeTogether', { sensors });
      return sensors === '' ? t('noForecastDetail.unlike', { share: show.percent(number('share')) }) : t('noForecastDetail.unlikeIn', { share: show.percent(number('share')), sensors });
    default:
      return null;
  }
};
