import { SensorId } from '../../../contract/values.ts';
import { aligned, damaged, finishBody, HEADER_BYTES, openBody, type Where } from './body.ts';
import { decodePositions, encodePositions } from './positions.ts';
import { decodeValues, encodeValues } from './values.ts';

/** Rows of one asset whose positions rise strictly. */
export interface SortedBatch {
  /** [rows] */
  readonly positions: Float64Array;
  readonly sensors: readonly SensorId[];
  /** [sensors][rows], NaN: missing. */
  readonly values: readonly Float64Array[];
}

/** Batches with fewer rows have the values of all sensors in one body: a body a sensor would be mostly headers. */
const ROWS_FOR_OWN_BODIES = 64;

const joined = ({ positions, values }: SortedBatch): Float64Array => {
  const all = new Float64Array(positions.length * values.length);
  for (const [i, column] of values.entries()) all.set(column, i * positions.length);
  return all;
};

/** A batch of the tail as bytes: the positions once, then the values of each sensor (FORMAT.md). */
export const encodeBatch = (batch: SortedBatch): Uint8Array => {
  const { positions, sensors, values } = batch;
  const own = positions.length >= ROWS_FOR_OWN_BODIES;
  const parts = [encodePositions(positions), ...(own ? values.map(encodeValues) : [encodeValues(joined(batch))])];
  const head = HEADER_BYTES + sensors.length * 4;
  const body = new Uint8Array(head + parts.reduce((sum, part) => sum + 4 + aligned(part.length), 0));
  const view = new DataView(body.buffer);
  for (const [i, sensor] of sensors.entries()) view.setUint32(HEADER_BYTES + i * 4, sensor, true);
  let at = head;
  for (const part of parts) {
    view.setUint32(at, part.length, true);
    body.set(part, at + 4);
    at += 4 + aligned(part.length);
  }
  return finishBody(body, { kind: own ? 1 : 0, first: 0, second: 0, a: positions.length, b: sensors.length });
};

/** Checked ids: a tail names the same few sensors thousands of times. */
const known = new Map<number, SensorId>();
const sensorId = (number: number): SensorId => {
  const id = known.get(number) ?? SensorId.parse(number);
  known.set(number, id);
  return id;
};

/** @throws AppError('plant-damaged' | 'plant-newer') */
export const decodeBatch = (stored: Uint8Array, where: Where): SortedBatch => {
  const { bytes, view, kind, a: rows, b: columns } = openBody(stored, where);
  let at = HEADER_BYTES + columns * 4;
  const next = (): Uint8Array => {
    const length = view.getUint32(at, true);
    const part = bytes.subarray(at + 4, at + 4 + length);
    at += 4 + aligned(length);
    return part;
  };
  const sensors = Array.from({ length: columns }, (_, i) => sensorId(view.getUint32(HEADER_BYTES + i * 4, true)));
  const positions = decodePositions(next(), where);
  if (positions.length !== rows || kind > 1) throw damaged(where, `it says ${rows} rows, and has ${positions.length} positions`);
  if (kind === 1) return { positions, sensors, values: sensors.map(() => decodeValues(next(), where)) };
  const all = decodeValues(next(), where);
  return { positions, sensors, values: sensors.map((_, i) => all.subarray(i * rows, (i + 1) * rows)) };
};
