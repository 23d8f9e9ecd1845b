/** Levels of one condition at most; more is a measurement, not a setting. */
const MOST_LEVELS = 12;
/** A gap of this share of the range parts two levels. */
const GAP = 0.02;
/** Spread of a level against the gap to its neighbour: settings sit still between their jumps. */
const SPREAD_OF_GAP = 0.25;
/** Rows from which on a level is one; fewer are strays. */
const FEWEST_ROWS = 8;
/** Share of the rows that may be strays. */
const MOST_STRAYS = 0.01;
const FEWEST_VALUES = 100;

/** Values that lie close together. */
interface Cluster {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** The few tight levels that a sensor sits on. */
export interface Levels {
  readonly count: number;
  /** Widest spread of a level against the smallest gap between two. */
  readonly spread: number;
  /** Index of the level of a value, lowest first; -1 for a stray and for what was not measured. */
  levelOf(value: number): number;
}

const clustersOf = (sorted: Float64Array, leastGap: number): Cluster[] | null => {
  const clusters: Cluster[] = [];
  let begin = 0;
  for (let at = 1; at <= sorted.length; at++) {
    const high = sorted[at - 1] ?? 0;
    if (at < sorted.length && (sorted[at] ?? 0) - high < leastGap) continue;
    clusters.push({ low: sorted[begin] ?? 0, high, count: at - begin });
    begin = at;
    // As many strays as levels may lie between them.
    if (clusters.length > 2 * MOST_LEVELS) return null;
  }
  return clusters;
};

/**
 * The levels that a sensor sits on; null when its values are not a few tight levels. A few rows apart from all others are no
 * level, and don't hide the levels of the rest.
 * @param values NaN where nothing was measured
 */
export const findLevels = (values: readonly number[]): Levels | null => {
  const sorted = Float64Array.from(values.filter(Number.isFinite)).sort();
  const quantile = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  // Misreadings far away must not make neighbouring levels look like one.
  const range = quantile(1 - MOST_STRAYS) - quantile(MOST_STRAYS);
  if (sorted.length < FEWEST_VALUES || range <= 0) return null;
  const clusters = clustersOf(sorted, GAP * range);
  if (clusters === null) return null;
  const levels = clusters.filter(({ count }) => count >= FEWEST_ROWS);
  const strays = sorted.length - levels.reduce((sum, { count }) => sum + count, 0);
  if (levels.length < 2 || levels.length > MOST_LEVELS || strays > MOST_STRAYS * sorted.length) return null;
  const gaps = levels.slice(1).map(({ low }, at) => low - (levels[at]?.high ?? low));
  const widest = Math.max(...levels.map(({ low, high }) => high - low));
  const smallest = Math.min(...gaps);
  if (widest > SPREAD_OF_GAP * smallest) return null;
  // What lies within half a gap of a level is of it.
  const margin = smallest / 2;
  return { count: levels.length, spread: widest / smallest, levelOf: (value) => levels.findIndex(({ low, high }) => value >= low - margin && value <= high + margin) };
};
