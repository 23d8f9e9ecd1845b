const second = 1e6;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
/** Steps that people read clocks by, in microseconds. */
const ladder = [second, 2 * second, 5 * second, 10 * second, 15 * second, 30 * second, minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 20 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 4 * hour, 6 * hour, 12 * hour, day, 2 * day, 7 * day];

/** Rows that a life of median length should have: long enough for a window to show a trend, short enough to train in minutes. */
const ROWS_OF_LIFE = 300;

export const medianOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
};

/**
 * The step of a grid, in axis units, on which lives of the given lengths have about 300 rows; a cycle axis always steps by one cycle.
 * @param lives lengths in axis units @param interval between two readings, the least step that can be had, or null
 */
export const chooseStep = (axis: 'time' | 'cycle', lives: readonly number[], interval: number | null): number => {
  if (axis === 'cycle') return 1;
  const wanted = Math.max(medianOf(lives) / ROWS_OF_LIFE || second, interval ?? 0);
  const distance = (step: number): number => Math.abs(Math.log(step / wanted));
  const possible = ladder.filter((step) => step >= (interval ?? 0));
  return possible.reduce((best, step) => (distance(step) < distance(best) ? step : best), possible[0] ?? Math.ceil(wanted / day) * day);
};

/** Rows of healthy running that are trained on in minutes. */
const HEALTHY_ROWS = 200_000;

/**
 * The step of a grid for healthy running, in axis units: as fine as the readings, and so coarse that all running is at most some 200,000 rows.
 * @param whole length of all running, in axis units @param interval between two readings, or null
 */
export const chooseHealthyStep = (axis: 'time' | 'cycle', whole: number, interval: number | null): number => {
  if (axis === 'cycle') return 1;
  // Some readings are missing: the mean distance is a little more than the clock's own.
  const least = Math.max(0.8 * (interval ?? second), whole / HEALTHY_ROWS);
  return ladder.find((step) => step >= least) ?? Math.ceil(least / day) * day;
};
