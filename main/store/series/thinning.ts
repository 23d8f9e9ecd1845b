import { createHash } from 'node:crypto';
import { inTransaction, type Connection } from '../connection.ts';
import { CHUNK_ROWS } from './chunks.ts';
import type { ChunkPlace } from './place.ts';
import type { Ranges } from './ranges.ts';
import type { Places } from './segments.ts';
import type { Thinned, ThinTask } from './series.ts';
import { readingsOf, rowsOfRanges, rowsWithin, sliced, stepEnd, thinRows, type RangedRows } from './thin.ts';

/** Chunks taken in one transaction, unless a step is longer than they are. */
const CHUNKS_A_PART = 64;

/** Chunks whose readings stand for as long a step, or a longer one, are left as they are. */
const isDone = ({ chunks }: Places, place: ChunkPlace, { step, from, to }: ThinTask): boolean => {
  if (step === null) return false;
  const ranges = chunks.ranges(place);
  return ranges !== null && ranges.step >= step && place.start > from && place.end <= to;
};

const rowsOf = ({ chunks }: Places, place: ChunkPlace): { rows: RangedRows; ranges: Ranges | null } => {
  const ranges = chunks.ranges(place);
  return { rows: rowsOfRanges(chunks.positions(place), chunks.values(place), ranges), ranges };
};

const joined = (parts: readonly RangedRows[]): RangedRows => {
  const all = (pick: (rows: RangedRows) => Float64Array): Float64Array => Float64Array.from(parts.flatMap((rows) => [...pick(rows)]));
  return { positions: all((rows) => rows.positions), values: all((rows) => rows.values), low: all((rows) => rows.low), high: all((rows) => rows.high), weight: all((rows) => rows.weight) };
};

interface Part {
  readonly places: readonly ChunkPlace[];
  readonly until: number;
}

/** The next chunks of a task, and up to where their steps are whole: a step's readings may go on in the chunk behind. */
const nextPart = (places: Places, task: ThinTask, after: number): Part | null => {
  for (let most = CHUNKS_A_PART; ; most *= 2) {
    const found = places.chunks.behind(task.sensor, after, most).filter((place) => place.start <= task.to);
    const last = found.at(-1);
    if (last === undefined) return null;
    const isAll = found.length < most;
    const until = isAll || last.end >= task.to ? task.to : task.step === null ? last.end : Math.floor(last.end / task.step) * task.step;
    if (until > after) return { places: found, until };
  }
};

/** Grids that were written, by their positions' digest. */
export type GridsMade = Map<string, number>;

/** Writes rows into chunks; sensors thinned one after the other share the grids that come out the same. */
const write = ({ chunks }: Places, { sensor }: ThinTask, rows: RangedRows, step: number | null, grids: GridsMade): void => {
  const length = rows.positions.length;
  const parts = Math.ceil(length / CHUNK_ROWS);
  for (let part = 0; part < parts; part += 1) {
    const cut = sliced(rows, Math.floor((part * length) / parts), Math.floor(((part + 1) * length) / parts));
    const key = createHash('sha256').update(new Uint8Array(cut.positions.buffer, cut.positions.byteOffset, cut.positions.byteLength)).digest('base64');
    const grid = grids.get(key) ?? chunks.addGrid(cut.positions);
    grids.set(key, grid);
    chunks.add(sensor, grid, cut.positions, cut.values, step === null ? null : { step, low: cut.low, high: cut.high, weight: cut.weight });
  }
};

/** Readings of one chunk that a task would take. */
const countIn = (places: Places, place: ChunkPlace, from: number, to: number): number => {
  if (place.start > from && place.end <= to) return place.count;
  return readingsOf(rowsWithin(rowsOf(places, place).rows, from, to));
};

/** What one part is doing: rows of whole steps wait in `open` until what comes next is known to be of another step. */
class PartWork {
  thinned = 0;
  removed = 0;
  points = 0;
  missing = 0;
  readonly #places: Places;
  readonly #task: ThinTask;
  readonly #grids: GridsMade;
  #open: RangedRows[] = [];

  constructor(places: Places, task: ThinTask, grids: GridsMade) {
    this.#places = places;
    this.#task = task;
    this.#grids = grids;
  }

