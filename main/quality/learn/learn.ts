import type { SensorId } from '../../contract/values.ts';
import type { Readings, SeriesInfo, SeriesStore } from '../../store/series/series.ts';
import { aroundOf, HALF, spreadOf, type Around } from '../scan/around.ts';
import { medianOf, QUARTILES_TO_SIGMA, quantileOf, runsOf, stepsOf, together } from './statistics.ts';

/** How a sensor usually behaves, learned from its own readings. */
export interface Habits {
  /** Median step between readings, in axis units; null with fewer than three. A sensor may be slower than the rows of its file. */
  readonly interval: number | null;
  /** Robust relative spread of the steps: 0 for a clock, 0.3 and more for a sensor that speaks when it has something to say. */
  readonly jitter: number;
  readonly gapFactor: number;
  /** As many equal readings in a row are a flat line; null: it stands still by nature. */
  readonly flatReadings: number | null;
  readonly spikeSigmas: number;
  /** Least spread that spikes are measured by: its usual noise, and its usual smallest move. 0: it mostly stands still, nothing is a spike. */
  readonly sigma: number;
  /** Its smallest usual move, as its resolution gives it; 0: it never moves. */
  readonly quantum: number;
  /** Where readings usually lie: between its 0.5th and 99.5th percentile; null where it doesn't vary. */
  readonly usual: { readonly low: number; readonly high: number; readonly spread: number } | null;
}

/** Readings learned from: all of a short series, else blocks spread evenly over it. */
const BLOCK_ROWS = 1024;
const BLOCKS = 16;

const LEAST_GAP_FACTOR = 3;
const STEPS_TOGETHER = 64;
const LEAST_FLAT_READINGS = 30;
/** A sensor has a rhythm of moving when it moved so often in what was looked at. */
const RUNS_TO_LEARN = 50;
/** So many long runs with so much of its readings in them, and standing still is its nature: a setpoint, a drive that waits. */
const RUNS_BY_NATURE = 15;
const SHARE_BY_NATURE = 0.2;
/** A sensor that knows no more values than this tells states, steps or setpoints: it stands still by nature and jumps by nature. */
const MOST_STATES = 10;
const LEAST_SPIKE_SIGMAS = 8;
/** Readings whose noise is measured together. */
export const NOISE_ROWS = 256;
/** Share of the readings that may lie beyond what is learned of noise: what is more frequent is the sensor's nature. */
const SPIKY_SHARE = 0.02;
/** From this relative spread of its steps on, a sensor has no nominal interval. */
export const IRREGULAR_JITTER = 0.3;

/** Blocks of a series, evenly spread; all of it when it is short. */
export const sampleOf = (series: Pick<SeriesStore, 'readPage'>, sensor: SensorId, { points, missing, first, last }: SeriesInfo): Readings[] => {
  if (first === null || last === null) return [];
  const rows = points + missing;
  const page = (from: number, to: number, limit: number): Readings => series.readPage({ sensor, from, after: false, to, limit, withMissing: true });
  if (rows <= BLOCKS * BLOCK_ROWS) return [page(first, last, rows)];
  const width = ((last - first) / rows) * BLOCK_ROWS;
  return Array.from({ length: BLOCKS }, (_, block) => {
    const from = first + ((last - first - width) * block) / (BLOCKS - 1);
    // Where the readings lie thinner than on average, further on: a block must not be empty.
    const near = page(from, Math.min(last, from + 4 * width), BLOCK_ROWS);
    return near.positions.length >= BLOCK_ROWS / 4 ? near : page(from, last, BLOCK_ROWS);
  });
};

/** Usual spread of the steps near each other, by their quartiles: an interval that changes once in a while is no jitter. */
const jitterOf = (steps: Float64Array): number => {
  const spreads: number[] = [];
  for (let from = 0; from < steps.length; from += STEPS_TOGETHER) {
    const some = steps.slice(from, from + STEPS_TOGETHER).sort();
    if (spreads.length === 0 || some.length === STEPS_TOGETHER) spreads.push((quantileOf(some, 0.75) - quantileOf(some, 0.25)) / QUARTILES_TO_SIGMA);
  }
  return medianOf(Float64Array.from(spreads));
};

const rhythmOf = (steps: Float64Array): Pick<Habits, 'interval' | 'jitter' | 'gapFactor'> => {
  if (steps.length < 2) return { interval: null, jitter: 0, gapFactor: LEAST_GAP_FACTOR };
  const interval = medianOf(steps);
  const jitter = jitterOf(steps) / interval;
  const long = quantileOf(steps.toSorted(), 0.99) / interval;
  // A logger with a clock has short steps but for its gaps; one that writes on change has all lengths, and its long ones are usual.
  return { interval, jitter, gapFactor: jitter >= IRREGULAR_JITTER ? Math.max(LEAST_GAP_FACTOR, 5 * long) : LEAST_GAP_FACTOR };
};

