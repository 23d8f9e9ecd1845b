import type { DetectorSettings } from '../documents/anomaly.ts';
import type { Relations } from './relations.ts';
import type { Residuals } from './residuals.ts';
import type { Rows, Stretch } from './windows.ts';

/**
 * What can be watched of each sensor, smoothed over the rows behind: where it stands (level), how far that is from what the other
 * sensors tell of it (relation), how far the network's reconstruction is from it (shape), and how much it scatters about the
 * network's forecast (noise).
 */
export type Channel = DetectorSettings['watched'][number];
export const CHANNELS = ['level', 'relation', 'shape', 'noise'] as const satisfies readonly Channel[];

/** Rows' channels, row-major [rows, inputs * 4], the four of a sensor side by side; shape and noise are NaN where there is no window yet. */
export interface Channels {
  readonly values: Float32Array;
  readonly width: number;
}

/** Least scatter that is told from none, as a variance in units of the sensor's own: a sensor may stand still on a step of its converter. */
const LEAST_VARIANCE = 0.005;

/** Sums over the rows behind, one sensor at a time: enters the newest, takes the oldest out. */
class Trailing {
  private readonly length: number;
  private readonly kept: Float64Array;
  private count = 0;
  private sum = 0;
  private squares = 0;

  constructor(length: number) {
    this.length = length;
    this.kept = new Float64Array(length);
  }

  add(value: number): void {
    const place = this.count % this.length;
    if (this.count >= this.length) {
      const old = this.kept[place] ?? 0;
      this.sum -= old;
      this.squares -= old * old;
    }
    this.kept[place] = value;
    this.sum += value;
    this.squares += value * value;
    this.count++;
  }

  private get held(): number {
    return Math.min(this.count, this.length);
  }

  get mean(): number {
    return this.sum / this.held;
  }

  get variance(): number {
    return Math.max(0, this.squares / this.held - this.mean ** 2);
  }
}

/** Into every row of a stretch: level, shape and noise of one sensor. */
const watchSensor = ({ values, inputs }: Rows, { shape, surprise }: Residuals, { from, to }: Stretch, input: number, window: number, smoothing: number, channels: Float32Array): void => {
  const level = new Trailing(smoothing);
  const form = new Trailing(smoothing);
  const noise = new Trailing(smoothing);
  for (let row = from; row < to; row++) {
    const cell = row * inputs + input;
    const place = (row * inputs + input) * CHANNELS.length;
    level.add(values[cell] ?? 0);
    channels[place] = level.mean;
    if (row < from + window) continue;
    form.add(shape[cell] ?? 0);
    noise.add(surprise[cell] ?? 0);
    channels[place + 2] = form.mean;
    // Scatter of fewer rows than are smoothed over is told too badly.
    if (row >= from + window + smoothing - 1) channels[place + 3] = Math.log(noise.variance + LEAST_VARIANCE) / 2;
  }
};

/** Into every row of a stretch: each sensor's level less what the others' levels tell of it. */
const relate = (channels: Float32Array, relations: Relations, inputs: number, { from, to }: Stretch): void => {
  for (let row = from; row < to; row++)
    for (let input = 0; input < inputs; input++) {
      let sum = 0;
      for (let other = 0; other < inputs; other++) sum += (relations[input * inputs + other] ?? 0) * (channels[(row * inputs + other) * CHANNELS.length] ?? 0);
      channels[(row * inputs + input) * CHANNELS.length + 1] = sum;
    }
};

/**
 * Channels of the stretches' rows, smoothed over at most `smoothing` rows behind within the stretch.
 * @param window rows of the network's window: the first of a stretch have no residuals
 */
export const channelsOf = (rows: Rows, residuals: Residuals, relations: Relations, stretches: readonly Stretch[], window: number, smoothing: number): Channels => {
  const { inputs } = rows;
  const values = new Float32Array(rows.values.length * CHANNELS.length).fill(Number.NaN);
  for (const stretch of stretches) {
    for (let input = 0; input < inputs; input++) watchSensor(rows, residuals, stretch, input, window, smoothing, values);
    relate(values, relations, inputs, stretch);
  }
  return { values, width: inputs * CHANNELS.length };
};
