import type { SensorId } from '../../contract/values.ts';
import type { Readings, SeriesInfo, SeriesStore } from '../../store/series/series.ts';
import { aroundOf, HALF, spreadOf } from '../scan/around.ts';
import { deviationOf, MAD_TO_SIGMA, medianOf, quantileOf, runsOf, stepsOf, together } from './statistics.ts';

/** How a sensor usually behaves, learned from its own readings. */
export interface Habits {
  /** Median step between rows, in axis units; null with fewer than three rows. */
  readonly interval: number | null;
  /** Robust relative spread of the steps: 0 for a clock, 0.3 and more for a sensor that speaks when it has something to say. */
  readonly jitter: number;
  readonly gapFactor: number;
  /** As many equal readings in a row are a flat line; null: it stands still by nature. */
  readonly flatReadings: number | null;
  readonly spikeSigmas: number;
  /** Least spread that spikes are measured by: its usual noise, and its usual smallest move. 0: it mostly stands still, nothing is a spike. */
  readonly sigma: number;
  /** Where readings usually lie: between its 1st and 99th percentile, widened; null where it doesn't vary. */
  readonly usual: { readonly low: number; readonly high: number; readonly spread: number } | null;
}

/** Readings learned from: all of a short series, else blocks spread evenly over it. */
const BLOCK_ROWS = 4096;
const BLOCKS = 16;

const LEAST_GAP_FACTOR = 3;
const LEAST_FLAT_READINGS = 30;
/** A sensor has a rhythm of moving when it moved so often in what was looked at. */
const RUNS_TO_LEARN = 20;
const LEAST_SPIKE_SIGMAS = 8;
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

const measured = (values: Float64Array): Float64Array => values.filter((value) => !Number.isNaN(value));

const rhythmOf = (steps: Float64Array): Pick<Habits, 'interval' | 'jitter' | 'gapFactor'> => {
  if (steps.length < 2) return { interval: null, jitter: 0, gapFactor: LEAST_GAP_FACTOR };
  const interval = medianOf(steps);
  const jitter = (deviationOf(steps, interval) * MAD_TO_SIGMA) / interval;
  const long = quantileOf(steps.toSorted(), 0.99) / interval;
  // A logger with a clock has short steps but for its gaps; one that writes on change has all lengths, and its long ones are usual.
  return { interval, jitter, gapFactor: jitter >= IRREGULAR_JITTER ? Math.max(LEAST_GAP_FACTOR, 5 * long) : LEAST_GAP_FACTOR };
};

/** Median, by number and not by length, of what a run of equal readings usually is at most. */
const flatOf = (blocks: readonly Float64Array[]): number | null => {
  const runs = Float64Array.from(blocks.flatMap(runsOf)).sort();
  if (runs.length < RUNS_TO_LEARN * blocks.length ** 0.5) return null;
  return Math.max(LEAST_FLAT_READINGS, Math.ceil(8 * quantileOf(runs, 0.95)));
};

/** The usual size of a move: three quarters of the moves are smaller. */
const moveOf = (blocks: readonly Float64Array[]): number => {
  const moves = together(blocks.map(stepsOf)).map(Math.abs).filter((move) => move > 0).sort();
  return moves.length === 0 ? 0 : quantileOf(moves, 0.75);
};

const noiseOf = (blocks: readonly Float64Array[]): Pick<Habits, 'sigma' | 'spikeSigmas'> => {
  const around = blocks.map(aroundOf);
  const residuals = together(around.map(({ residual }) => residual));
  const sigma = Math.max(spreadOf(residuals, 0, residuals.length, 1), moveOf(blocks) / 3);
  if (residuals.length < 4 * HALF || sigma === 0) return { sigma: 0, spikeSigmas: LEAST_SPIKE_SIGMAS };
  const far = quantileOf(together(around.map(({ excess }) => excess)).sort(), 1 - SPIKY_SHARE) / sigma;
  return { sigma, spikeSigmas: Math.max(LEAST_SPIKE_SIGMAS, 3 * far) };
};

const usualOf = (values: Float64Array): Habits['usual'] => {
  const sorted = values.toSorted();
  const [low, high] = [quantileOf(sorted, 0.01), quantileOf(sorted, 0.99)];
  return high > low ? { low, high, spread: high - low } : null;
};

/** Learns how a sensor behaves from blocks of its own readings. @param blocks rows, NaN where one has no reading */
export const habitsOf = (blocks: readonly Readings[]): Habits => {
  const values = blocks.map((block) => measured(block.values));
  return { ...rhythmOf(together(blocks.map(({ positions }) => stepsOf(positions)))), flatReadings: flatOf(values), ...noiseOf(values), usual: usualOf(together(values)) };
};
