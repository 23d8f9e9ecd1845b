import { z } from 'zod';
import type { SensorId } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { blobBy, command, query } from '../statement.ts';
import { damaged } from './codec/body.ts';
import { ChunkPlace, nameOf } from './place.ts';
import { decodePositions, encodePositions } from './codec/positions.ts';
import { createRecent } from './recent.ts';
import { createRanges, type Ranges } from './ranges.ts';
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
  /** What the rows of a thinned chunk stand for; null where they are the readings themselves. */
  ranges(place: ChunkPlace): Ranges | null;
  /** At most `most` of the chunks that reach behind `after`, in order of start. */
  behind(sensor: SensorId, after: number, most: number): ChunkPlace[];
  /** The first and the last chunk that hold a reading. */
  edges(sensor: SensorId): [ChunkPlace | undefined, ChunkPlace | undefined];
  /** The roll-ups of these chunks of one sensor, by chunk. @param places in order */
  rollups(places: readonly ChunkPlace[]): Map<number, RolledChunk>;
  addGrid(positions: Float64Array): number;
  /** @param ranges what the values stand for, where they are means */
  add(sensor: SensorId, grid: number, positions: Float64Array, values: Float64Array, ranges?: Ranges | null): void;
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

const Counted = z.strictObject({ chunks: z.int(), readings: z.int() });

const prepare = (connection: Connection) => ({
  // From the last chunk that begins at or before `from`, so that the search begins where it can succeed.
  around: query(
    connection,
    ChunkPlace,
    `SELECT id, sensor, start, "end", rows, count, grid FROM chunk
     WHERE sensor = @sensor AND start <= @to AND start >= ifnull((SELECT max(start) FROM chunk WHERE sensor = @sensor AND start <= @from), @from) ORDER BY start`,
  ),
  behind: query(
    connection,
    ChunkPlace,
    `SELECT id, sensor, start, "end", rows, count, grid FROM chunk
     WHERE sensor = @sensor AND start >= ifnull((SELECT max(start) FROM chunk WHERE sensor = @sensor AND start <= @after), @after) AND "end" > @after ORDER BY start LIMIT @most`,
  ),
  first: query(connection, ChunkPlace, 'SELECT id, sensor, start, "end", rows, count, grid FROM chunk WHERE sensor = ? AND count > 0 ORDER BY start LIMIT 1'),
  last: query(connection, ChunkPlace, 'SELECT id, sensor, start, "end", rows, count, grid FROM chunk WHERE sensor = ? AND count > 0 ORDER BY start DESC LIMIT 1'),
  end: query(connection, z.strictObject({ end: z.number() }), 'SELECT "end" FROM chunk WHERE sensor = ? ORDER BY start DESC LIMIT 1'),
  // A place whose entry in the index was damaged may name another sensor's chunk: what is read must be what was asked for.
  body: blobBy(connection, 'SELECT body FROM chunk WHERE id = ? AND sensor = ? AND start = ? AND grid = ?'),
  sealed: query(connection, Counted, 'SELECT chunks, readings FROM sealed WHERE sensor = ?'),
  counted: query(connection, Counted, 'SELECT count(*) AS chunks, ifnull(sum(count), 0) AS readings FROM chunk WHERE sensor = ?'),
  grid: blobBy(connection, 'SELECT body FROM grid WHERE id = ?'),
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

/** Once a sensor: whether the index has all that was sealed. What a damaged page of it took away would not be missed else. */
const watchCompleteness = (sql: ReturnType<typeof prepare>) => {
  const complete = new Set<SensorId>();
  return {
    /** The sensor itself, found complete. @throws AppError('plant-damaged') */
    completed: (sensor: SensorId): SensorId => {
      if (complete.has(sensor)) return sensor;
      const sealed = sql.sealed.one(sensor) ?? { chunks: 0, readings: 0 };
      const there = sql.counted.one(sensor) ?? { chunks: 0, readings: 0 };
      if (sealed.chunks !== there.chunks || sealed.readings !== there.readings) {
        throw damaged(() => `the series of sensor ${sensor}`, `${there.chunks} chunks with ${there.readings} readings are there, ${sealed.chunks} with ${sealed.readings} were sealed`);
      }
      complete.add(sensor);
      return sensor;
    },
    forgetComplete: () => complete.clear(),
  };
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
  const ranges = createRanges(connection);
  const { completed, forgetComplete } = watchCompleteness(sql);
  const grids = createRecent<number, Float64Array>(POSITIONS_IN_MEMORY);
  // Asked for with every batch, a number a sensor.
  const ends = new Map<SensorId, number>();

  return {
    around: (sensor, from, to) => sql.around.all({ sensor: completed(sensor), from, to }),
    end: (sensor) => {
      const end = ends.get(sensor) ?? sql.end.one(completed(sensor))?.end ?? -Infinity;
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
    values: (place, room) => readValues(sql.body(place.id, place.sensor, place.start, place.grid), place, room),
    ranges: (place) => ranges.of(place),
    behind: (sensor, after, most) => sql.behind.all({ sensor: completed(sensor), after, most }),
    edges: (sensor) => [sql.first.one(sensor), sql.last.one(sensor)],
    rollups: rollups.of,
    addGrid: (positions) => sql.addGrid(positions.length, encodePositions(positions)).id,
    add: (sensor, grid, positions, values, standsFor = null) => {
      const { id } = sql.add(sensor, positions[0] ?? 0, positions.at(-1) ?? 0, values.length, readingsIn(values), grid, encodeValues(values));
      rollups.add(sensor, id, standsFor?.low ?? values, standsFor?.high ?? values);
      if (standsFor !== null) ranges.add(id, standsFor);
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
      ranges.forget();
      forgetComplete();
      ends.clear();
    },
  };
};
