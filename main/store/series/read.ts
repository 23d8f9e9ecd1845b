import type { SensorId } from '../../contract/values.ts';
import { rowsOfStretch, stretchesOf, within, type Places, type Stretch } from './segments.ts';
import type { GridRequest, Readings } from './series.ts';

/** The readings at from..to, both included; missing ones left out. */
export const readSeries = (places: Places, sensor: SensorId, from: number, to: number): Readings => {
  const parts: Readings[] = [];
  let rows = 0;
  for (const stretch of stretchesOf(places, sensor, from, to)) {
    const part = within(rowsOfStretch(places.chunks, stretch), from, to);
    parts.push(part);
    rows += part.positions.length;
  }
  const positions = new Float64Array(rows);
  const values = new Float64Array(rows);
  let count = 0;
  for (const part of parts) {
    for (let i = 0; i < part.positions.length; i += 1) {
      const v = part.values[i] ?? NaN;
      if (v !== v) continue;
      positions[count] = part.positions[i] ?? 0;
      values[count] = v;
      count += 1;
    }
  }
  return count === rows ? { positions, values } : { positions: positions.slice(0, count), values: values.slice(0, count) };
};

/** A column of the grid that is being filled: its stretches, and the row that the last reading fell into. */
interface Filling {
  readonly column: number;
  readonly stretches: readonly Stretch[];
  row: number;
  sum: number;
  count: number;
}

/** Row of positions that lie before or behind the grid. */
const OUTSIDE = -1;

/** The grid row of each position: the first whose own position isn't before it. Kept as long as the positions are the same ones. */
const rowIndexes = ({ start, step, rows: height }: GridRequest) => {
  let known: Float64Array = new Float64Array(0);
  let rows = new Int32Array(0);
  return (positions: Float64Array): Int32Array => {
    if (positions === known) return rows;
    const found = new Int32Array(positions.length);
    for (let i = 0; i < positions.length; i += 1) {
      const row = Math.ceil(((positions[i] ?? 0) - start) / step);
      found[i] = row >= 0 && row < height ? row : OUTSIDE;
    }
    known = positions;
    rows = found;
    return rows;
  };
};

/** Puts readings into their rows: the mean of those that fall into one. Rows never go back, since positions rise. */
const fill = (grid: Float32Array, width: number, filling: Filling, rows: Int32Array, values: Float64Array): void => {
  let { row, sum, count } = filling;
  const { column } = filling;
  for (let i = 0; i < values.length; i += 1) {
    const v = values[i] ?? NaN;
    if (v !== v) continue;
    const at = rows[i] ?? OUTSIDE;
    if (at === OUTSIDE) continue;
    if (at === row) {
      sum += v;
      count += 1;
    } else {
      row = at;
      sum = v;
      count = 1;
    }
    grid[at * width + column] = count === 1 ? v : sum / count;
  }
  filling.row = row;
  filling.sum = sum;
  filling.count = count;
};

/**
 * A row-major grid of several series; see SeriesStore.readGrid. The series are read side by side, a stretch of each in turn, so that the
 * rows being written stay in the processor's cache, and sensors that share a grid share the search for their rows.
 */
export const readGrid = (places: Places, request: GridRequest): Float32Array => {
  const { sensors, start, step, rows: height } = request;
  const width = sensors.length;
  const grid = new Float32Array(height * width).fill(NaN);
  const [from, to] = [start - step, start + (height - 1) * step];
  const indexesOf = rowIndexes(request);
  const room = new Float64Array(8192);
  const fillings = sensors.map((sensor, column): Filling => ({ column, stretches: stretchesOf(places, sensor, from, to), row: OUTSIDE, sum: 0, count: 0 }));
  const turns = Math.max(0, ...fillings.map(({ stretches }) => stretches.length));
  for (let turn = 0; turn < turns; turn += 1) {
    for (const filling of fillings) {
      const stretch = filling.stretches[turn];
      if (stretch === undefined) continue;
      const { positions, values } = rowsOfStretch(places.chunks, stretch, room);

      fill(grid, width, filling, indexesOf(positions), values);
    }
  }
  return grid;
};