/** Eight times what a run of equal readings is at most, but for one in twenty. */
const flatOf = (blocks: readonly Float64Array[]): number | null => {
  const runs = Float64Array.from(blocks.flatMap(runsOf)).sort();
  if (runs.length < RUNS_TO_LEARN) return null;
  const long = runs.filter((run) => run >= LEAST_FLAT_READINGS);
  const share = long.reduce((sum, run) => sum + run, 0) / runs.reduce((sum, run) => sum + run, 0);
  if (long.length >= RUNS_BY_NATURE && share >= SHARE_BY_NATURE) return null;
  return Math.max(LEAST_FLAT_READINGS, Math.ceil(8 * quantileOf(runs, 0.95)));
};

/** Sizes of the moves between neighbouring readings, sorted. */
const movesOf = (blocks: readonly Float64Array[]): Float64Array => together(blocks.map(stepsOf)).map(Math.abs).filter((move) => move > 0).sort();

/** Excess of each reading over its neighbours, in spreads of the noise around it. */
const relativeExcess = ({ excess, residual }: Around, sigma: number): Float64Array => {
  const relative = new Float64Array(excess.length);
  for (let from = 0; from < excess.length; from += NOISE_ROWS) {
    const to = Math.min(excess.length, from + NOISE_ROWS);
    const spread = Math.max(sigma, spreadOf(residual, from, to, 4));
    for (let i = from; i < to; i += 1) relative[i] = (excess[i] ?? 0) / spread;
  }
  return relative;
};

const noiseOf = (blocks: readonly Float64Array[], moves: Float64Array): Pick<Habits, 'sigma' | 'spikeSigmas'> => {
  const around = blocks.map(aroundOf);
  const residuals = together(around.map(({ residual }) => residual));
  // Where most readings are equal, the noise is none; a spike must stand out of the usual moves too.
  const sigma = Math.max(spreadOf(residuals, 0, residuals.length, 1), moves.length === 0 ? 0 : quantileOf(moves, 0.75) / 3);
  if (residuals.length < 4 * HALF || sigma === 0) return { sigma: 0, spikeSigmas: LEAST_SPIKE_SIGMAS };
  const far = quantileOf(together(around.map((one) => relativeExcess(one, sigma))).sort(), 1 - SPIKY_SHARE);
  return { sigma, spikeSigmas: Math.max(LEAST_SPIKE_SIGMAS, 3.5 * far) };
};

/** A counter only goes up, but for its resets: it stands still while nothing is to be counted. */
const isCounter = (blocks: readonly Float64Array[]): boolean => {
  let [up, down] = [0, 0];
  for (const move of together(blocks.map(stepsOf))) {
    if (move > 0) up += 1;
    else if (move < 0) down += 1;
  }
  return up + down >= RUNS_TO_LEARN && down <= 0.01 * (up + down);
};

const knowsFewValues = (values: Float64Array): boolean => {
  const seen = new Set<number>();
  for (const value of values) if (seen.add(value).size > MOST_STATES) return false;
  return true;
};

/** Numbers that loggers write for 'no value' without saying so: ends of integers, rows of nines. Only at the end of what is read are they taken for such. */
export const noValues: ReadonlySet<number> = new Set([-999, 999, -9999, 9999, -99_999, 99_999, -999_999, 999_999, -32_768, 32_767, 65_535, -2_147_483_648, 2_147_483_647, 4_294_967_295]);

const usualOf = (values: Float64Array): Habits['usual'] => {
  const all = values.toSorted();
  const [least, most] = [all[0] ?? NaN, all.at(-1) ?? NaN];
  const sorted = noValues.has(least) || noValues.has(most) ? all.filter((value) => !noValues.has(value) || (value !== least && value !== most)) : all;
  const [low, high] = [quantileOf(sorted, 0.005), quantileOf(sorted, 0.995)];
  return high > low ? { low, high, spread: high - low } : null;
};

/** The rows that have a reading. */
const measured = (rows: Readings): Readings => {
  const { positions, values } = rows;
  if (!values.includes(NaN)) return rows;
  return { positions: positions.filter((_, i) => !Number.isNaN(values[i])), values: values.filter((value) => !Number.isNaN(value)) };
};

/** Learns how a sensor behaves from blocks of its own readings. @param blocks rows, NaN where one has no reading */
export const habitsOf = (blocks: readonly Readings[]): Habits => {
  const read = blocks.map(measured);
  const values = read.map((block) => block.values);
  const all = together(values);
  const moves = movesOf(values);
  const isDiscrete = knowsFewValues(all);
  const noise = noiseOf(values, moves);
  return {
    ...rhythmOf(together(read.map(({ positions }) => stepsOf(positions)))),
    ...noise,
    sigma: isDiscrete ? 0 : noise.sigma,
    flatReadings: isDiscrete || isCounter(values) ? null : flatOf(values),
    quantum: moves.length === 0 ? 0 : quantileOf(moves, 0.05),
    usual: isDiscrete ? null : usualOf(all),
  };
};
