import type { Normalisation } from '../documents/model.ts';
import { findRegimes, regimesOfRows, type Regimes } from './sensors/regimes.ts';
import type { Dataset } from './table.ts';

/** Normalised values are held within this many standard deviations: a spike must not drown a window. */
const CLIP = 10;

interface Moments {
  readonly mean: number;
  /** 0: constant. */
  readonly std: number;
  /** Values that it is made of. */
  readonly n: number;
}

/** Values from which on a regime's own spread counts; a rarer regime takes that of the others. */
const OWN_SPREAD = 60;

/** Below this share of its size a spread is float32 noise, and the sensor constant. */
const CONSTANT = 1e-6;

/**
 * Mean and standard deviation of what was measured. Values beyond three spreads outside the central 98 % (a spike, a sensor
 * torn off) don't count, so that one of them can't flatten the sensor.
 */
const momentsOf = (values: Float32Array): Moments => {
  const sorted = values.filter(Number.isFinite).sort();
  if (sorted.length === 0) return { mean: 0, std: 0, n: 0 };
  const low = sorted[Math.floor(0.01 * (sorted.length - 1))] ?? 0;
  const high = sorted[Math.ceil(0.99 * (sorted.length - 1))] ?? 0;
  const margin = high > low ? 3 * (high - low) : Number.POSITIVE_INFINITY;
  const kept = sorted.filter((value) => value >= low - margin && value <= high + margin);
  const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
  const std = Math.sqrt(kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / kept.length);
  return { mean, std: std > CONSTANT * Math.max(Math.abs(mean), Number.MIN_VALUE) ? std : 0, n: kept.length };
};

/** Spread of one sensor in each regime; a regime with few values takes the pooled spread of those with many. */
const spreadsOf = (moments: readonly Moments[]): number[] => {
  const many = moments.filter(({ n }) => n >= OWN_SPREAD);
  const count = many.reduce((sum, { n }) => sum + n, 0);
  const pooled = Math.sqrt(many.reduce((sum, { n, std }) => sum + n * std * std, 0) / Math.max(1, count));
  return moments.map(({ n, std }) => (n < OWN_SPREAD && many.length > 0 ? pooled : std));
};

/**
 * Regimes, and mean and standard deviation of each sensor within each, from the rows of the given units alone.
 * A standard deviation of 0 means that the sensor is constant (or empty) in that regime.
 * @param units indexes of the training units
 */
export const fitNormalisation = (dataset: Dataset, units: readonly number[]): Normalisation => {
  const { document, values } = dataset;
  const sensors = document.sensors.length;
  const regimes = findRegimes(dataset, units);
  const regimeOf = regimesOfRows(regimes, values, sensors);
  const rowsByRegime: number[][] = regimes.centres.map(() => []);
  for (const index of units) {
    const unit = document.units[index];
    if (unit === undefined) continue;
    for (let row = unit.offset; row < unit.offset + unit.rows; row++) rowsByRegime[regimeOf[row] ?? 0]?.push(row);
  }
  const moments = rowsByRegime.map((rows) => document.sensors.map((_, sensor) => momentsOf(Float32Array.from(rows, (row) => values[row * sensors + sensor] ?? Number.NaN))));
  const spreads = document.sensors.map((_, sensor) => spreadsOf(moments.flatMap((regime) => regime[sensor] ?? [])));
  return { ...regimes, mean: moments.map((regime) => regime.map(({ mean }) => mean)), std: moments.map((_, regime) => spreads.map((own) => own[regime] ?? 0)) };
};

const regimesIn = (normalisation: Normalisation): Regimes => normalisation;

/**
 * Raw rows to normalised rows: (value - mean) / std of its regime, held within 10; NaN stays NaN; constant gives 0.
 * @param values row-major [rows, sensors]
 * @param inputs the sensors wanted, by index
 * @returns row-major [rows, inputs]
 */
export const normalise = (normalisation: Normalisation, values: Float32Array, sensors: number, inputs: readonly number[]): Float32Array => {
  const rows = values.length / sensors;
  const regimeOf = regimesOfRows(regimesIn(normalisation), values, sensors);
  const result = new Float32Array(rows * inputs.length);
  for (let row = 0; row < rows; row++) {
    const mean = normalisation.mean[regimeOf[row] ?? 0] ?? [];
    const std = normalisation.std[regimeOf[row] ?? 0] ?? [];
    for (let at = 0; at < inputs.length; at++) {
      const sensor = inputs[at] ?? 0;
      const value = values[row * sensors + sensor] ?? Number.NaN;
      const spread = std[sensor] ?? 0;
      const scaled = spread === 0 ? value * 0 : (value - (mean[sensor] ?? 0)) / spread;
      result[row * inputs.length + at] = scaled > CLIP ? CLIP : scaled < -CLIP ? -CLIP : scaled;
    }
  }
  return result;
};
