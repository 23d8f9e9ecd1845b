import type { Channels } from './channels.ts';
import type { Stretch } from './windows.ts';

/** How far a healthy channel strays, and how fast its level is to be followed; [channels] each. */
export interface Wander {
  /** Variance of a smoothed value about the level that is known of it. */
  readonly variance: number[];
  /** Share of a deviation by which the level follows in one row. */
  readonly follow: number[];
  /** Mean over the healthy rows. */
  readonly level: number[];
}

export interface WanderSettings {
  /** Rows that a channel is smoothed over. */
  readonly smoothing: number;
  /** Rows by which the level lags behind: what has just begun must not be taken for the level. */
  readonly lag: number;
  /** Rows of all healthy running that it is learnt from. */
  readonly rows: number;
  /** Whether levels will be followed; without, a value is held against the mean of all healthy running, and strays from it as far as it did there. */
  readonly follows: boolean;
}

/** A level moves, over as many rows as it was learnt from, by this share of its channel's scatter at least: so much can't be told from none. */
const LEAST_WANDER = 0.3;
/** Paces at which any level is followed at least, over as many rows as it was learnt from. */
const SLOWEST = 2;
/** Longest lag looked at, as a share of a stretch; lags that are looked at. */
const LONGEST = 0.6;
const LAGS = 24;
/** Share of a channel's variance that its scatter about the level is at least. */
const LEAST_SCATTER = 0.1;

/** Mean square difference of a channel's values `lag` rows apart. */
const structureAt = ({ values, width }: Channels, stretches: readonly Stretch[], channel: number, lag: number): number => {
  let sum = 0;
  let count = 0;
  for (const { from, to } of stretches)
    for (let row = from; row + lag < to; row++) {
      const difference = (values[(row + lag) * width + channel] ?? Number.NaN) - (values[row * width + channel] ?? Number.NaN);
      if (Number.isNaN(difference)) continue;
      sum += difference * difference;
      count++;
    }
  return count === 0 ? Number.NaN : sum / count;
};

const momentsOf = ({ values, width }: Channels, stretches: readonly Stretch[], channel: number): { mean: number; variance: number } => {
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (const { from, to } of stretches)
    for (let row = from; row < to; row++) {
      const value = values[row * width + channel] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      sum += value;
      squares += value * value;
      count++;
    }
  const mean = sum / Math.max(1, count);
  return { mean, variance: Math.max(0, squares / Math.max(1, count) - mean * mean) };
};

/** Straight line through points by least squares, near lags counting more since more pairs tell them: [at lag 0, a row]. */
const lineThrough = (lags: readonly number[], values: readonly number[]): [number, number] => {
  let [w, wx, wy, wxx, wxy] = [0, 0, 0, 0, 0];
  lags.forEach((x, at) => {
    const y = values[at] ?? Number.NaN;
    if (Number.isNaN(y)) return;
    const weight = 1 / x;
    w += weight;
    wx += weight * x;
    wy += weight * y;
    wxx += weight * x * x;
    wxy += weight * x * y;
  });
  const spread = w * wxx - wx * wx;
  if (spread <= 0) return [w === 0 ? 0 : wy / w, 0];
  const slope = (w * wxy - wx * wy) / spread;
  return [(wy - slope * wx) / w, slope];
};

const lagsFor = (smoothing: number, longest: number): number[] =>
  [...new Set(Array.from({ length: LAGS }, (_, at) => Math.round(smoothing * Math.max(1, longest / smoothing) ** (at / (LAGS - 1)))))];

/**
 * Takes each channel for a level that walks at random with scatter about it (local level model; Harvey 1989): the mean square
 * difference of healthy values grows with their lag as 2 r + q lag, r the scatter, q the walk of a row. From r and q come the
 * steady gain of the filter that follows the level, and the variance of a value about a level known `lag` rows before. So a
 * temperature that drifts is followed and forgiven, a flow that stands still is neither.
 */
export const learnWander = (channels: Channels, stretches: readonly Stretch[], { smoothing, lag, rows, follows }: WanderSettings): Wander => {
  const longest = Math.max(smoothing + 2, Math.floor(LONGEST * Math.max(...stretches.map(({ from, to }) => to - from))));
  const lags = lagsFor(smoothing, longest);
  const wander: Wander = { variance: [], follow: [], level: [] };
  for (let channel = 0; channel < channels.width; channel++) {
    const { mean, variance } = momentsOf(channels, stretches, channel);
    const [nugget, slope] = lineThrough(lags, lags.map((one) => structureAt(channels, stretches, channel, one)));
    const scatter = Math.max(nugget / 2, LEAST_SCATTER * variance, 1e-6);
    const walk = Math.max(slope, (LEAST_WANDER ** 2 * scatter) / rows);
    // Smoothed values are independent about every `smoothing` rows: the filter's steps.
    const ratio = (walk * smoothing) / scatter;
    const gain = (Math.sqrt(ratio * ratio + 4 * ratio) - ratio) / 2;
    wander.level.push(mean);
    wander.follow.push(Math.max(gain / smoothing, SLOWEST / rows));
    const aboutLevel = scatter * (1 + gain) + walk * (smoothing / 2 + lag);
    wander.variance.push(follows ? aboutLevel : Math.max(aboutLevel, variance));
  }
  return wander;
};
