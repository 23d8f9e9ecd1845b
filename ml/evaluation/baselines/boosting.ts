import { selectWindows } from '../../dataset/windows.ts';
import type { TrainingConfig } from '../../documents/config.ts';
import { fitBoosted, predictBoosted, type Boosted } from '../boosting/boost.ts';
import type { Points } from './points.ts';
import { FEATURES_AN_INPUT, windowFeatures } from './windowFeatures.ts';

/** Windows that the trees are grown on at most; more cost seconds and change little. */
const MOST_WINDOWS = 20_000;

/** The same points with at most `most` windows, evenly spread. */
export const thinned = (points: Points, most: number): Points => {
  const stride = Math.ceil(points.windows.ends.length / most);
  if (stride <= 1) return points;
  return { ...points, windows: selectWindows(points.windows, [...points.windows.ends.keys()].filter((at) => at % stride === 0)) };
};

/**
 * Gradient boosting on features of the window: the strongest rival that needs no network, and on many data a match for one.
 */
export const fitBoosting = (points: Points, { task, seed }: Pick<TrainingConfig, 'task' | 'seed'>): Boosted => {
  const some = thinned(points, MOST_WINDOWS);
  return fitBoosted(windowFeatures(some), some.windows.labels, points.rows.inputs * FEATURES_AN_INPUT, { loss: task === 'failure' ? 'logistic' : 'squared', seed });
};

/** What the trees say of each window: steps, or a probability. */
export const byBoosting = (boosted: Boosted, points: Points): Float32Array => predictBoosted(boosted, windowFeatures(points), points.rows.inputs * FEATURES_AN_INPUT);
