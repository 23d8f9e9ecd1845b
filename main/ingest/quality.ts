import type { SensorQuality } from '../contract/data.ts';
import type { Asset, Sensor } from '../contract/plant.ts';
import type { AssetId } from '../contract/values.ts';
import type { Plant } from '../store/plant.ts';

/** A step longer than this many nominal intervals is a gap. */
const gapFactor = 3;

/** As many equal values in a row, over at least a tenth of the readings, are a flat line; a sensor that never moves is one whole. */
const flatRun = 50;

/** A reading that differs from the median of its neighbours by more than this many robust standard deviations is a spike. */
const spikeSigmas = 8;

/** Half as many neighbours on each side as a window has; readings a window. */
const windowHalf = 5;

/** MAD of a normal distribution to its standard deviation. */
const madToSigma = 1.4826;

/** Readings looked at; of longer series the newest. */
const mostReadings = 100_000;

export const medianOf = (values: Float64Array): number => {
  if (values.length === 0) return NaN;
  const sorted = values.toSorted();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
};

/** Median of an even, small number of values, which it sorts in place: a copy for each reading would cost more than the sorting. */
const middleOf = (values: Float64Array): number => {
  for (let i = 1; i < values.length; i++) {
    const value = values[i] ?? NaN;
    let k = i - 1;
    for (; k >= 0 && (values[k] ?? NaN) > value; k--) values[k + 1] = values[k] ?? NaN;
    values[k + 1] = value;
  }
  const middle = values.length >> 1;
  return ((values[middle - 1] ?? NaN) + (values[middle] ?? NaN)) / 2;
};

/** Steps between positions that are longer than three nominal (median) intervals. */
export const countGaps = (positions: Float64Array): { gaps: number; interval: number } => {
  if (positions.length < 3) return { gaps: 0, interval: NaN };
  const steps = new Float64Array(positions.length - 1);
  for (let i = 1; i < positions.length; i++) steps[i - 1] = (positions[i] ?? 0) - (positions[i - 1] ?? 0);
  const interval = medianOf(steps);
  let gaps = 0;
  for (const step of steps) if (step > interval * gapFactor) gaps++;
  return { gaps, interval };
};

/** Readings that lie in runs of equal values, of 50 or more. */
export const countFlat = (values: Float64Array): number => {
  let flat = 0;
  let run = 1;
  for (let i = 1; i <= values.length; i++) {
    if (i < values.length && values[i] === values[i - 1]) {
      run++;
      continue;
    }
    if (run >= flatRun) flat += run;
    run = 1;
  }
  return flat;
};

/** The differences of readings to the median of the ten around each. */
const residualsOf = (values: Float64Array): Float64Array => {
  const residuals = new Float64Array(values.length);
  const around = new Float64Array(2 * windowHalf);
  for (let i = 0; i < values.length; i++) {
    const from = Math.min(Math.max(0, i - windowHalf), values.length - 2 * windowHalf - 1);
    let filled = 0;
    for (let k = from; k <= from + 2 * windowHalf; k++) if (k !== i) around[filled++] = values[k] ?? NaN;
    residuals[i] = Math.abs((values[i] ?? NaN) - middleOf(around));
  }
  return residuals;
};

/**
 * Readings far from the median of the ten around them, measured by the median absolute deviation of all such differences (Hampel's
 * identifier), and far from both neighbours on the same side: at a step, one neighbour is near. A series that mostly doesn't move has
 * no scale to measure by: there nothing is a spike.
 */
export const countSpikes = (values: Float64Array): number => {
  if (values.length < 2 * windowHalf + 1) return 0;
  const residuals = residualsOf(values);
  const limit = medianOf(residuals) * madToSigma * spikeSigmas;
  if (!(limit > 0)) return 0;
  let spikes = 0;
  for (let i = 1; i < values.length - 1; i++) {
    if ((residuals[i] ?? 0) <= limit) continue;
    const before = (values[i] ?? 0) - (values[i - 1] ?? 0);
    const after = (values[i] ?? 0) - (values[i + 1] ?? 0);
    if (before * after > 0 && Math.min(Math.abs(before), Math.abs(after)) > limit / 2) spikes++;
  }
  return spikes;
};

const countOutside = (values: Float64Array, sensor: Sensor): number => {
  const low = sensor.limitLow ?? -Infinity;
  const high = sensor.limitHigh ?? Infinity;
  let outside = 0;
  for (const value of values) if (value < low || value > high) outside++;
  return outside;
};

interface Penalty {
  share: number;
  /** Points that a share of one costs. */
  weight: number;
  reason: string;
}

/** 100 less what each kind of trouble costs by its share, each reason told. */
const score = (penalties: readonly Penalty[]): { score: number; reasons: string[] } => {
  let left = 100;
  const reasons: string[] = [];
  for (const { share, weight, reason } of penalties) {
    if (!(share > 0)) continue;
    left -= Math.min(1, share) * weight;
    reasons.push(reason);
  }
  return { score: Math.max(0, Math.round(left * 10) / 10), reasons };
};

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;

const qualityOfSensor = (plant: Plant, asset: Asset, sensor: Sensor): SensorQuality => {
  const info = plant.series.info(sensor.id);
  const from = newestFrom(info.points, info.first, info.last);
  const { positions, values } = plant.series.read(sensor.id, from, info.last);
  const { gaps } = countGaps(positions);
  const isState = sensor.kind === 'state';
  const flat = isState ? 0 : countFlat(values);
  const spikes = isState ? 0 : countSpikes(values);
  const outOfRange = countOutside(values, sensor);
  const seen = Math.max(1, values.length);
  const missingShare = info.missing / Math.max(1, info.points + info.missing);
  const { score: points, reasons } = score([
    { share: info.points === 0 ? 1 : 0, weight: 100, reason: 'no readings' },
    { share: missingShare, weight: 60, reason: `${percent(missingShare)} of the readings are missing` },
    { share: (gaps / seen) * 20, weight: 20, reason: `${gaps} gaps` },
    { share: flat / seen, weight: 40, reason: flat >= values.length ? 'the value never changes' : `${percent(flat / seen)} of the readings lie on flat lines` },
    { share: (spikes / seen) * 20, weight: 20, reason: `${spikes} spikes` },
    { share: (outOfRange / seen) * 2, weight: 40, reason: `${outOfRange} readings outside of the limits` },
  ]);
  return { sensor: sensor.id, asset: asset.name, name: sensor.name, unit: sensor.unit, count: info.points, missing: info.missing, gaps, flat, spikes, outOfRange, score: points, reasons };
};

/** Where the newest hundred thousand readings begin, were they evenly spaced; null for shorter series. */
const newestFrom = (points: number, first: number | null, last: number | null): number | null => {
  if (points <= mostReadings || first === null || last === null) return null;
  return last - ((last - first) * mostReadings) / points;
};

/**
 * Quality of every sensor of one asset, or of all: readings, missing ones, gaps, flat lines, spikes, readings outside of the sensor's
 * limits, and a score of 0 to 100 with its reasons. Counts of all but readings and missing ones are those of the newest hundred thousand.
 */
export const qualityOf = (plant: Plant, asset: AssetId | null): SensorQuality[] => {
  const assets = plant.assets.list().filter((one) => one.level === 'machine' && (asset === null || one.id === asset));
  return assets.flatMap((one) => plant.sensors.ofAsset(one.id).map((sensor) => qualityOfSensor(plant, one, sensor)));
};
