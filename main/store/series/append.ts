import { AppError } from '../../contract/errors.ts';
import type { AssetId, Micros, SensorId } from '../../contract/values.ts';
import type { SortedBatch } from './codec/batch.ts';
import type { RepeatedTimes } from '../records/qualities.ts';
import { noChange, type InfoChange } from './infos.ts';
import { ROWS_FOR_CHUNKS } from './limits.ts';
import { sortRows, type SortedRows } from './order.ts';
import { repeatsOf } from './repeats.ts';
import { rowsOfStretch, stretchesOf, type Places } from './segments.ts';
import type { AppendCounts, ColumnBatch } from './series.ts';
import { changeOf, writeSealed } from './write-sealed.ts';
import { writeToChunks } from './write.ts';

/** Rows of an asset's tail above which it is sealed without being asked: memory stays flat whoever forgets to. */
const ROWS_OF_LARGEST_TAIL = 16_384;

/** What is stored at the positions of a batch: nothing, a row without a reading, a reading. */
const Stored = { nothing: 0, missing: 1, reading: 2 } as const;

const assertShape = ({ asset, positions, columns }: ColumnBatch, assetOf: (sensor: SensorId) => AssetId): void => {
  const seen = new Set<SensorId>();
  for (const { sensor, values } of columns) {
    if (seen.has(sensor)) throw new AppError('input-invalid', `sensor ${sensor} has two columns in one batch`, { sensor });
    seen.add(sensor);
    if (assetOf(sensor) !== asset) throw new AppError('input-invalid', `sensor ${sensor} belongs to asset ${assetOf(sensor)}, its batch to asset ${asset}`, { sensor, asset });
    if (values.length !== positions.length) throw new AppError('input-invalid', `sensor ${sensor} has ${values.length} values for ${positions.length} positions`, { sensor });
  }
  const bad = positions.findIndex((at) => !Number.isFinite(at));
  if (bad >= 0) throw new AppError('input-invalid', `row ${bad} of the batch has no position: received ${positions[bad] ?? NaN}`, { row: bad });
};

/** The last position at which the sensor has a row, wherever it lies. */
const edgeOf = ({ chunks, tail, infos }: Places, sensor: SensorId): number => {
  const grid = tail.of(infos.assetOf(sensor)).gridOf.get(sensor);
  return Math.max(chunks.end(sensor), grid?.positions[grid.rows - 1] ?? -Infinity);
};

/** Counts a column that lies after all that its sensor has: every reading is new. */
const countNew = (values: Float64Array, positions: Float64Array, newRows: Uint8Array, counts: AppendCounts): InfoChange => {
  const change = noChange();
  for (let row = 0; row < values.length; row += 1) {
    const v = values[row] ?? NaN;
    if (v !== v) continue;
    newRows[row] = 1;
    if (change.points === 0) change.first = positions[row] ?? 0;
    change.last = positions[row] ?? 0;
    change.points += 1;
  }
  change.missing = values.length - change.points;
  change.changed = change.points > 0;
  counts.valuesStored += change.points;
  counts.missing += change.missing;
  return change;
};

/** Counts the columns of a batch whose chunks are worked out: every reading is new. */
const countSealed = (changes: readonly InfoChange[], { positions, columns }: ColumnBatch, newRows: Uint8Array, counts: AppendCounts): void => {
  for (const { points, missing } of changes) {
    counts.valuesStored += points;
    counts.missing += missing;
  }
  if (changes.some(({ points }) => points === positions.length)) newRows.fill(1);
  else for (const { values } of columns) for (let row = 0; row < values.length; row += 1) if (values[row] === values[row]) newRows[row] = 1;
};

/** What the sensor has at sorted positions. */
const lookUp = (places: Places, sensor: SensorId, positions: Float64Array): { state: Uint8Array; values: Float64Array } => {
  const state = new Uint8Array(positions.length);
  const values = new Float64Array(positions.length).fill(NaN);
  const [first, last] = [positions[0] ?? 0, positions.at(-1) ?? 0];
  let row = 0;
  for (const stretch of stretchesOf(places, sensor, first, last)) {
    const end = Math.max(stretch.place?.end ?? -Infinity, stretch.tail.positions.at(-1) ?? -Infinity);
    const start = Math.min(stretch.place?.start ?? Infinity, stretch.tail.positions[0] ?? Infinity);
    while (row < positions.length && (positions[row] ?? 0) < start) row += 1;
    // Bodies are read only where a position falls within.
    if (row === positions.length || (positions[row] ?? 0) > end) continue;
    const rows = rowsOfStretch(places.chunks, stretch);
    let at = 0;
    for (; row < positions.length && (positions[row] ?? 0) <= end; row += 1) {
      while (at < rows.positions.length && (rows.positions[at] ?? 0) < (positions[row] ?? 0)) at += 1;
      if (rows.positions[at] !== positions[row]) continue;
      const v = rows.values[at] ?? NaN;
      values[row] = v;
      state[row] = v === v ? Stored.reading : Stored.missing;
    }
  }
  return { state, values };
};

/** A column beside what is stored, cell by cell in the order in which they came. */
interface Compared {
  /** [distinct positions] what the sensor has there afterwards. */
  readonly values: Float64Array;
  /** [distinct positions] 1 where that must be written. */
  readonly dirty: Uint8Array;
  readonly change: InfoChange;
  readonly repeats: RepeatedTimes | null;
}

