import type { SensorId } from '../../contract/values.ts';
import { GRID_BLOCK } from './codec/positions.ts';
import type { RolledChunk } from './rollup-table.ts';
import { lowerBound, upperBound } from './merge.ts';
import { rangedRowsOfStretch, stretchesOf, type Places, type RangedReadings, type Stretch } from './segments.ts';
import type { Columns, Readings } from './series.ts';

/** Below so many rows a column, roll-up blocks would move a column's edge by more than a quarter of it: the rows themselves are read. */
const ROWS_FOR_ROLLUPS = 4 * GRID_BLOCK;

interface Reducer {
  /** The next readings, which begin at `at`, reach no further than `until`, and lie between low and high (NaN: missing). */
  add(at: number, until: number, low: number, high: number): void;
  finish(points: number): Columns;
}

/** Lowest and highest of each of `count` even columns over from..to. An entry begins at its column's edge, or later where what was added before reaches over that. */
const createReducer = (from: number, to: number, count: number): Reducer => {
  const width = (to - from) / count;
  const at: number[] = [];
  const min: (number | null)[] = [];
  const max: (number | null)[] = [];
  let column = -1;
  let covered = -Infinity;
  let [lowest, highest] = [Infinity, -Infinity];

  const close = (): void => {
    if (column < 0) return;
    min.push(lowest <= highest ? lowest : null);
    max.push(lowest <= highest ? highest : null);
    [lowest, highest] = [Infinity, -Infinity];
  };
  const skipTo = (next: number): void => {
    for (let empty = column + 1; empty < next; empty += 1) {
      if (from + empty * width <= covered) continue;
      at.push(from + empty * width);
      min.push(null);
      max.push(null);
    }
  };

  return {
    add: (position, until, low, high) => {
      let next = Math.max(column, 0);
      while (next + 1 < count && position >= from + (next + 1) * width) next += 1;
      if (next > column) {
        close();
        skipTo(next);
        const edge = from + next * width;
        at.push(edge > covered ? edge : position);
        column = next;
      }
      covered = until;
      if (low < lowest) lowest = low;
      if (high > highest) highest = high;
    },
    finish: (points) => {
      close();
      skipTo(count);
      return { at, min, max, points };
    },
  };
};

/** Adds rows one by one. @returns readings among them */
const addRows = (reducer: Reducer, { positions, values, low, high }: RangedReadings): number => {
  let points = 0;
  for (let i = 0; i < positions.length; i += 1) {
    const position = positions[i] ?? 0;
    const v = values[i] ?? NaN;
    if (v === v) points += 1;
    reducer.add(position, position, low[i] ?? NaN, high[i] ?? NaN);
  }
  return points;
};

/** Rows that stand for themselves. */
const asRanged = (rows: Readings): RangedReadings => ({ ...rows, low: rows.values, high: rows.values });

/** The part of sorted rows at positions from..to, both included. */
const within = ({ positions, values, low, high }: RangedReadings, from: number, to: number): RangedReadings => {
  const first = lowerBound(positions, from);
  const end = upperBound(positions, to, first);
  return { positions: positions.subarray(first, end), values: values.subarray(first, end), low: low.subarray(first, end), high: high.subarray(first, end) };
};

/** A block that is wider than a column hides a gap, or is too coarse: its chunk is read row by row. */
const isFineEnough = ({ starts, place }: RolledChunk, width: number): boolean => {
  for (let block = 0; block < starts.length; block += 1) if ((starts[block + 1] ?? place.end) - (starts[block] ?? 0) > width) return false;
  return true;
};

const addBlocks = (reducer: Reducer, { starts, min, max, place }: RolledChunk): void => {
  for (let block = 0; block < starts.length; block += 1) reducer.add(starts[block] ?? 0, starts[block + 1] ?? place.end, min[block] ?? NaN, max[block] ?? NaN);
};

const rolledColumns = (places: Places, stretches: readonly Stretch[], from: number, to: number, count: number): Columns => {
  const rolled = places.chunks.rollups(stretches.flatMap(({ place }) => (place === null ? [] : [place])));
  const reducer = createReducer(from, to, count);
  const room = new Float64Array(8192);
  let points = 0;
  for (const stretch of stretches) {
    const { place, tail } = stretch;
    const chunk = place === null ? undefined : rolled.get(place.id);
    const isWhole = place !== null && place.start >= from && place.end <= to && (tail.positions[0] ?? Infinity) > place.end;
    if (isWhole && chunk !== undefined && isFineEnough(chunk, (to - from) / count)) {
      addBlocks(reducer, chunk);
      points += place.count + addRows(reducer, asRanged(tail));
    } else {
      points += addRows(reducer, within(rangedRowsOfStretch(places.chunks, stretch, room), from, to));
    }
  }
  return reducer.finish(points);
};

const everyRow = (parts: readonly RangedReadings[]): Columns => {
  const orNull = (column: Float64Array): (number | null)[] => Array.from(column, (v) => (v === v ? v : null));
  const min = parts.flatMap(({ low }) => orNull(low));
  return { at: parts.flatMap(({ positions }) => [...positions]), min, max: parts.flatMap(({ high }) => orNull(high)), points: min.filter((v) => v !== null).length };
};

const EMPTY: Columns = { at: [], min: [], max: [], points: 0 };

/** A series reduced to columns; see SeriesStore.columns. @param count columns, at least one */
export const readColumns = (places: Places, sensor: SensorId, from: number, to: number, count: number): Columns => {
  const stretches = stretchesOf(places, sensor, from, to);
  const most = stretches.reduce((sum, { place, tail }) => sum + (place?.rows ?? 0) + tail.positions.length, 0);
  if (most === 0) return EMPTY;
  // The first and the last stretch are read row by row in any case, and may hold nothing of the span.
  if (stretches.length > 2 && most > ROWS_FOR_ROLLUPS * count) return rolledColumns(places, stretches, from, to, count);
  const parts = stretches.map((stretch) => within(rangedRowsOfStretch(places.chunks, stretch), from, to));
  const rows = parts.reduce((sum, { positions }) => sum + positions.length, 0);
  if (rows <= count) return everyRow(parts);
  const reducer = createReducer(from, to, count);
  const points = parts.reduce((sum, part) => sum + addRows(reducer, part), 0);
  return reducer.finish(points);
};
