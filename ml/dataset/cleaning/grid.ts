import type { SensorCleaning, SettledCleaning } from '../../documents/cleaning.ts';
import { contextOf, Mask, type MaskedSpan } from './mask.ts';
import { Resampler, type Series } from './resample.ts';

/** One column of a grid: where its readings come from, and how they are cleaned. */
export interface CleanColumn {
  /** Readings at from..to, both included, in order. */
  read(from: number, to: number): Series;
  /** Position of its first reading; null when there is none. */
  readonly first: number | null;
  /** Null: taken as they are. */
  readonly rule: SensorCleaning | null;
  readonly spans: readonly MaskedSpan[];
}

export interface CleanGridRequest {
  readonly columns: readonly CleanColumn[];
  readonly cleaning: Pick<SettledCleaning, 'resample' | 'hold'>;
  /** Position of row 0. */
  readonly start: number;
  /** Axis units between rows. */
  readonly step: number;
  readonly rows: number;
}

const noRule: SensorCleaning = { spikeSigmas: null, sigma: 0, flatReadings: null, low: null, high: null, interval: null };
const MOST_DOUBLINGS = 8;
/** About so many readings are masked between two stops: some milliseconds. */
const READINGS_AT_ONCE = 8192;

/** At least `count` readings that end before `to`, as far as there are so many within reach. */
const before = ({ read, first, rule }: CleanColumn, to: number, count: number, step: number): Series => {
  let width = 2 * count * (rule?.interval ?? step);
  for (let doubling = 0; ; doubling += 1) {
    const series = read(to - width, to);
    if (series.positions.length >= count || doubling === MOST_DOUBLINGS || first === null || to - width <= first) return series;
    width *= 2;
  }
};

/** Fills one column of the grid: masked, resampled, the mean of each row's readings. Stops now and then, so that others can work. */
function* fillColumn(grid: Float32Array, width: number, index: number, column: CleanColumn, { cleaning, start, step, rows }: CleanGridRequest): Generator<void> {
  const rule = column.rule ?? noRule;
  const mask = new Mask(rule, column.spans);
  const sums = new Float64Array(rows);
  const counts = new Uint32Array(rows);
  const take = (position: number, value: number): void => {
    const row = Math.ceil((position - start) / step);
    if (row < 0 || row >= rows) return;
    sums[row] = (sums[row] ?? 0) + value;
    counts[row] = (counts[row] ?? 0) + 1;
  };
  const resampler = cleaning.resample === null ? null : new Resampler(cleaning.resample, take);
  const add = ({ positions, values }: Series): void => {
    for (let i = 0; i < positions.length; i += 1) {
      const position = positions[i] ?? NaN;
      const value = values[i] ?? NaN;
      if (value !== value || mask.takes(position, value)) continue;
      if (resampler === null) take(position, value);
      else resampler.add(position, value);
    }
  };
  // What decides about the first readings of row 0, and the whole of the step of a resampling that ends in it.
  const from = start - step - (cleaning.resample?.step ?? 0);
  const context = before(column, from, contextOf(rule), step);
  add(context);
  const end = start + (rows - 1) * step;
  const part = Math.max(step, READINGS_AT_ONCE * (rule.interval ?? 0));
  let last = context.positions.at(-1) ?? -Infinity;
  for (let at = from; at < end || at === from; at += part) {
    const read = column.read(at, Math.min(end, at + part));
    // The reading at `at` itself was in what came before.
    const skip = read.positions[0] === last ? 1 : 0;
    add({ positions: read.positions.subarray(skip), values: read.values.subarray(skip) });
    last = read.positions.at(-1) ?? last;
    yield;
  }
  resampler?.end();
  for (let row = 0; row < rows; row += 1) if ((counts[row] ?? 0) > 0) grid[row * width + index] = (sums[row] ?? 0) / (counts[row] ?? 1);
}

/** In place: each value of one column stands in for missing rows behind it. @param most rows that it may stand in for */
export const holdColumn = (grid: Float32Array, width: number, column: number, most: number): void => {
  let held = NaN;
  let age = 0;
  for (let at = column; at < grid.length; at += width) {
    const value = grid[at] ?? NaN;
    if (value === value) {
      held = value;
      age = 0;
    } else if (age < most) {
      grid[at] = held;
      age += 1;
    }
  }
};

/**
 * A row-major grid [rows, columns] of cleaned readings, made in steps of some milliseconds: row k holds the mean of those in (start + (k - 1) * step, start + k * step], NaN where
 * there is none. No row knows what came after it: masks and fills look back only.
 */
export function* cleanGrid(request: CleanGridRequest): Generator<void, Float32Array> {
  const width = request.columns.length;
  const grid = new Float32Array(request.rows * width).fill(NaN);
  for (const [index, column] of request.columns.entries()) yield* fillColumn(grid, width, index, column, request);
  if (request.cleaning.hold !== null) for (let column = 0; column < width; column += 1) holdColumn(grid, width, column, Math.floor(request.cleaning.hold / request.step));
  return grid;
}