const compare = (places: Places, sensor: SensorId, column: Float64Array, sorted: SortedRows, newRows: Uint8Array, counts: AppendCounts): Compared => {
  const { positions, starts, order } = sorted;
  const { state, values } = lookUp(places, sensor, positions);
  const dirty = new Uint8Array(positions.length);
  const change = noChange();
  for (let group = 0; group < positions.length; group += 1) {
    const before = state[group] ?? Stored.nothing;
    let value = values[group] ?? NaN;
    for (let k = starts[group] ?? 0; k < (starts[group + 1] ?? 0); k += 1) {
      const row = order[k] ?? 0;
      const v = column[row] ?? NaN;
      if (v !== v) counts.missing += 1;
      else if (value !== value) {
        counts.valuesStored += 1;
        newRows[row] = 1;
        value = v;
      } else if (Object.is(value, v)) counts.duplicates += 1;
      else {
        counts.replaced += 1;
        value = v;
      }
    }
    const hasReading = value === value;
    if (hasReading ? before === Stored.reading && Object.is(value, values[group]) : before !== Stored.nothing) continue;
    dirty[group] = 1;
    values[group] = value;
    note(change, before, hasReading, positions[group] ?? 0);
  }
  return { values, dirty, change, repeats: repeatsOf(sensor, column, sorted, dirty, (group) => state[group] === Stored.reading) };
};

const note = (change: InfoChange, before: number, hasReading: boolean, at: number): void => {
  if (!hasReading) {
    change.missing += 1;
    return;
  }
  change.changed = true;
  if (before === Stored.reading) return;
  change.points += 1;
  if (before === Stored.missing) change.missing -= 1;
  change.first = Math.min(change.first, at);
  change.last = Math.max(change.last, at);
};

/** Rows with a new reading that came after newer rows. */
const countLate = (positions: Float64Array, newRows: Uint8Array, edge: number): number => {
  let late = 0;
  let newest = edge;
  for (let row = 0; row < positions.length; row += 1) {
    const at = positions[row] ?? NaN;
    if (at < newest) late += newRows[row] ?? 0;
    else newest = at;
  }
  return late;
};

/** The rows and columns in which anything must be written; the other cells of them are what is stored already. */
const dirtyPart = (positions: Float64Array, sensors: readonly SensorId[], compared: readonly Compared[]): SortedBatch => {
  const rows = positions.map((_, row) => (compared.some(({ dirty }) => dirty[row] === 1) ? 1 : 0));
  const kept = (values: Float64Array): Float64Array => values.filter((_, row) => rows[row] === 1);
  const columns = compared.flatMap(({ dirty, values }, i) => {
    const sensor = sensors[i];
    return sensor !== undefined && dirty.includes(1) ? [{ sensor, values: kept(values) }] : [];
  });
  return { positions: kept(positions), sensors: columns.map(({ sensor }) => sensor), values: columns.map(({ values }) => values) };
};

/**
 * Stores a batch of one asset and counts what became of it, as if its cells had come one after the other.
 * @param now when it came in
 * @param sealAsset moves the asset's tail into chunks
 * @param onRepeats hears of times that came more than once, which nobody could tell later
 * @throws AppError('input-invalid' | 'not-found' | 'disk-full' | 'plant-damaged')
 */
export const appendBatch = (places: Places, batch: ColumnBatch, now: Micros, sealAsset: () => void, onRepeats: (repeats: RepeatedTimes) => void): AppendCounts => {
  assertShape(batch, places.infos.assetOf);
  const counts: AppendCounts = { valuesStored: 0, rowsStored: 0, late: 0, duplicates: 0, replaced: 0, missing: 0 };
  const sorted = sortRows(batch.positions);
  const [first, rows] = [sorted.positions[0], batch.positions.length];
  if (first === undefined || batch.columns.length === 0) return counts;
  const newRows = new Uint8Array(rows);
  const sensors = batch.columns.map(({ sensor }) => sensor);
  const edge = sensors.reduce((newest, sensor) => Math.max(newest, edgeOf(places, sensor)), -Infinity);
  const isAfterAll = sorted.positions.length === rows && sorted.inOrder && edge < first;

  const write = (part: SortedBatch): void => {
    if (part.positions.length === 0 || part.sensors.length === 0) return;
    if (part.positions.length < ROWS_FOR_CHUNKS) {
      places.tail.add(batch.asset, part);
      if (places.tail.of(batch.asset).rows > ROWS_OF_LARGEST_TAIL) sealAsset();
      return;
    }
    // What is in the tail is older than this batch, and would be read over it.
    sealAsset();
    writeToChunks(places.chunks, part);
  };

  const { sealed } = batch;
  let changes: InfoChange[];
  if (isAfterAll && sealed) {
    changes = sealed.columns.map((column) => changeOf(column, sorted.positions));
    countSealed(changes, batch, newRows, counts);
    sealAsset();
    writeSealed(places.chunks, sorted.positions, sensors, sealed);
  } else if (isAfterAll) {
    changes = batch.columns.map(({ values }) => countNew(values, sorted.positions, newRows, counts));
    write({ positions: sorted.positions, sensors, values: batch.columns.map(({ values }) => values) });
  } else {
    const compared = batch.columns.map(({ sensor, values }) => compare(places, sensor, values, sorted, newRows, counts));
    changes = compared.map(({ change }) => change);
    for (const { repeats } of compared) if (repeats !== null) onRepeats(repeats);
    write(dirtyPart(sorted.positions, sensors, compared));
  }
  for (const [i, sensor] of sensors.entries()) {
    const change = changes[i] ?? noChange();
    if (change.changed || change.missing !== 0) places.infos.apply(sensor, change, now);
  }
  for (let row = 0; row < rows; row += 1) counts.rowsStored += newRows[row] ?? 0;
  if (!isAfterAll) counts.late = countLate(batch.positions, newRows, edge);
  return counts;
};
