import type { AxisFeatures, VibrationHistory } from '../history.ts';
import { healthyLevel, trailingMedian } from '../trailing.ts';

/** Inputs of the network that each axis gives. */
export const INPUTS_OF_AXIS = 3;

const LONG = 60;
/** Logarithms of what a healthy bearing's noise has, taken off so that inputs lie about 0: peak over rms of 2,560 Gaussian samples, and kurtosis. */
const GAUSSIAN_CREST = Math.log(3.5);
const GAUSSIAN_KURTOSIS = Math.log(3);
/** Inputs beyond these are cut off: what is far out is far out. */
const LOWEST = -2;
const HIGHEST = 4;

const bounded = (value: number): number => Math.min(HIGHEST, Math.max(LOWEST, value));

/** Rms and peak over the axis's own healthy level, and kurtosis, as logarithms; [rows] each. */
const inputsOfAxis = ({ rms, peak, kurtosis }: AxisFeatures): Float64Array[] => {
  const level = rms.map(Math.log);
  const healthy = healthyLevel(trailingMedian(level, LONG));
  return [
    level.map((value, row) => bounded(value - (healthy[row] ?? 0))),
    peak.map((value, row) => bounded(Math.log(value) - (healthy[row] ?? 0) - GAUSSIAN_CREST)),
    kurtosis.map((value) => bounded(Math.log(value) - GAUSSIAN_KURTOSIS)),
  ];
};

/** What the network sees of a history, row by row and never ahead: row-major [rows, 3 an axis]. */
export const networkInputs = ({ axes, rows }: VibrationHistory): Float32Array => {
  const columns = axes.flatMap(inputsOfAxis);
  return Float32Array.from({ length: rows * columns.length }, (_, cell) => columns[cell % columns.length]?.[Math.floor(cell / columns.length)] ?? Number.NaN);
};

/** Copies the window that ends at `row` to `cells` from `offset` on; what lies before the first row is the first row again. */
export const copyWindow = (inputs: Float32Array, width: number, row: number, window: number, cells: Float32Array, offset: number): void => {
  for (let at = 0; at < window; at++) {
    const from = Math.max(0, row - window + 1 + at) * width;
    cells.set(inputs.subarray(from, from + width), offset + at * width);
  }
};
