import type { SensorId } from '../../contract/values.ts';
import type { SeriesInfo, SeriesStore } from '../../store/series/series.ts';
import { quantileOf, stepsOf } from '../learn/statistics.ts';

/** `b` = scale * `a` + offset. */
export interface Relation {
  readonly scale: number;
  readonly offset: number;
  /** Whether every reading is the very same. */
  readonly isExact: boolean;
}

const BLOCKS = 8;
const BLOCK_ROWS = 256;
const LEAST_COMMON = 100;
/** Share of the readings that must stand at the same positions. */
const COMMON_SHARE = 0.9;
const LEAST_DISTINCT = 20;
/** Share of the moves that must go down, and up: two counters of hours are alike by nature. */
const LEAST_BACK = 0.1;

interface Pairs {
  readonly a: Float64Array;
  readonly b: Float64Array;
  /** Readings of either that were looked at. */
  readonly looked: number;
}

/** Readings of both at the same positions, in blocks spread over the span that they share. */
const pairsOf = (series: Pick<SeriesStore, 'readPage'>, a: SensorId, b: SensorId, from: number, to: number): Pairs => {
  const pairs: { a: number[]; b: number[] } = { a: [], b: [] };
  let looked = 0;
  for (let block = 0; block < BLOCKS; block += 1) {
    const start = from + ((to - from) * block) / BLOCKS;
    const left = series.readPage({ sensor: a, from: start, after: false, to, limit: BLOCK_ROWS });
    const end = left.positions.at(-1) ?? start;
    const right = series.readPage({ sensor: b, from: start, after: false, to: end, limit: 2 * BLOCK_ROWS });
    looked += Math.max(left.positions.length, right.positions.length);
    let k = 0;
    for (let i = 0; i < left.positions.length; i += 1) {
      while (k < right.positions.length && (right.positions[k] ?? 0) < (left.positions[i] ?? 0)) k += 1;
      if (right.positions[k] !== left.positions[i]) continue;
      pairs.a.push(left.values[i] ?? NaN);
      pairs.b.push(right.values[k] ?? NaN);
    }
  }
  return { a: Float64Array.from(pairs.a), b: Float64Array.from(pairs.b), looked };
};

/** Least squares of b on a. */
const fitted = (a: Float64Array, b: Float64Array): { scale: number; offset: number } => {
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [cross, square] = [0, 0];
  for (let i = 0; i < a.length; i += 1) {
    cross += ((a[i] ?? 0) - meanA) * ((b[i] ?? 0) - meanB);
    square += ((a[i] ?? 0) - meanA) ** 2;
  }
  const scale = cross / square;
  return { scale, offset: meanB - scale * meanA };
};

/** The resolution of readings, as their smallest moves give it. */
const resolutionOf = (values: Float64Array): number => quantileOf(stepsOf(values).map(Math.abs).filter((move) => move > 0).sort(), 0.02);

const movesBothWays = (values: Float64Array): boolean => {
  const moves = stepsOf(values).filter((move) => move !== 0);
  const back = moves.filter((move) => move < 0).length;
  return back >= LEAST_BACK * moves.length && back <= (1 - LEAST_BACK) * moves.length;
};

/** How one sensor's readings follow from another's, where they do but for rounding; null where they don't, or where they say too little. */
export const relationOf = (series: Pick<SeriesStore, 'readPage'>, a: SeriesInfo, b: SeriesInfo): Relation | null => {
  const [from, to] = [Math.max(a.first ?? Infinity, b.first ?? Infinity), Math.min(a.last ?? -Infinity, b.last ?? -Infinity)];
  if (!(to > from)) return null;
  const pairs = pairsOf(series, a.sensor, b.sensor, from, to);
  if (pairs.a.length < Math.max(LEAST_COMMON, COMMON_SHARE * pairs.looked) || new Set(pairs.a).size < LEAST_DISTINCT || new Set(pairs.b).size < LEAST_DISTINCT || !movesBothWays(pairs.a)) return null;
  if (pairs.a.every((value, i) => value === pairs.b[i])) return { scale: 1, offset: 0, isExact: true };
  const { scale, offset } = fitted(pairs.a, pairs.b);
  // Both may have been rounded after the one was made of the other.
  const tolerance = 0.55 * (Math.abs(scale) * resolutionOf(pairs.a) + resolutionOf(pairs.b));
  const range = pairs.b.reduce((high, value) => Math.max(high, value), -Infinity) - pairs.b.reduce((low, value) => Math.min(low, value), Infinity);
  if (!(range > 10 * tolerance)) return null;
  return pairs.a.every((value, i) => Math.abs(scale * value + offset - (pairs.b[i] ?? NaN)) <= tolerance) ? { scale, offset, isExact: false } : null;
};
