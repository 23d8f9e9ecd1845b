import { CHUNK_ROWS } from './chunks.ts';
import { rowsOfStretch, stretchesOf, type Places, type Stretch } from './segments.ts';
import type { GridRequest, Readings } from './series.ts';

/** Sensors read side by side: a row of theirs is one line of the processor's cache. */
const TILE = 16;

/** Room a sensor: a little more than a chunk, so that the rooms of a tile don't fall onto the same lines of the cache. */
const ROOM = CHUNK_ROWS + 8;

/** Row of positions that lie before or behind the grid. */
const OUTSIDE = -1;

/** A column of the grid that is being filled, and the row that its last reading fell into. */
interface Filling {
  readonly column: number;
  readonly stretches: readonly Stretch[];
  readonly room: Float64Array;
  row: number;
  sum: number;
  count: number;
}

/** The grid row of each of some positions, and whether no two fall into one. */
interface Rows {
  readonly of: Int32Array;
  readonly areApart: boolean;
}

/** The row of a position: the first whose own position isn't before it. Kept as long as the positions are the same ones. */
const rowFinder = ({ start, step, rows: height }: GridRequest) => {
  let known: Float64Array | undefined;
  let found: Rows = { of: new Int32Array(0), areApart: true };
  return (positions: Float64Array): Rows => {
    if (positions === known) return found;
    const of = new Int32Array(positions.length);
    let areApart = true;
    for (let i = 0; i < positions.length; i += 1) {
      const row = Math.ceil(((positions[i] ?? 0) - start) / step);
      of[i] = row >= 0 && row < height ? row : OUTSIDE;
      if (i > 0 && of[i] === of[i - 1] && of[i] !== OUTSIDE) areApart = false;
    }
    known = positions;
    found = { of, areApart };
    return found;
  };
};

/** Puts readings into their rows: the mean of those that fall into one. Rows never go back, since positions rise. */
const fill = (grid: Float32Array, width: number, filling: Filling, rows: Int32Array, values: Float64Array): void => {
  let { row, sum, count } = filling;
  const { column } = filling;
  for (let i = 0; i < values.length; i += 1) {
    const v = values[i] ?? NaN;
    const at = rows[i] ?? OUTSIDE;
    if (v !== v || at === OUTSIDE) continue;
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

/** Puts the readings of a tile into their rows, a row of all its sensors at a time; each reading has a row of its own. */
const fillTile = (grid: Float32Array, width: number, tile: readonly Filling[], { of }: Rows, parts: readonly Readings[]): void => {
  const first = tile[0]?.column ?? 0;
  const columns = parts.map(({ values }) => values);
  for (let from = 0; from < of.length; from += 8) {
    const to = Math.min(of.length, from + 8);
    for (const [c, values] of columns.entries()) {
      for (let i = from; i < to; i += 1) {
        const row = of[i] ?? OUTSIDE;
        if (row !== OUTSIDE) grid[row * width + first + c] = values[i] ?? NaN;
      }
    }
  }
};

/** Leaves the tile's columns as fill would have: the last reading may share its row with the next stretch's first. */
const remember = (tile: readonly Filling[], { of }: Rows, parts: readonly Readings[]): void => {
  for (const [c, filling] of tile.entries()) {
    const values = parts[c]?.values;
    for (let i = of.length - 1; values !== undefined && i >= 0; i -= 1) {
      const v = values[i] ?? NaN;
      if (v !== v || of[i] === OUTSIDE) continue;
      filling.row = of[i] ?? OUTSIDE;
      filling.sum = v;
      filling.count = 1;
      break;
    }
  }
};

const isNewRow = (tile: readonly Filling[], { of }: Rows): boolean => {
  const first = of.find((row) => row !== OUTSIDE);
  return first === undefined || tile.every(({ row }) => row < first);
};

/**
 * A row-major grid of several series; see SeriesStore.readGrid. Sixteen sensors are read side by side, a stretch of each in turn; those that
 * were measured together share the search for their rows and are written a row at a time.
 */
export const readGrid = (places: Places, request: GridRequest): Float32Array => {
  const { sensors, start, step, rows: height } = request;
  const width = sensors.length;
  const grid = new Float32Array(height * width).fill(NaN);
  const [from, to] = [start - step, start + (height - 1) * step];
  const rowsOf = rowFinder(request);
  const rooms = Array.from({ length: TILE }, () => new Float64Array(ROOM));
  for (let first = 0; first < width; first += TILE) {
    const tile = sensors.slice(first, first + TILE).map((sensor, c): Filling => ({ column: first + c, stretches: stretchesOf(places, sensor, from, to), room: rooms[c] ?? new Float64Array(ROOM), row: OUTSIDE, sum: 0, count: 0 }));
    const turns = Math.max(...tile.map(({ stretches }) => stretches.length));
    for (let turn = 0; turn < turns; turn += 1) {
      const present = tile.filter(({ stretches }) => turn < stretches.length);
      const parts = present.flatMap(({ stretches, room }) => {
        const stretch = stretches[turn];
        return stretch === undefined ? [] : [rowsOfStretch(places.chunks, stretch, room)];
      });
      const rows = rowsOf(parts[0]?.positions ?? new Float64Array(0));
      const isShared = present.length === tile.length && parts.every(({ positions }) => positions === parts[0]?.positions);
      if (isShared && rows.areApart && isNewRow(tile, rows)) {
        fillTile(grid, width, tile, rows, parts);
        remember(tile, rows, parts);
      } else {
        for (const [c, part] of parts.entries()) {
          const filling = present[c];
          if (filling !== undefined) fill(grid, width, filling, rowsOf(part.positions).of, part.values);
        }
      }
    }
  }
  return grid;
};
