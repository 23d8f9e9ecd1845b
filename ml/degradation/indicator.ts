import type { VibrationHistory } from './history.ts';
import { healthyLevel, trailingMedian } from './trailing.ts';

/** Rows whose median is the level now, and the rows whose median is the level of before: a lone burst moves neither. */
const SHORT = 9;
const LONG = 60;
/** Rows of the median of the kurtosis, which is the noisiest of the features. */
const KURTOSIS = 30;

/** Three indicators of wear, as natural logarithms: a difference of 0.1 is about 10 %. [rows] each. */
export interface HealthIndicator {
  /** Vibration over the machine's own healthy level. */
  readonly level: Float64Array;
  /** Vibration over what it was one long window before: a sudden rise. */
  readonly step: Float64Array;
  /** Kurtosis of the most impulsive axis: impacts of a spall. */
  readonly impacts: Float64Array;
}

/** Logarithm of the length of the vector of the axes' rms, [rows]. */
export const logMagnitude = ({ axes, rows }: VibrationHistory): Float64Array =>
  Float64Array.from({ length: rows }, (_, row) => 0.5 * Math.log(axes.reduce((sum, { rms }) => sum + (rms[row] ?? Number.NaN) ** 2, 0)));

/**
 * The health indicator at every row, out of that row and earlier ones alone. It doesn't change when all amplitudes are
 * multiplied by one number: neither the sensor's gain nor the mounting matter.
 */
export const healthIndicator = (history: VibrationHistory): HealthIndicator => {
  const magnitude = logMagnitude(history);
  const now = trailingMedian(magnitude, SHORT);
  const before = trailingMedian(magnitude, LONG);
  const healthy = healthyLevel(before);
  const kurtosis = history.axes.map((axis) => trailingMedian(axis.kurtosis.map(Math.log), KURTOSIS));
  return {
    level: now.map((value, row) => value - (healthy[row] ?? Number.NaN)),
    step: now.map((value, row) => value - (before[Math.max(0, row - LONG)] ?? Number.NaN)),
    impacts: Float64Array.from({ length: history.rows }, (_, row) => Math.max(...kurtosis.map((axis) => axis[row] ?? Number.NaN))),
  };
};
