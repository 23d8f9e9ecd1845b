import { MlError } from '../errors.ts';

/** What one axis of vibration was at each snapshot; [rows] each. */
export interface AxisFeatures {
  /** Root mean square of the raw signal, in the sensor's unit. */
  readonly rms: Float64Array;
  /** Largest amplitude, in the sensor's unit. */
  readonly peak: Float64Array;
  /** Fourth central moment over the squared variance: 3 for Gaussian noise. */
  readonly kurtosis: Float64Array;
}

/** The vibration of one machine from its first snapshot on, at equal steps of time. */
export interface VibrationHistory {
  readonly name: string;
  readonly axes: readonly AxisFeatures[];
  readonly rows: number;
  /** Life expected under this machine's operating condition, as a multiple of the life under a reference condition (see `iso281.ts`). */
  readonly lifeScale: number;
}

/** Rows without which nothing is said of the vibration itself: shorter histories are judged by their age alone. */
export const FEWEST_ROWS = 25;

/**
 * The history as it stood when `rows` snapshots had been taken. What comes later can't be seen through it.
 * @throws MlError 'input-invalid' when the history has no such row
 */
export const until = (history: VibrationHistory, rows: number): VibrationHistory => {
  if (!Number.isInteger(rows) || rows < 1 || rows > history.rows) throw new MlError('input-invalid', `'${history.name}' has ${history.rows} snapshots; it can't be cut after ${rows}.`);
  return {
    ...history,
    rows,
    axes: history.axes.map(({ rms, peak, kurtosis }) => ({ rms: rms.subarray(0, rows), peak: peak.subarray(0, rows), kurtosis: kurtosis.subarray(0, rows) })),
  };
};
