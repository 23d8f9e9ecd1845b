import { z } from 'zod';
import { AppError } from '../../contract/errors.ts';
import { SensorId } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { decodeBatch } from '../series/codec/batch.ts';
import { decodePositions } from '../series/codec/positions.ts';
import { encodeRollup, rollUp } from '../series/codec/rollup.ts';
import { decodeValues } from '../series/codec/values.ts';
import { createChunks } from '../series/chunks.ts';
import { createInfos } from '../series/infos.ts';
import { countSeries } from '../series/problems.ts';
import type { Places } from '../series/segments.ts';
import { createTail } from '../series/tail.ts';
import { query } from '../statement.ts';
import type { Salvaged } from './records.ts';
import { readable, rowsByNumber, type Row } from './rows.ts';

const Blob = z.instanceof(Uint8Array);
const Chunk = z.object({ rowid_: z.int(), sensor: SensorId, start: z.number(), end: z.number(), rows: z.int(), count: z.int(), grid: z.int(), body: Blob });
type Chunk = z.infer<typeof Chunk>;
const Tail = z.object({ rowid_: z.int(), asset: z.int(), rows: z.int(), start: z.number(), end: z.number(), body: Blob });
const Body = z.strictObject({ body: Blob });
const Thinned = z.strictObject({ step: z.number(), low: Blob, high: Blob, weight: Blob });
const Listed = z.strictObject({ id: z.int(), sensor: SensorId, start: z.number(), end: z.number(), count: z.int() });

/** What a body holds, or null when its checksum is wrong. */
const decoded = <T>(work: () => T): T | null => {
  try {
    return work();
  } catch (thrown) {
    // What can't be decoded is what is left behind here.
    const { code } = AppError.of(thrown);
    if (code === 'plant-damaged' || code === 'plant-newer') return null;
    throw thrown;
  }
};

const hasTable = (connection: Connection, name: string): boolean => connection.prepare<[string], unknown>("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?").pluck().get(name) === 1;

const where = (): string => 'a body';
const one = (connection: Connection, sql: string, id: number): Row | undefined => {
  const found = readable(() => connection.prepare<[number], unknown>(sql).get(id));
  return typeof found === 'object' && found !== null ? Object.fromEntries(Object.entries(found)) : undefined;
};

const spanWords = (start: number, end: number): string => {
  // Positions of the time axis are microseconds; anything smaller than a day of them is a count of cycles.
  const word = (at: number): string => (Math.abs(at) > 86_400e6 ? new Date(at / 1000).toISOString() : String(at));
  return `from ${word(start)} to ${word(end)}`;
};

/** Copies the sealed chunks whose body, positions and place agree; roll-ups are made anew. */
class ChunkCopier {
  readonly #from: Connection;
  readonly #to: Connection;
  readonly #grids = new Map<number, Float64Array | null>();
  readonly #ends = new Map<number, { start: number; end: number }[]>();
  /** Files of before the first thinning have no table for it. */
  readonly #hasThinned: boolean;
  readonly saved = new Set<number>();

  constructor(from: Connection, to: Connection) {
    this.#from = from;
    this.#to = to;
    this.#hasThinned = hasTable(to, 'thinned');
  }