  /** Takes what of a chunk lies at (after, until]; the rest of it stays as it is. */
  take(place: ChunkPlace, after: number, until: number): void {
    const { rows, ranges } = rowsOf(this.#places, place);
    const isDoneAlready = isDone(this.#places, place, this.#task);
    const inside = rowsWithin(rows, after, until);
    this.#places.chunks.remove(place);
    this.#keep(rowsWithin(rows, -Infinity, after), ranges);
    this.#open.push(inside);
    if (this.#task.step === null) this.removed += readingsOf(inside);
    else if (!isDoneAlready) this.thinned += readingsOf(inside);
    const rest = rowsWithin(rows, until, Infinity);
    if (rest.positions.length === 0) return;
    this.close();
    this.#keep(rest, ranges);
  }

  /** Whether a chunk begins in the step that is still open: a row of that step would fall into it. */
  reachesInto(place: ChunkPlace): boolean {
    const last = this.#open.at(-1)?.positions.at(-1);
    return last !== undefined && this.#task.step !== null && stepEnd(last, this.#task.step) >= place.start;
  }

  /** Writes what stands for the open rows. */
  close(): void {
    const rows = joined(this.#open);
    this.#open = [];
    if (rows.positions.length === 0) return;
    this.#count(rows, -1);
    const { step, kind } = this.#task;
    if (step === null) return;
    const fewer = thinRows(rows, kind, step);
    this.#count(fewer, 1);
    write(this.#places, this.#task, fewer, step, this.#grids);
  }

  #keep(rows: RangedRows, ranges: Ranges | null): void {
    write(this.#places, this.#task, rows, ranges?.step ?? null, this.#grids);
  }

  #count(rows: RangedRows, sign: 1 | -1): void {
    const readings = readingsOf(rows);
    this.points += sign * readings;
    this.missing += sign * (rows.positions.length - readings);
  }
}

const thinPart = (places: Places, task: ThinTask, after: number, part: Part, grids: GridsMade): Thinned => {
  const work = new PartWork(places, task, grids);
  const used = new Set<number>();
  for (const place of part.places) {
    if (place.start > part.until) break;
    if (isDone(places, place, task) && !work.reachesInto(place)) {
      work.close();
      continue;
    }
    used.add(place.grid);
    work.take(place, after, part.until);
  }
  work.close();
  places.chunks.removeUnused(used);
  // A number that is free again may be another grid's tomorrow.
  for (const [digest, grid] of grids) if (used.has(grid)) grids.delete(digest);
  places.infos.thinned(task.sensor, { points: work.points, missing: work.missing, ...edgesOf(places, task.sensor) });
  return { thinned: work.thinned, removed: work.removed, until: part.until };
};

/**
 * Does the next part of a task, in a transaction of its own: cut at any moment, each part is done or isn't.
 * @param grids what this run has written so far; to be dropped when a part throws
 * @param sealTail moves the tail of the sensor's machine into chunks
 * @returns null when nothing is left
 */
export const thinNext = (connection: Connection, places: Places, task: ThinTask, after: number, grids: GridsMade, sealTail: () => unknown): Thinned | null =>
  inTransaction(connection, 'thinning readings', () => {
    sealTail();
    const part = nextPart(places, task, after);
    return part === null ? null : thinPart(places, task, after, part, grids);
  });

/** First and last reading that are left. */
const edgesOf = ({ chunks }: Places, sensor: ThinTask['sensor']): { first: number | null; last: number | null } => {
  const readAt = (place: ChunkPlace | undefined, fromEnd: boolean): number | null => {
    if (place === undefined) return null;
    const [positions, values] = [chunks.positions(place), chunks.values(place)];
    const at = fromEnd ? values.findLastIndex((v) => v === v) : values.findIndex((v) => v === v);
    return positions[at] ?? null;
  };
  const [first, last] = chunks.edges(sensor);
  return { first: readAt(first, false), last: readAt(last, true) };
};

/** What the next part of a task would do, as thinNext counts it. */
export const previewNext = (places: Places, task: ThinTask, after: number): Thinned | null => {
  const part = nextPart(places, task, after);
  if (part === null) return null;
  const readings = part.places.filter((place) => place.start <= part.until && !isDone(places, place, task)).reduce((sum, place) => sum + countIn(places, place, after, part.until), 0);
  return { thinned: task.step === null ? 0 : readings, removed: task.step === null ? readings : 0, until: part.until };
};

/** Readings at (from, to] that aren't means. */
export const rawReadings = (places: Places, sensor: ThinTask['sensor'], from: number, to: number): number => {
  let sum = 0;
  for (let after = from; after < to; ) {
    const found = places.chunks.behind(sensor, after, CHUNKS_A_PART).filter((place) => place.start <= to);
    const last = found.at(-1);
    if (last === undefined) break;
    sum += found.reduce((total, place) => total + (places.chunks.ranges(place) === null ? countIn(places, place, after, to) : 0), 0);
    after = last.end;
  }
  return sum;
};
