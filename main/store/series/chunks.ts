import { z } from 'zod';
import type { SensorId } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { blobById, command, query } from '../statement.ts';
import { damaged } from './codec/body.ts';
import { ChunkPlace, nameOf } from './place.ts';
import { decodePositions, encodePositions } from './codec/positions.ts';
import { createRecent } from './recent.ts';
import { createRollups, type RolledChunk, type RollupTable } from './rollup-table.ts';
import { decodeValues, encodeValues } from './codec/values.ts';

export { CHUNK_ROWS } from './limits.ts';

/** A chunk that was worked out beside the store. */
export interface SealedChunk {
  readonly sensor: SensorId;
  readonly grid: number;
  readonly start: number;
  readonly end: number;
  readonly rows: number;
  readonly count: number;
  readonly body: Uint8Array;
  readonly rollup: Uint8Array;
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
  /** The roll-ups of these chunks of one sensor, by chunk. @param places in order */
  rollups(places: readonly ChunkPlace[]): Map<number, RolledChunk>;
  addGrid(positions: Float64Array): number;
  add(sensor: SensorId, grid: number, positions: Float64Array, values: Float64Array): void;
  /** Adds a chunk and its roll-up as they are. */
  addSealed(chunk: SealedChunk): void;
  /** Adds a grid as it is. @returns its id */
  addSealedGrid(rows: number, body: Uint8Array): number;
  remove(place: ChunkPlace): void;
  /** Removes those of these grids that no chunk has any more. */
  removeUnused(grids: Iterable<number>): void;
  forget(): void;
}

/** Positions held unpacked (16 MiB): chunks that share a grid unpack it once. */
const POSITIONS_IN_MEMORY = 2_000_000;

const prepare = (connection: Connection) => ({
  // From the last chunk that begins at or before `from`, so that the search begins where it can succeed.
  around: query(
    connection,
    ChunkPlace,
    `SELECT id, sensor, start, "end", rows, count, grid FROM chunk
     WHERE sensor = @sensor AND start <= @to AND start >= ifnull((SELECT max(start) FROM chunk WHERE sensor = @sensor AND start <= @from), @from) ORDER BY start`,
  ),
  end: query(connection, z.strictObject({ end: z.number() }), 'SELECT "end" FROM chunk WHERE sensor = ? ORDER BY start DESC LIMIT 1'),
  body: blobById(connection, 'SELECT body FROM chunk WHERE id = ?'),
  grid: blobById(connection, 'SELECT body FROM grid WHERE id = ?'),
  addGrid: command(connection, 'INSERT INTO grid (rows, body) VALUES (?, ?)'),
  add: command(connection, 'INSERT INTO chunk (sensor, start, "end", rows, count, grid, body) VALUES (?, ?, ?, ?, ?, ?, ?)'),
  remove: command(connection, 'DELETE FROM chunk WHERE id = ?'),
  removeUnused: command(connection, 'DELETE FROM grid WHERE id = @grid AND NOT EXISTS (SELECT 1 FROM chunk WHERE grid = @grid)'),
});

const readingsIn = (values: Float64Array): number => {
  let count = 0;
  for (let i = 0; i < values.length; i += 1) if (values[i] === values[i]) count += 1;
  return count;
};

const readPositions = (body: Uint8Array | undefined, place: ChunkPlace): Float64Array => {
  const where = () => `grid ${place.grid} of ${nameOf(place)}`;
  if (body === undefined) throw damaged(where, 'it is missing');
  const positions = decodePositions(body, where);
  if (positions.length !== place.rows) throw damaged(where, `it has ${positions.length} rows where ${place.rows} were expected`);
  return positions;
};

const readValues = (body: Uint8Array | undefined, place: ChunkPlace, room: Float64Array | undefined): Float64Array => {
  const where = () => nameOf(place);
  if (body === undefined) throw damaged(where, 'it is missing');
  const values = decodeValues(body, where, room);
  if (values.length !== place.rows) throw damaged(where, `it has ${values.length} rows where ${place.rows} were expected`);
  return values;
};

/** What takes chunks as they are. */
const sealedInto = (sql: ReturnType<typeof prepare>, rollups: RollupTable, ends: Map<SensorId, number>): Pick<ChunkTable, 'addSealed' | 'addSealedGrid'> => ({
  addSealed: ({ sensor, grid, start, end, rows, count, body, rollup }) => {
    rollups.addSealed(sensor, sql.add(sensor, start, end, rows, count, grid, body).id, rollup);
    ends.delete(sensor);
  },
  addSealedGrid: (rows, body) => sql.addGrid(rows, body).id,
});

/** @param connection the plant's database */
export const createChunks = (connection: Connection): ChunkTable => {
  const sql = prepare(connection);
  const rollups = createRollups(connection);
  const grids = createRecent<number, Float64Array>(POSITIONS_IN_MEMORY);
  // Asked for with every batch, a number a sensor.
  const ends = new Map<SensorId, number>();

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
      const positions = readPositions(sql.grid(place.grid), place);
      grids.set(place.grid, positions, positions.length);
      return positions;
    },
    values: (place, room) => readValues(sql.body(place.id), place, room),
    rollups: rollups.of,
    addGrid: (positions) => sql.addGrid(positions.length, encodePositions(positions)).id,
    add: (sensor, grid, positions, values) => {
      const { id } = sql.add(sensor, positions[0] ?? 0, positions.at(-1) ?? 0, values.length, readingsIn(values), grid, encodeValues(values));
      rollups.add(sensor, id, values);
      ends.delete(sensor);
    },
    ...sealedInto(sql, rollups, ends),
    remove: (place) => {
      sql.remove(place.id);
      ends.delete(place.sensor);
      rollups.drop(place.id);
    },
    removeUnused: (ids) => {
      for (const grid of ids) {
        sql.removeUnused({ grid });
        grids.delete(grid);
      }
    },
    forget: () => {
      grids.clear();
      rollups.forget();
      ends.clear();
    },
  };
};
