import { z } from 'zod';
import { SensorId } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { blobById, command, query } from '../statement.ts';
import { damaged } from './body.ts';
import { blockStarts, decodePositions, encodePositions } from './positions.ts';
import { createRecent } from './recent.ts';
import { decodeRollup, encodeRollup, rollUp, type Rollup } from './rollup.ts';
import { decodeValues, encodeValues } from './values.ts';

/** Rows of a full chunk. */
export const CHUNK_ROWS = 4096;

/** Where a sealed chunk lies and how much it holds. */
export const ChunkPlace = z.strictObject({
  id: z.int(),
  sensor: SensorId,
  /** First and last position of its grid. */
  start: z.number(),
  end: z.number(),
  /** Positions of its grid. */
  rows: z.int(),
  /** Readings among them. */
  count: z.int(),
  grid: z.int(),
});
export type ChunkPlace = z.infer<typeof ChunkPlace>;

/** A chunk's roll-up and the first position of each of its blocks. */
export interface RolledChunk extends Rollup {
  readonly place: ChunkPlace;
  readonly starts: Float64Array;
}

/** The sealed chunks and their grids. Chunks of one sensor never overlap. */
export interface ChunkTable {
  /** In order of start: those that overlap from..to, and the last one that begins before. */
  around(sensor: SensorId, from: number, to: number): ChunkPlace[];
  /** Position of the last row of the last chunk; -Infinity when there is none. */
  end(sensor: SensorId): number;
  /** [rows], strictly rising. Not to be written to. */
  positions(place: ChunkPlace): Float64Array;
  /** [rows], NaN: missing. @param room is used for the result when large enough */
  values(place: ChunkPlace, room?: Float64Array): Float64Array;
  /** The roll-ups of the chunks that overlap from..to, in order. */
  rollups(sensor: SensorId, from: number, to: number): RolledChunk[];
  addGrid(positions: Float64Array): number;
  add(sensor: SensorId, grid: number, positions: Float64Array, values: Float64Array): void;
  remove(place: ChunkPlace): void;
  /** Removes those of these grids that no chunk has any more. */
  removeUnused(grids: Iterable<number>): void;
  forget(): void;
}

const PLACE = 'id, sensor, start, "end", rows, count, grid';
const RollupRow = z.strictObject({ ...ChunkPlace.shape, body: z.instanceof(Uint8Array) });

/** Positions held unpacked, and numbers of roll-ups held for charts (16 MiB and 24 MiB). */
const POSITIONS_IN_MEMORY = 2_000_000;
const ROLLUP_NUMBERS_IN_MEMORY = 3_000_000;

/** What a chunk is called in messages. */
export const nameOf = (place: ChunkPlace): string => `chunk ${place.id} of sensor ${place.sensor} (from ${place.start} to ${place.end})`;

const prepare = (connection: Connection) => {
  // From the last chunk that begins at or before `from`, so that the search begins where it can succeed.
  const around = `FROM chunk WHERE chunk.sensor = @sensor AND chunk.start <= @to
    AND chunk.start >= ifnull((SELECT max(start) FROM chunk WHERE sensor = @sensor AND start <= @from), @from)`;
  return {
    around: query(connection, ChunkPlace, `SELECT ${PLACE} ${around} ORDER BY chunk.start`),
    rollups: query(
      connection,
      RollupRow,
      `SELECT chunk.id, chunk.sensor, chunk.start, chunk."end", chunk.rows, chunk.count, chunk.grid, rollup.body ${around.replace('WHERE', 'JOIN rollup ON rollup.sensor = chunk.sensor AND rollup.chunk = chunk.id WHERE')} ORDER BY chunk.start`,
    ),
    end: query(connection, z.strictObject({ end: z.number() }), 'SELECT "end" FROM chunk WHERE sensor = ? ORDER BY start DESC LIMIT 1'),
    body: blobById(connection, 'SELECT body FROM chunk WHERE id = ?'),
    grid: blobById(connection, 'SELECT body FROM grid WHERE id = ?'),
    addGrid: command(connection, 'INSERT INTO grid (rows, body) VALUES (?, ?)'),
    add: command(connection, 'INSERT INTO chunk (sensor, start, "end", rows, count, grid, body) VALUES (?, ?, ?, ?, ?, ?, ?)'),
    addRollup: command(connection, 'INSERT INTO rollup (sensor, chunk, body) VALUES (?, ?, ?)'),
    remove: command(connection, 'DELETE FROM chunk WHERE id = ?'),
    removeUnused: command(connection, 'DELETE FROM grid WHERE id = @grid AND NOT EXISTS (SELECT 1 FROM chunk WHERE grid = @grid)'),
  };
};

