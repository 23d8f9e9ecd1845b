import type { Ranges } from './ranges.ts';
import type { ThinTask } from './series.ts';

/** Rows of one series with what they stand for; as read from chunks, raw or thinned before. */
export interface RangedRows {
  /** [rows], strictly rising. */
  readonly positions: Float64Array;
  /** [rows] means; NaN: missing. */
  readonly values: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** [rows] readings that each mean was made of; 0 where missing. */
  readonly weight: Float64Array;
}

/** The end of the step that a position lies in: a row on a grid of this step holds what came up to it, never after it (readGrid). */
export const stepEnd = (position: number, step: number): number => Math.ceil(position / step) * step;

class Rows {
  readonly positions: number[] = [];
  readonly values: number[] = [];
  readonly low: number[] = [];
  readonly high: number[] = [];
  readonly weight: number[] = [];

  add(position: number, value: number, low: number, high: number, weight: number): void {
    this.positions.push(position);
    this.values.push(value);
    this.low.push(low);
    this.high.push(high);
    this.weight.push(weight);
  }

  finish(): RangedRows {
    const { positions, values, low, high, weight } = this;
    return { positions: Float64Array.from(positions), values: Float64Array.from(values), low: Float64Array.from(low), high: Float64Array.from(high), weight: Float64Array.from(weight) };
  }
}

/** A row a step: the mean of its readings (each weighing as much as it was made of), its lowest and highest; missing where the step had no reading. */
const meansOf = (rows: RangedRows, step: number): RangedRows => {
  const out = new Rows();
  let end = NaN;
  let [sum, weight, low, high, parts, only] = [0, 0, Infinity, -Infinity, 0, NaN];
  const close = (): void => {
    // The only one of its step stays what it is, to the last bit; rounding must not take a mean out of its range.
    const mean = parts === 1 ? only : Math.min(high, Math.max(low, sum / weight));
    if (end === end) out.add(end, parts > 0 ? mean : NaN, parts > 0 ? low : NaN, parts > 0 ? high : NaN, weight);
    [sum, weight, low, high, parts, only] = [0, 0, Infinity, -Infinity, 0, NaN];
  };
  for (let i = 0; i < rows.positions.length; i += 1) {
    const next = stepEnd(rows.positions[i] ?? 0, step);
    if (next !== end) close();
    end = next;
    const value = rows.values[i] ?? NaN;
    if (value !== value) continue;
    const w = rows.weight[i] ?? 1;
    sum += value * w;
    parts += 1;
    only = value;
    weight += w;
    low = Math.min(low, rows.low[i] ?? value);
    high = Math.max(high, rows.high[i] ?? value);
  }
  close();
  return out.finish();
};

/** Readings at which the state changed, and the last of each step: what the state was at any moment is still known. */
const changesOf = (rows: RangedRows, step: number): RangedRows => {
  const out = new Rows();
  let before = NaN;
  for (let i = 0; i < rows.positions.length; i += 1) {
    const position = rows.positions[i] ?? 0;
    const value = rows.values[i] ?? NaN;
    const next = rows.positions[i + 1];
    const isLast = next === undefined || stepEnd(next, step) !== stepEnd(position, step);
    if (isLast || !Object.is(value, before)) out.add(position, value, value, value, Number.isNaN(value) ? 0 : 1);
    before = value;
  }
  return out.finish();
};

/** What stands for these rows once they are thinned. @param rows whole steps */
export const thinRows = (rows: RangedRows, kind: ThinTask['kind'], step: number): RangedRows => (kind === 'number' ? meansOf(rows, step) : changesOf(rows, step));

/** The rows at (from, to]. */
export const rowsWithin = (rows: RangedRows, from: number, to: number): RangedRows => {
  const first = rows.positions.findIndex((at) => at > from);
  if (first < 0) return sliced(rows, 0, 0);
  const behind = rows.positions.findIndex((at) => at > to);
  return sliced(rows, first, behind < 0 ? rows.positions.length : Math.max(first, behind));
};

export const sliced = ({ positions, values, low, high, weight }: RangedRows, from: number, to: number): RangedRows => ({
  positions: positions.slice(from, to), values: values.slice(from, to), low: low.slice(from, to), high: high.slice(from, to), weight: weight.slice(from, to),
});

export const rowsOfRanges = (positions: Float64Array, values: Float64Array, ranges: Ranges | null): RangedRows => ({
  positions: positions.slice(),
  values: values.slice(),
  low: (ranges?.low ?? values).slice(),
  high: (ranges?.high ?? values).slice(),
  weight: ranges?.weight.slice() ?? values.map((v) => (v === v ? 1 : 0)),
});

export const readingsOf = ({ values }: RangedRows): number => values.reduce((sum, v) => sum + (v === v ? 1 : 0), 0);