  /** @returns readings that were saved, or null */
  take(row: Row): number | null {
    const parsed = Chunk.safeParse(row);
    if (!parsed.success) return null;
    const chunk = parsed.data;
    const positions = this.#gridOf(chunk.grid);
    const values = decoded(() => decodeValues(chunk.body, where));
    if (positions === null || values === null || !fits(chunk, positions, values) || this.#overlaps(chunk)) return null;
    this.#write(chunk, values);
    return chunk.count;
  }

  /** Positions of a grid; its bytes are copied with the first chunk that needs them. */
  #gridOf(id: number): Float64Array | null {
    const known = this.#grids.get(id);
    if (known !== undefined) return known;
    const body = Body.safeParse(one(this.#from, 'SELECT body FROM grid WHERE id = ?', id));
    const positions = body.success ? decoded(() => decodePositions(body.data.body, where)) : null;
    if (this.#grids.size > 512) this.#grids.clear();
    this.#grids.set(id, positions);
    if (positions !== null && body.success) this.#to.prepare('INSERT OR IGNORE INTO grid (id, rows, body) VALUES (?, ?, ?)').run(id, positions.length, body.data.body);
    return positions;
  }

  /** Chunks of one sensor never overlap: of two that do, one isn't what it says. */
  #overlaps({ sensor, start, end }: Chunk): boolean {
    const spans = this.#ends.get(sensor) ?? [];
    this.#ends.set(sensor, spans);
    if (spans.some((span) => span.start <= end && start <= span.end)) return true;
    const last = spans.at(-1);
    // They mostly come in order: then one span says it all.
    if (last !== undefined && start > last.end && spans.length === 1) last.end = end;
    else spans.push({ start, end });
    return false;
  }

  #write({ rowid_: id, sensor, start, end, rows, count, grid, body }: Chunk, values: Float64Array): void {
    this.#to.prepare('INSERT INTO chunk (id, sensor, start, "end", rows, count, grid, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(id, sensor, start, end, rows, count, grid, body);
    const thinned = this.#thinnedOf(id);
    const { min } = rollUp(thinned?.low ?? values);
    const { max } = rollUp(thinned?.high ?? values);
    this.#to.prepare('INSERT INTO rollup (sensor, chunk, body) VALUES (?, ?, ?)').run(sensor, id, encodeRollup({ min, max }));
    this.saved.add(id);
  }

  /** What a thinned chunk came from; where that is lost, its means are all that is left of it. */
  #thinnedOf(id: number): { low: Float64Array; high: Float64Array } | null {
    const row = Thinned.safeParse(!this.#hasThinned ? null : one(this.#from, 'SELECT step, low, high, weight FROM thinned WHERE chunk = ?', id));
    if (!row.success) return null;
    const { step, low, high, weight } = row.data;
    const all = decoded(() => ({ low: decodeValues(low, where), high: decodeValues(high, where), weight: decodeValues(weight, where) }));
    if (all === null) return null;
    this.#to.prepare('INSERT INTO thinned (chunk, step, low, high, weight) VALUES (?, ?, ?, ?, ?)').run(id, step, low, high, weight);
    return all;
  }
}

const fits = (chunk: Chunk, positions: Float64Array, values: Float64Array): boolean =>
  positions.length === chunk.rows && values.length === chunk.rows && positions[0] === chunk.start && positions.at(-1) === chunk.end && values.reduce((sum, v) => sum + (v === v ? 1 : 0), 0) === chunk.count;

const nameOf = (to: Connection, sensor: number): string => {
  const name = to.prepare<[number], unknown>("SELECT asset.name || ' / ' || sensor.name FROM sensor JOIN asset ON asset.id = sensor.asset WHERE sensor.id = ?").pluck().get(sensor);
  return typeof name === 'string' ? name : `sensor ${sensor}`;
};

const Received = z.strictObject({ receivedAt: z.int().nullable() });

/** What is known of each series as a whole, counted anew. */
export function* recount(from: Connection, to: Connection): Generator<void, void, void> {
  const places: Places = { chunks: createChunks(to), tail: createTail(to), infos: createInfos(to) };
  const insert = to.prepare('INSERT OR REPLACE INTO series (sensor, points, missing, first, last, received_at) VALUES (?, ?, ?, ?, ?, ?)');
  for (const { id } of query(to, z.strictObject({ id: SensorId }), 'SELECT id FROM sensor ORDER BY id').all()) {
    const { points, missing, first, last } = countSeries(places, id);
    const received = Received.safeParse(one(from, 'SELECT received_at AS receivedAt FROM series WHERE sensor = ?', id));
    if (points + missing > 0) insert.run(id, points, missing, first, last, received.success ? received.data.receivedAt : null);
    yield;
  }
}

/** What the index still lists and wasn't saved; where the index is gone too, what was counted. */
const tellLost = (from: Connection, to: Connection, saved: ReadonlySet<number>, lost: string[]): void => {
  const listed = readable(() => query(from, Listed, 'SELECT id, sensor, start, "end", count FROM chunk INDEXED BY chunk_place ORDER BY sensor, start').all().filter(({ id }) => !saved.has(id)));
  for (const { sensor, start, end, count } of listed ?? []) lost.push(`${nameOf(to, sensor)}: ${count} readings ${spanWords(start, end)}`);
  if (listed !== undefined) return;
  if (!hasTable(to, 'sealed')) return;
  const counts = readable(() => query(from, z.strictObject({ sensor: SensorId, readings: z.int() }), 'SELECT sensor, readings FROM sealed').all()) ?? [];
  for (const { sensor, readings } of counts) {
    const there = Number(to.prepare<[number], unknown>('SELECT ifnull(sum(count), 0) FROM chunk WHERE sensor = ?').pluck().get(sensor));
    if (there < readings) lost.push(`${nameOf(to, sensor)}: ${readings - there} readings, of which nothing more is known`);
  }
};

/** Chunks and tail batches that are whole, in steps of some hundred. @param to the database that they go to, without checks of references */
export function* copyReadings(from: Connection, to: Connection, salvaged: Salvaged): Generator<void, void, void> {
  const copier = new ChunkCopier(from, to);
  let waiting: Row[] = [];
  const flush = (): void => {
    to.transaction(() => {
      for (const row of waiting) salvaged.readings += copier.take(row) ?? 0;
    })();
    waiting = [];
  };
  for (const row of rowsByNumber(from, 'chunk', ['sensor', 'start', 'end', 'rows', 'count', 'grid', 'body'])) {
    waiting.push(row);
    if (waiting.length < 200) continue;
    flush();
    yield;
  }
  flush();
  tellLost(from, to, copier.saved, salvaged.lost);
  copyTail(from, to, salvaged);
  yield;
}

const copyTail = (from: Connection, to: Connection, salvaged: Salvaged): void => {
  const insert = to.prepare('INSERT INTO tail (id, asset, rows, start, end, body) VALUES (?, ?, ?, ?, ?, ?)');
  const asset = new Map<number, number>();
  to.transaction(() => {
    for (const row of rowsByNumber(from, 'tail', ['asset', 'rows', 'start', 'end', 'body'])) {
      const parsed = Tail.safeParse(row);
      const batch = parsed.success ? decoded(() => decodeBatch(parsed.data.body, where)) : null;
      if (!parsed.success || batch?.positions.length !== parsed.data.rows) continue;
      const { rowid_: id, body, ...rest } = parsed.data;
      insert.run(id, rest.asset, rest.rows, rest.start, rest.end, body);
      asset.set(rest.asset, (asset.get(rest.asset) ?? 0) + 1);
      salvaged.readings += batch.values.reduce((sum, column) => sum + column.reduce((n, v) => n + (v === v ? 1 : 0), 0), 0);
    }
  })();
  if (!hasTable(to, 'tailed')) return;
  const counts = readable(() => query(from, z.strictObject({ asset: z.int(), batches: z.int() }), 'SELECT asset, batches FROM tailed').all()) ?? [];
  for (const { asset: id, batches } of counts) {
    const missing = batches - (asset.get(id) ?? 0);
    if (missing > 0) salvaged.lost.push(`${missing} of the newest batches of machine ${id}`);
  }
};

