import { CHUNK_ROWS, ROWS_FOR_CHUNKS } from './limits.ts';
import { encodeIntegers } from './codec/integers.ts';
import { encodePositions } from './codec/positions.ts';
import { encodeRollup, rollUp } from './codec/rollup.ts';
import { encodeAny, encodeValues } from './codec/values.ts';
import { sortRows } from './order.ts';

/** One sensor's part of a batch as chunks: their bodies, roll-ups and counts of readings, cut by cut. */
export interface SealedColumn {
  readonly bodies: readonly Uint8Array[];
  readonly rollups: readonly Uint8Array[];
  readonly counts: readonly number[];
  /** Rows of its first and last reading; -1: it has none. */
  readonly first: number;
  readonly last: number;
}

/** A batch as the chunks that it becomes where it lies behind all that is stored: what a thread beside the store can work out. */
export interface Sealed {
  /** Cut k goes from row cuts[k] up to before cuts[k + 1]. */
  readonly cuts: readonly number[];
  /** Bodies of the cuts' positions. */
  readonly grids: readonly Uint8Array[];
  /** In the order of the batch's columns. */
  readonly columns: readonly SealedColumn[];
}

/** Rows in even parts of at most a chunk each, so that none is left small: where each begins, and the end. */
export const cutsOf = (rows: number): number[] => {
  const parts = Math.ceil(rows / CHUNK_ROWS);
  return Array.from({ length: parts + 1 }, (_, part) => Math.floor((part * rows) / parts));
};

const countOf = (values: Float64Array): number => {
  let count = 0;
  for (let i = 0; i < values.length; i += 1) if (values[i] === values[i]) count += 1;
  return count;
};

const sealPart = (values: Float64Array): { body: Uint8Array; rollup: Uint8Array; count: number } => {
  const plain = encodeIntegers(values);
  // The lowest and highest are copied first: they are encoded by what made them.
  if (plain) return { body: plain.body, rollup: encodeValues(plain.extremes.slice()), count: values.length };
  return { body: encodeAny(values), rollup: encodeRollup(rollUp(values)), count: countOf(values) };
};

const sealColumn = (values: Float64Array, cuts: readonly number[]): SealedColumn => {
  const parts = cuts.slice(1).map((to, k) => values.subarray(cuts[k], to));
  let first = 0;
  while (first < values.length && values[first] !== values[first]) first += 1;
  let last = values.length - 1;
  while (last >= 0 && values[last] !== values[last]) last -= 1;
  const sealed = parts.map(sealPart);
  return { bodies: sealed.map(({ body }) => body), rollups: sealed.map(({ rollup }) => rollup), counts: sealed.map(({ count }) => count), first: last < 0 ? -1 : first, last };
};

/**
 * Works a batch out as chunks. Knows no database: it can run in any thread.
 * @param positions [rows]
 * @param columns [rows] values each, NaN: missing
 * @returns null for a batch that doesn't rise strictly or is too small for chunks
 */
export const sealColumns = (positions: Float64Array, columns: readonly Float64Array[]): Sealed | null => {
  if (positions.length < ROWS_FOR_CHUNKS) return null;
  const sorted = sortRows(positions);
  if (!sorted.inOrder || !positions.every(Number.isFinite)) return null;
  const cuts = cutsOf(positions.length);
  const grids = cuts.slice(1).map((to, k) => encodePositions(sorted.positions.subarray(cuts[k], to)));
  return { cuts, grids, columns: columns.map((values) => sealColumn(values, cuts)) };
};
