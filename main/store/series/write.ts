import type { SensorId } from '../../contract/values.ts';
import type { SortedBatch } from './codec/batch.ts';
import type { ChunkTable } from './chunks.ts';
import { CHUNK_ROWS } from './limits.ts';
import { lowerBound, overlay, unionOf } from './merge.ts';
import type { ChunkPlace } from './place.ts';
import { cutsOf } from './sealed.ts';
import { overlaidRanges, slicedRanges } from './ranges.ts';

/** A chunk below it takes in what comes right after it, so that many small writes don't leave many small chunks. */
const SMALL_CHUNK_ROWS = CHUNK_ROWS / 4;

/** Incoming rows [from, to) that become chunks of their own, or are merged with one that is there. */
interface Piece {
  readonly replaces: ChunkPlace | null;
  readonly from: number;
  readonly to: number;
}

/**
 * What becomes of the rows beside the chunks that are there: each chunk owns the stretch up to the next one's start; it is written anew
 * only when a row falls within it, or when it is small.
 * @param places the chunks around the rows, in order
 */
const planPieces = (places: readonly ChunkPlace[], positions: Float64Array): Piece[] => {
  const pieces: Piece[] = [];
  let from = 0;
  for (const [k, place] of places.entries()) {
    const isSmall = place.rows < SMALL_CHUNK_ROWS;
    if (k === 0) {
      const before = lowerBound(positions, place.start);
      if (before > 0 && !isSmall) {
        pieces.push({ replaces: null, from: 0, to: before });
        from = before;
      }
    }
    const next = places[k + 1];
    const to = next === undefined ? positions.length : lowerBound(positions, next.start, from);
    if (to > from) pieces.push({ replaces: (positions[from] ?? 0) <= place.end || isSmall ? place : null, from, to });
    from = to;
  }
  if (places.length === 0) pieces.push({ replaces: null, from: 0, to: positions.length });
  return pieces;
};

/** Rows and the grids they are cut into; shared by the sensors for which they came out the same. */
interface CutRows {
  readonly positions: Float64Array;
  readonly cuts: readonly { readonly grid: number; readonly from: number; readonly to: number }[];
}

const cutRows = (chunks: ChunkTable, positions: Float64Array): CutRows => {
  const starts = cutsOf(positions.length);
  const cuts = starts.slice(1).map((to, k) => {
    const from = starts[k] ?? 0;
    return { grid: chunks.addGrid(positions.subarray(from, to)), from, to };
  });
  return { positions, cuts };
};

/**
 * Writes sorted rows into chunks, merged with those that they fall into; the incoming reading holds, NaN never takes one away.
 * Sensors whose rows come out the same share their grids.
 */
export const writeToChunks = (chunks: ChunkTable, { positions, sensors, values }: SortedBatch): void => {
  const [first, last] = [positions[0], positions.at(-1)];
  if (first === undefined || last === undefined) return;
  const shared = new Map<string, CutRows>();
  const replacedGrids = new Set<number>();

  const writePiece = (sensor: SensorId, column: Float64Array, { replaces, from, to }: Piece): void => {
    const incoming = { positions: positions.subarray(from, to), values: column.subarray(from, to) };
    // The same old grid and the same rows come to the same new positions.
    const key = `${replaces?.grid ?? 'new'} ${from} ${to}`;
    const old = replaces === null ? null : { positions: chunks.positions(replaces), values: chunks.values(replaces) };
    const rows = shared.get(key) ?? cutRows(chunks, old === null ? incoming.positions : unionOf(old.positions, incoming.positions));
    shared.set(key, rows);
    const merged = old === null ? incoming.values : overlay(rows.positions, old, incoming);
    const before = replaces === null ? null : chunks.ranges(replaces);
    const ranges = before === null || old === null ? null : overlaidRanges(rows.positions, old.positions, before, incoming);
    if (replaces !== null) {
      chunks.remove(replaces);
      replacedGrids.add(replaces.grid);
    }
    for (const cut of rows.cuts) chunks.add(sensor, cut.grid, rows.positions.subarray(cut.from, cut.to), merged.subarray(cut.from, cut.to), ranges === null ? null : slicedRanges(ranges, cut.from, cut.to));
  };

  for (const [i, sensor] of sensors.entries()) {
    const column = values[i];
    if (column === undefined) continue;
    for (const piece of planPieces(chunks.around(sensor, first, last), positions)) writePiece(sensor, column, piece);
  }
  chunks.removeUnused(replacedGrids);
};