const readingsIn = (values: Float64Array): number => {
  let count = 0;
  for (let i = 0; i < values.length; i += 1) if (values[i] === values[i]) count += 1;
  return count;
};

/** @param connection the plant's database */
export const createChunks = (connection: Connection): ChunkTable => {
  const sql = prepare(connection);
  const grids = createRecent<number, Float64Array>(POSITIONS_IN_MEMORY);
  const rolled = createRecent<number, RolledChunk>(ROLLUP_NUMBERS_IN_MEMORY);
  // Asked for with every batch, a number a sensor.
  const ends = new Map<SensorId, number>();

  const gridBody = (place: ChunkPlace): Uint8Array => {
    const body = sql.grid(place.grid);
    if (body === undefined) throw damaged(() => nameOf(place), `its grid ${place.grid} is missing`);
    return body;
  };

  const roll = ({ body, ...place }: z.infer<typeof RollupRow>): RolledChunk => {
    const where = () => `the roll-up of ${nameOf(place)}`;
    const chunk: RolledChunk = { place, ...decodeRollup(body, where), starts: blockStarts(gridBody(place), () => `grid ${place.grid} of ${nameOf(place)}`) };
    if (chunk.min.length !== chunk.starts.length) throw damaged(where, `it has ${chunk.min.length} blocks where ${chunk.starts.length} were expected`);
    rolled.set(place.id, chunk, chunk.min.length * 3);
    return chunk;
  };

  return {
    around: (sensor, from, to) => sql.around.all({ sensor, from, to }),
    end: (sensor) => {
      const end = ends.get(sensor) ?? sql.end.one(sensor)?.end ?? -Infinity;
      ends.set(sensor, end);
      return end;
    },
    positions: (place) => {
      const known = grids.get(place.grid);
      if (known !== undefined) return known;
      const positions = decodePositions(gridBody(place), () => `grid ${place.grid} of ${nameOf(place)}`);
      if (positions.length !== place.rows) throw damaged(() => nameOf(place), `its grid ${place.grid} has ${positions.length} rows where ${place.rows} were expected`);
      grids.set(place.grid, positions, positions.length);
      return positions;
    },
    values: (place, room) => {
      const stored = sql.body(place.id);
      if (stored === undefined) throw damaged(() => nameOf(place), 'it is missing');
      const values = decodeValues(stored, () => nameOf(place), room);
      if (values.length !== place.rows) throw damaged(() => nameOf(place), `it has ${values.length} rows where ${place.rows} were expected`);
      return values;
    },
    rollups: (sensor, from, to) => {
      const places = sql.around.all({ sensor, from, to });
      const cached = places.map((place) => rolled.get(place.id));
      if (cached.every((chunk) => chunk !== undefined)) return cached;
      return sql.rollups.all({ sensor, from, to }).map(roll);
    },
    addGrid: (positions) => sql.addGrid(positions.length, encodePositions(positions)).id,
    add: (sensor, grid, positions, values) => {
      const [start, end] = [positions[0] ?? 0, positions.at(-1) ?? 0];
      const { id } = sql.add(sensor, start, end, values.length, readingsIn(values), grid, encodeValues(values));
      sql.addRollup(sensor, id, encodeRollup(rollUp(values)));
      ends.delete(sensor);
    },
    remove: (place) => {
      sql.remove(place.id);
      ends.delete(place.sensor);
      rolled.delete(place.id);
    },
    removeUnused: (ids) => {
      for (const grid of ids) {
        sql.removeUnused({ grid });
        grids.delete(grid);
      }
    },
    forget: () => {
      grids.clear();
      rolled.clear();
      ends.clear();
    },
  };
};
