/**
 * Operating regimes of a machine: combinations of the levels on which its settings stand. A sensor is a setting when nearly all its
 * readings lie on a few tight levels far from each other; wear moves no reading that way. Unlike the regimes of a model, whose rows
 * must all be used, rows between two levels (the set point changed within the step) belong to no regime here.
 */
export interface Regimes {
  /** Settings by sensor index, with the levels of each: lowest and highest reading that belongs to it. */
  readonly settings: readonly { readonly sensor: number; readonly levels: readonly { readonly low: number; readonly high: number }[] }[];
}

export const oneRegime: Regimes = { settings: [] };

const BINS = 100;
/** A bin with less than this share of the readings is empty but for strays. */
const STRAY_SHARE = 0.003;
/** A level holds at least this share of the readings, all levels together at least nearly all. */
const LEVEL_SHARE = 0.03;
const COVERED_SHARE = 0.8;
/** In bins: a level is no wider, and the gap to the next is at least as wide as this. */
const WIDEST_LEVEL = 10;
const NARROWEST_GAP = 3;
const MOST_LEVELS = 8;
/** Levels that span less of the reading's size are the resolution of the instrument, not a setting. */
const LEAST_RANGE_OF_SIZE = 0.05;
/** Share of a level's rows that each half of the time holds at least. */
const LEAST_HALF = 0.1;
const ROWS_NEEDED = 100;

interface Range {
  first: number;
  last: number;
  count: number;
}

/** Runs of filled bins; a single empty bin doesn't part them. */
const runsOf = (counts: readonly number[], total: number): Range[] => {
  const runs: Range[] = [];
  counts.forEach((count, bin) => {
    if (count < STRAY_SHARE * total) return;
    const run = runs.at(-1);
    if (run !== undefined && bin - run.last < NARROWEST_GAP) {
      run.last = bin;
      run.count += count;
    } else runs.push({ first: bin, last: bin, count });
  });
  return runs;
};

const levelsOf = (readings: readonly number[]): { low: number; high: number }[] | null => {
  const sorted = Float64Array.from(readings).filter(Number.isFinite).sort();
  if (sorted.length < ROWS_NEEDED) return null;
  const low = sorted[Math.floor(0.005 * sorted.length)] ?? 0;
  const range = (sorted[Math.ceil(0.995 * (sorted.length - 1))] ?? 0) - low;
  if (!(range > 0)) return null;
  const width = range / (BINS - 1);
  const counts = Array<number>(BINS).fill(0);
  for (const reading of sorted) {
    const bin = Math.round((reading - low) / width);
    if (bin >= 0 && bin < BINS) counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const runs = runsOf(counts, sorted.length).filter(({ count }) => count >= LEVEL_SHARE * sorted.length);
  const covered = runs.reduce((sum, { count }) => sum + count, 0);
  const tight = runs.every(({ first, last }) => last - first + 1 <= WIDEST_LEVEL);
  if (runs.length < 2 || runs.length > MOST_LEVELS || !tight || covered < COVERED_SHARE * sorted.length) return null;
  const size = Math.max(Math.abs(sorted[0] ?? 0), Math.abs(sorted.at(-1) ?? 0));
  if (range < LEAST_RANGE_OF_SIZE * size) return null;
  // A bin of slack on either side: noise seen later is no new regime.
  return runs.map(({ first, last }) => ({ low: low + (first - 1.5) * width, high: low + (last + 1.5) * width }));
};

/** A setting comes and goes through the whole time; a level that is seen in one half only is wear. */
const throughTime = (readings: readonly number[], levels: readonly { low: number; high: number }[]): boolean =>
  levels.every(({ low, high }) => {
    const at = readings.flatMap((reading, i) => (reading >= low && reading <= high ? [i] : []));
    const early = at.filter((i) => i < readings.length / 2).length / at.length;
    return early > LEAST_HALF && early < 1 - LEAST_HALF;
  });

/** Finds the settings among the columns of a machine's running rows, in order of time; [sensors][rows]. */
export const findRegimes = (columns: readonly (readonly number[])[]): Regimes => ({
  settings: columns.flatMap((readings, sensor) => {
    const levels = levelsOf(readings);
    return levels !== null && throughTime(readings, levels) ? [{ sensor, levels }] : [];
  }),
});

/** Number of combinations of levels. */
export const regimeCount = (regimes: Regimes): number => regimes.settings.reduce((product, { levels }) => product * levels.length, 1);

/** The regime of one row; null where a setting is between its levels or was not measured. */
export const regimeOf = (regimes: Regimes, row: Float32Array): number | null => {
  let regime = 0;
  for (const { sensor, levels } of regimes.settings) {
    const reading = row[sensor] ?? Number.NaN;
    const level = levels.findIndex(({ low, high }) => reading >= low && reading <= high);
    if (level < 0) return null;
    regime = regime * levels.length + level;
  }
  return regime;
};
