import type { SeriesColumns } from '../../main/contract/plant.ts';
import type { Axis } from '../../main/contract/values.ts';
import type { Show } from '../format/show.ts';
import type { Translate } from '../messages/translate.ts';
import { thinned } from './thinned.ts';

const numbers = (values: readonly (number | null)[]): readonly number[] => values.filter((value) => value !== null);

/** Lowest, highest, newest value and how many points, in a sentence. */
export const trendSummary = (t: Translate, show: Show, series: SeriesColumns): string => {
  const last = numbers(series.max).at(-1);
  if (last === undefined) return t('machine.trendNothing');
  const low = numbers(series.min).reduce((a, b) => Math.min(a, b));
  const high = numbers(series.max).reduce((a, b) => Math.max(a, b));
  return t('machine.trendSummary', { last: show.number(last, series.unit), low: show.number(low), high: show.number(high, series.unit), points: show.integer(series.points) });
};

/** The columns as rows, thinned to what a person reads. */
export const trendTable = (t: Translate, show: Show, series: SeriesColumns, axis: Axis): { head: string[]; rows: string[][] } => {
  const rows = series.at.map((at, index) => [show.position(axis, at, 'exact'), show.number(series.min[index] ?? null, series.unit), show.number(series.max[index] ?? null, series.unit)]);
  return { head: [t(`machine.${axis}`), t('machine.lowest'), t('machine.highest')], rows: [...thinned(rows, 200)] };
};
