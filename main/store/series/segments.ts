import type { SensorId } from '../../contract/values.ts';
import type { ChunkTable } from './chunks.ts';
import type { InfoTable } from './infos.ts';
import { lowerBound, mergeReadings, upperBound } from './merge.ts';
import type { ChunkPlace } from './place.ts';
import type { Readings } from './series.ts';
import { tailReadings, type TailTable } from './tail.ts';

/** The three places that readings are in. */
export interface Places {
  readonly chunks: ChunkTable;
  readonly tail: TailTable;
  readonly infos: InfoTable;
}

/** A stretch of one series: a chunk with the tail rows that fall into its stretch, or tail rows alone. */
export interface Stretch {
  readonly place: ChunkPlace | null;
  /** Tail rows from this chunk's start (or before the first chunk) up to the next chunk's start. NaN: missing. */
  readonly tail: Readings;
}

const rowsOf = ({ positions, values }: Readings, from: number, to: number): Readings => ({ positions: positions.subarray(from, to), values: values.subarray(from, to) });

/** The part of sorted rows at positions from..to, both included. */
export const within = (rows: Readings, from: number, to: number): Readings => {
  const low = lowerBound(rows.positions, from);
  return rowsOf(rows, low, upperBound(rows.positions, to, low));
};

/** What is read for from..to, in order, without reading a body yet. */
export const stretchesOf = ({ chunks, tail, infos }: Places, sensor: SensorId, from: number, to: number): Stretch[] => {
  const hot = tailReadings(tail.of(infos.assetOf(sensor)), sensor, from, to);
  const places = chunks.around(sensor, from, to);
  const stretches: Stretch[] = [];
  let row = 0;
  for (const [k, place] of places.entries()) {
    const before = k === 0 ? lowerBound(hot.positions, place.start) : row;
    if (before > row) stretches.push({ place: null, tail: rowsOf(hot, row, before) });
    const next = places[k + 1];
    const end = next === undefined ? hot.positions.length : lowerBound(hot.positions, next.start, before);
    // The chunk that begins before `from` may end before it too.
    if (place.end >= from) stretches.push({ place, tail: rowsOf(hot, before, end) });
    else if (end > before) stretches.push({ place: null, tail: rowsOf(hot, before, end) });
    row = end;
  }
  if (places.length === 0 && hot.positions.length > 0) stretches.push({ place: null, tail: hot });
  return stretches;
};

/** The rows of a stretch, sorted, each position once; NaN: missing. @param room is used for a chunk's values when large enough */
export const rowsOfStretch = (chunks: ChunkTable, { place, tail }: Stretch, room?: Float64Array): Readings => {
  if (place === null) return tail;
  const sealed = { positions: chunks.positions(place), values: chunks.values(place, room) };
  if (tail.positions.length === 0) return sealed;
  const last = sealed.positions.at(-1) ?? -Infinity;
  return (tail.positions[0] ?? 0) > last ? joined(sealed, tail) : mergeReadings(sealed, tail);
};

/** Rows with the lowest and highest that each stands for: itself, where it isn't a mean. */
export interface RangedReadings extends Readings {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** As rowsOfStretch, with what the rows of a thinned chunk came from: a chart shows the lowest and highest, not the mean. */
export const rangedRowsOfStretch = (chunks: ChunkTable, stretch: Stretch, room?: Float64Array): RangedReadings => {
  const rows = rowsOfStretch(chunks, stretch, room);
  const ranges = stretch.place === null ? null : chunks.ranges(stretch.place);
  if (ranges === null || stretch.place === null) return { ...rows, low: rows.values, high: rows.values };
  if (stretch.tail.positions.length === 0) return { ...rows, low: ranges.low, high: ranges.high };
  const positions = chunks.positions(stretch.place);
  return { ...rows, low: mergeReadings({ positions, values: ranges.low }, stretch.tail).values, high: mergeReadings({ positions, values: ranges.high }, stretch.tail).values };
};

const joined = (first: Readings, second: Readings): Readings => {
  const positions = new Float64Array(first.positions.length + second.positions.length);
  const values = new Float64Array(positions.length);
  positions.set(first.positions);
  positions.set(second.positions, first.positions.length);
  values.set(first.values);
  values.set(second.values, first.values.length);
  return { positions, values };
};
