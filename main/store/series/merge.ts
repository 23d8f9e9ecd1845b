import type { Readings } from './series.ts';

/** First index in [from, positions.length) whose position is `at` or later. */
export const lowerBound = (positions: Float64Array, at: number, from = 0, end = positions.length): number => {
  let [low, high] = [from, end];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((positions[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** First index whose position is later than `at`. */
export const upperBound = (positions: Float64Array, at: number, from = 0, end = positions.length): number => {
  const index = lowerBound(positions, at, from, end);
  return index < end && positions[index] === at ? index + 1 : index;
};

/** Every position of either, once. Both rise strictly. */
export const unionOf = (a: Float64Array, b: Float64Array): Float64Array => {
  const out = new Float64Array(a.length + b.length);
  let [i, j, rows] = [0, 0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i] ?? Infinity, b[j] ?? Infinity];
    out[rows] = left < right ? left : right;
    if (left <= right) i += 1;
    if (right <= left) j += 1;
    rows += 1;
  }
  return out.slice(0, rows);
};

/**
 * Values at the positions of a union: the newer holds where it has a reading, NaN (missing) never takes one away.
 * @param union every position of both
 */
export const overlay = (union: Float64Array, older: Readings, newer: Readings): Float64Array => {
  const out = new Float64Array(union.length);
  let [i, j] = [0, 0];
  for (let row = 0; row < union.length; row += 1) {
    const at = union[row];
    let value = NaN;
    if (older.positions[i] === at) {
      value = older.values[i] ?? NaN;
      i += 1;
    }
    if (newer.positions[j] === at) {
      const later = newer.values[j] ?? NaN;
      if (later === later) value = later;
      j += 1;
    }
    out[row] = value;
  }
  return out;
};

/** Two sorted runs as one; see overlay. */
export const mergeReadings = (older: Readings, newer: Readings): Readings => {
  if (newer.positions.length === 0) return older;
  if (older.positions.length === 0) return newer;
  const positions = unionOf(older.positions, newer.positions);
  return { positions, values: overlay(positions, older, newer) };
};
