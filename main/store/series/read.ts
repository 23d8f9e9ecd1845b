import type { SensorId } from '../../contract/values.ts';
import { CHUNK_ROWS } from './chunks.ts';
import { rowsOfStretch, stretchesOf, within, type Places, type Stretch } from './segments.ts';
import type { Readings, SeriesPage } from './series.ts';

/** Upper bound of the rows of a stretch, what is missing counted. */
const rowsAtMost = (stretches: readonly Stretch[]): number => stretches.reduce((sum, { place, tail }) => sum + (place?.rows ?? 0) + tail.positions.length, 0);

/** The readings at from..to, both included; missing ones left out. */
export const readSeries = (places: Places, sensor: SensorId, from: number, to: number): Readings => {
  const stretches = stretchesOf(places, sensor, from, to);
  const positions = new Float64Array(rowsAtMost(stretches));
  const values = new Float64Array(positions.length);
  const room = new Float64Array(CHUNK_ROWS);
  let count = 0;
  for (const stretch of stretches) {
    const part = within(rowsOfStretch(places.chunks, stretch, room), from, to);
    positions.set(part.positions, count);
    values.set(part.values, count);
    count = dropMissing(positions, values, count, count + part.values.length);
  }
  return count === values.length ? { positions, values } : { positions: positions.slice(0, count), values: values.slice(0, count) };
};

/** Chunks looked up at a time: a page of a series of thousands doesn't list them all. */
const CHUNKS_A_WINDOW = 32;

/** Up to where a page is looked for at first: the start of the last of the next chunks. */
const windowEnd = (places: Places, sensor: SeriesPage['sensor'], from: number, to: number): number => {
  const next = places.chunks.behind(sensor, from, CHUNKS_A_WINDOW);
  return next.length < CHUNKS_A_WINDOW ? to : Math.min(to, next.at(-1)?.start ?? to);
};

/** At most `limit` readings from..to; only the chunks that they lie in are looked up and decoded. */
export const readPage = (places: Places, { sensor, from, after, to, limit, withMissing = false }: SeriesPage): Readings => {
  const positions = new Float64Array(limit);
  const values = new Float64Array(limit);
  const room = new Float64Array(CHUNK_ROWS);
  let count = 0;
  let [first, isBehind] = [from, after];
  for (;;) {
    const last = windowEnd(places, sensor, first, to);
    for (const stretch of stretchesOf(places, sensor, first, last)) {
      const rows = within(rowsOfStretch(places.chunks, stretch, room), first, last);
      for (let i = 0; i < rows.values.length && count < limit; i += 1) {
        const position = rows.positions[i] ?? NaN;
        const value = rows.values[i] ?? NaN;
        if ((value !== value && !withMissing) || (isBehind && position === first)) continue;
        positions[count] = position;
        values[count] = value;
        count += 1;
      }
      if (count === limit) break;
    }
    if (count === limit || last >= to) break;
    // What stands at the window's end was read with it.
    [first, isBehind] = [last, true];
  }
  return { positions: positions.subarray(0, count), values: values.subarray(0, count) };
};

/** Closes the gaps that rows without a reading leave in [from, to). @returns where the readings end */
const dropMissing = (positions: Float64Array, values: Float64Array, from: number, to: number): number => {
  let count = from;
  for (let i = from; i < to; i += 1) {
    const v = values[i] ?? NaN;
    if (v !== v) continue;
    if (count < i) {
      positions[count] = positions[i] ?? 0;
      values[count] = v;
    }
    count += 1;
  }
  return count;
};
