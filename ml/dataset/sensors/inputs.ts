import type { Normalisation } from '../../documents/model.ts';
import { normalise } from '../normalisation.ts';
import type { Dataset } from '../table.ts';

/** The sensors a network is fed with, and those it is not, with the reason. */
export interface Inputs {
  /** By index into the dataset's sensors. */
  readonly inputs: number[];
  readonly leftOut: { name: string; reason: string }[];
}

/** A sensor measured in fewer rows than this is empty. */
const EMPTY = 0.05;
/** Correlation below which a sensor follows neither the label nor any other sensor: it is noise. */
const NOISE = 0.06;
const ROWS_LOOKED_AT = 20_000;

/** Pearson's correlation over the pairs that are both known; 0 when one of them doesn't vary. */
const correlation = (a: Float32Array, b: Float32Array): number => {
  let n = 0;
  let sumA = 0;
  let sumB = 0;
  let squareA = 0;
  let squareB = 0;
  let product = 0;
  for (let at = 0; at < a.length; at++) {
    const x = a[at] ?? Number.NaN;
    const y = b[at] ?? Number.NaN;
    if (Number.isNaN(x + y)) continue;
    n++;
    sumA += x;
    sumB += y;
    squareA += x * x;
    squareB += y * y;
    product += x * y;
  }
  const spread = Math.sqrt((squareA - (sumA * sumA) / n) * (squareB - (sumB * sumB) / n));
  return n > 2 && spread > 1e-9 ? (product - (sumA * sumB) / n) / spread : 0;
};

/**
 * Chooses the sensors that carry something, from the training units alone: left out are those that are empty, constant in
 * every regime, or follow neither the label nor any other sensor. When nothing would remain, all that vary are kept.
 * @param labels [rows], NaN where there is none
 * @param classes where the labels are indexes of classes, how many there are: a sensor then follows the label if it tells any one class from the others
 */
export const chooseInputs = (dataset: Dataset, units: readonly number[], normalisation: Normalisation, labels: Float32Array, classes = 0): Inputs => {
  const { document, values } = dataset;
  const sensors = document.sensors.length;
  const rows = units.flatMap((index) => {
    const unit = document.units[index];
    return unit === undefined ? [] : Array.from({ length: unit.rows }, (_, row) => unit.offset + row);
  });
  const stride = Math.max(1, Math.floor(rows.length / ROWS_LOOKED_AT));
  const looked = rows.filter((_, at) => at % stride === 0);
  const every = document.sensors.map((_, sensor) => sensor);
  const raw = new Float32Array(looked.length * sensors);
  looked.forEach((row, at) => raw.set(values.subarray(row * sensors, (row + 1) * sensors), at * sensors));
  const scaled = normalise(normalisation, raw, sensors, every);
  const column = (sensor: number): Float32Array => Float32Array.from(looked, (_, at) => scaled[at * sensors + sensor] ?? Number.NaN);
  const columns = every.map(column);
  const label = Float32Array.from(looked, (row) => labels[row] ?? Number.NaN);
  const told = classes === 0 ? [label] : Array.from({ length: classes }, (_, one) => label.map((own) => (Number.isNaN(own) ? own : Number(own === one))));

  const leftOut: Inputs['leftOut'] = [];
  const name = (sensor: number): string => document.sensors[sensor]?.name ?? String(sensor);
  const varying = every.filter((sensor) => {
    const measured = (columns[sensor] ?? new Float32Array()).reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
    const constant = normalisation.std.every((regime) => (regime[sensor] ?? 0) === 0);
    if (measured < EMPTY * looked.length) leftOut.push({ name: name(sensor), reason: 'empty' });
    else if (constant) leftOut.push({ name: name(sensor), reason: 'constant' });
    else return true;
    return false;
  });
  const follows = (sensor: number): boolean => {
    const own = columns[sensor] ?? new Float32Array();
    if (told.some((one) => Math.abs(correlation(own, one)) >= NOISE)) return true;
    return varying.some((other) => other !== sensor && Math.abs(correlation(own, columns[other] ?? own)) >= NOISE);
  };
  const telling = varying.filter(follows);
  if (telling.length === 0) return { inputs: varying, leftOut };
  for (const sensor of varying) if (!telling.includes(sensor)) leftOut.push({ name: name(sensor), reason: 'follows neither the label nor another sensor' });
  return { inputs: telling, leftOut };
};
