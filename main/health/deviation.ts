import type { Driver } from '../../ml/documents/prediction.ts';
import type { Health, HealthState } from '../contract/plant.ts';
import type { Baseline, Reference } from './baseline.ts';

/** Rows after which half of a reading's weight in the smoothed deviation is gone. */
const HALF_LIFE_ROWS = 4;
/** Smoothed deviations within this many scales are healthy scatter. */
const HEALTHY_SCALES = 2;
/** One reading counts as at most this many scales: a spike is not wear. */
const LARGEST = 60;

/** The smoothed, signed deviation of each sensor from its healthy level, in scales; NaN before its first reading. */
export type Smoothed = readonly number[];

export const nothingYet = (sensors: number): Smoothed => Array<number>(sensors).fill(Number.NaN);

/**
 * Takes one running row into the smoothed deviations: exponentially weighted mean of (reading - level of its regime) / scale.
 * @param weight 1 for a whole row, less for a step that is only partly over
 */
export const smooth = (baseline: Baseline, before: Smoothed, row: Float32Array, regime: number, weight = 1): Smoothed => {
  const level = baseline.level[regime] ?? [];
  const taken = 1 - 2 ** (-weight / HALF_LIFE_ROWS);
  return before.map((mean, sensor) => {
    const healthy = level[sensor];
    const scale = baseline.scale[sensor] ?? 0;
    const reading = row[sensor] ?? Number.NaN;
    if (healthy === null || healthy === undefined || scale === 0 || Number.isNaN(reading)) return mean;
    const deviation = Math.max(-LARGEST, Math.min(LARGEST, (reading - healthy) / scale));
    return Number.isNaN(mean) ? deviation : mean + taken * (deviation - mean);
  });
};

/** What of each deviation is more than healthy scatter, in scales; conditions that people set are no sign of wear. */
export const excessOf = (baseline: Baseline, smoothed: Smoothed): number[] =>
  smoothed.map((deviation, sensor) => {
    if (Number.isNaN(deviation) || baseline.regimes.settings.some((setting) => setting.sensor === sensor)) return 0;
    return Math.max(0, Math.abs(deviation) - HEALTHY_SCALES);
  });

/** Without a known failure: an excess of twenty scales in one sensor counts as failed. */
export const fixedReference = (sensors: number): Reference => ({ perSensor: Array<number>(sensors).fill(20), total: 1, lives: 0 });
/** A sensor's excess at failure is taken as no less: what barely moves must not decide. While few failures are known it may yet move. */
const leastReference = (lives: number): number => (lives < 3 ? 8 : 2);

const jointly = (excess: readonly number[], perSensor: readonly number[]): number =>
  Math.sqrt(excess.reduce((sum, value, sensor) => sum + (value / (perSensor[sensor] ?? 1)) ** 2, 0));

const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))] ?? 0;
};

/**
 * What failure looked like in earlier lives: per sensor the upper quartile of its excess at failure (a failure mode moves some
 * sensors only), and the median of the joint excess measured by that.
 * @param lives excess at failure, [lives][sensors]
 */
export const referenceFrom = (lives: readonly (readonly number[])[], sensors: number): Reference => {
  if (lives.length === 0) return fixedReference(sensors);
  const least = leastReference(lives.length);
  const perSensor = Array.from({ length: sensors }, (_, sensor) => Math.max(least, quantile(lives.map((excess) => excess[sensor] ?? 0), 0.75)));
  const total = Math.max(0.5, quantile(lives.map((excess) => jointly(excess, perSensor)), 0.5));
  return { perSensor, total, lives: lives.length };
};

const limits: readonly { readonly from: number; readonly state: HealthState }[] = [
  { from: 75, state: 'normal' },
  { from: 50, state: 'watch' },
  { from: 25, state: 'warning' },
  { from: 0, state: 'critical' },
];

export const healthStateOf = (index: number): HealthState => limits.find(({ from }) => index >= from)?.state ?? 'critical';

/**
 * Health index: 100 * (1 - joint excess / joint excess at failure), held within 0 and 100. 100: within the scatter of its own
 * healthy start. 0: as far from it as machines of its type were when they failed.
 */
export const assess = (baseline: Baseline, smoothed: Smoothed): Pick<Health, 'index' | 'state' | 'drivers'> => {
  const excess = excessOf(baseline, smoothed);
  const joint = jointly(excess, baseline.reference.perSensor);
  const index = Math.round(1000 * Math.max(0, 1 - joint / baseline.reference.total)) / 10;
  const drivers: Driver[] = excess
    .map((value, sensor) => ({ sensor: baseline.names[sensor] ?? '', share: joint === 0 ? 0 : (value / (baseline.reference.perSensor[sensor] ?? 1)) ** 2 / joint ** 2 }))
    .filter(({ share }) => share >= 0.01)
    .sort((a, b) => b.share - a.share);
  const shown = drivers.reduce((sum, { share }) => sum + share, 0);
  return { index, state: healthStateOf(index), drivers: drivers.map(({ sensor, share }) => ({ sensor, share: Math.round((1000 * share) / shown) / 1000 })) };
};
