import { z } from 'zod';
import type { SensorId } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { command, query } from '../statement.ts';
import { damaged } from './codec/body.ts';
import { ChunkPlace, nameOf } from './place.ts';
import { blockStarts } from './codec/positions.ts';
import { createRecent } from './recent.ts';
import { decodeRollup, encodeRollup, rollUp, type Rollup } from './codec/rollup.ts';

/** A chunk's roll-up and the first position of each of its blocks. */
export interface RolledChunk extends Rollup {
  readonly place: ChunkPlace;
  readonly starts: Float64Array;
}

/** The roll-ups of the chunks. */
export interface RollupTable {
  /** Those of these chunks of one sensor, by chunk. @param places in order */
  of(places: readonly ChunkPlace[]): Map<number, RolledChunk>;
  /** @param low, high [rows] of the chunk, NaN: missing; the values themselves where it isn't thinned */
  add(sensor: SensorId, chunk: number, low: Float64Array, high: Float64Array): void;
  /** Adds one as it is. */
  addSealed(sensor: SensorId, chunk: number, body: Uint8Array): void;
  /** Forgets one that was removed with its chunk. */
  drop(chunk: number): void;
  forget(): void;
}

/** Numbers held for charts (24 MiB): those of some 64 million readings. */
const NUMBERS_IN_MEMORY = 3_000_000;

const Row = z.strictObject({ ...ChunkPlace.shape, body: z.instanceof(Uint8Array), gridBody: z.instanceof(Uint8Array) });

const roll = ({ body, gridBody, ...place }: z.infer<typeof Row>): RolledChunk => {
  const where = () => `the roll-up of ${nameOf(place)}`;
  const chunk: RolledChunk = { place, ...decodeRollup(body, where), starts: blockStarts(gridBody, () => `grid ${place.grid} of ${nameOf(place)}`) };
  if (chunk.min.length !== chunk.starts.length) throw damaged(where, `it has ${chunk.min.length} blocks where ${chunk.starts.length} were expected`);
  return chunk;
};

/** @param connection the plant's database */
export const createRollups = (connection: Connection): RollupTable => {
  const stored = query(
    connection,
    Row,
    `SELECT chunk.id, chunk.sensor, chunk.start, chunk."end", chunk.rows, chunk.count, chunk.grid, rollup.body, grid.body AS gridBody
     FROM chunk JOIN rollup ON rollup.sensor = chunk.sensor AND rollup.chunk = chunk.id JOIN grid ON grid.id = chunk.grid
     WHERE chunk.sensor = @sensor AND chunk.start >= @first AND chunk.start <= @last`,
  );
  const insert = command(connection, 'INSERT INTO rollup (sensor, chunk, body) VALUES (?, ?, ?)');
  const recent = createRecent<number, RolledChunk>(NUMBERS_IN_MEMORY);

  return {
    of: (places) => {
      const found = new Map<number, RolledChunk>();
      for (const { id } of places) {
        const chunk = recent.get(id);
        if (chunk !== undefined) found.set(id, chunk);
      }
      const [first, last] = [places[0], places.at(-1)];
      if (first === undefined || last === undefined || found.size === places.length) return found;
      for (const row of stored.all({ sensor: first.sensor, first: first.start, last: last.start })) {
        if (found.has(row.id)) continue;
        const chunk = roll(row);
        recent.set(row.id, chunk, chunk.min.length * 3);
        found.set(row.id, chunk);
      }
      return found;
    },
    add: (sensor, chunk, low, high) => {
      const rolled = rollUp(low);
      insert(sensor, chunk, encodeRollup(low === high ? rolled : { min: rolled.min, max: rollUp(high).max }));
    },
    addSealed: (sensor, chunk, body) => {
      insert(sensor, chunk, body);
    },
    drop: recent.delete,
    forget: recent.clear,
  };
};
