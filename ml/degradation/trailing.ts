/** Place of the first item of the ascending list that is not below `value`. */
const placeOf = (sorted: readonly number[], value: number): number => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
};

/**
 * Median of each value and the `width - 1` before it (fewer at the beginning); of an even number the upper one.
 * @param series [rows], finite
 * @returns [rows]
 */
export const trailingMedian = (series: Float64Array, width: number): Float64Array => {
  const sorted: number[] = [];
  return series.map((value, row) => {
    sorted.splice(placeOf(sorted, value), 0, value);
    if (row >= width) sorted.splice(placeOf(sorted, series[row - width] ?? 0), 1);
    return sorted[sorted.length >> 1] ?? Number.NaN;
  });
};

/** Rows that a level needs before it can be the lowest: run-in and a lone low reading must not define health. */
const SETTLED_ROWS = 15;

/**
 * The healthy level of a series as it was known at each row: the lowest level that it has held so far. A bearing runs in, its
 * vibration falls for the first minutes or hours; what it falls to is its own health, whatever the machine and the mounting.
 * @param levels trailing medians of the logarithm of a vibration, [rows]
 * @returns [rows]
 */
export const healthyLevel = (levels: Float64Array): Float64Array => {
  let lowest = Number.POSITIVE_INFINITY;
  return levels.map((level, row) => {
    if (row < SETTLED_ROWS) return level;
    lowest = Math.min(lowest, level);
    return lowest;
  });
};
