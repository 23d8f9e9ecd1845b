import type { Conformal } from '../documents/model.ts';
import { Random } from '../dataset/random.ts';

/** Points to calibrate on: predictions and truths of windows of units that were not trained on. */
export interface CalibrationPoints {
  readonly predicted: Float32Array;
  readonly truth: Float32Array;
  /** Unit of each point. */
  readonly units: Int32Array;
}

const BINS = 8;
const DRAWS = 200;
/** No interval is narrower than this share of the largest value on either side, whatever the validation units say. */
const NARROWEST = 0.01;

const quantileOf = (sorted: ArrayLike<number>, share: number): number => sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? 0;

/** How far the truth lies below and above the prediction around a bin's predictions: the shape of the interval, not its size. */
const shapeOf = ({ predicted, truth }: CalibrationPoints, from: number, to: number, narrowest: number): { low: number; high: number; n: number } => {
  const residuals = Float64Array.from([...predicted.keys()].filter((at) => (predicted[at] ?? 0) >= from && (predicted[at] ?? 0) <= to), (at) => (truth[at] ?? 0) - (predicted[at] ?? 0)).sort();
  return { low: Math.max(narrowest, -quantileOf(residuals, 0.05)), high: Math.max(narrowest, quantileOf(residuals, 0.95)), n: residuals.length };
};

const pointsByUnit = (units: Int32Array): number[][] => {
  const byUnit = new Map<number, number[]>();
  units.forEach((unit, at) => byUnit.set(unit, [...(byUnit.get(unit) ?? []), at]));
  return [...byUnit.values()];
};

/** The bin that a prediction falls into. */
const binOf = (bins: Conformal['bins'], predicted: number): Conformal['bins'][number] | undefined => bins.find(({ upTo }) => predicted <= upTo) ?? bins[bins.length - 1];

/**
 * Split-conformal intervals (Papadopoulos et al. 2002; Vovk et al. 2005) whose width follows the predicted value. Windows of
 * one unit are not exchangeable, so the size is the finite-sample quantile over one random window a unit, averaged over
 * repeated draws (Dunn, Wasserman and Ramdas 2022); only the shape over the predicted value uses all windows.
 * @param most the largest value there is (the cap)
 * @returns null without a unit
 */
export const fitConformal = (points: CalibrationPoints, alpha: number, most: number, seed: number): Conformal | null => {
  const byUnit = pointsByUnit(points.units);
  if (byUnit.length === 0) return null;
  const width = most / BINS;
  const shapes = Array.from({ length: BINS }, (_, bin) => ({
    upTo: bin === BINS - 1 ? most : (bin + 1) * width,
    // A bin borrows from its neighbours: few units pass through each.
    ...shapeOf(points, (bin - 0.75) * width, (bin + 1.75) * width, NARROWEST * most),
  }));
  const scoreOf = (at: number): number => {
    const residual = (points.truth[at] ?? 0) - (points.predicted[at] ?? 0);
    const shape = binOf(shapes, points.predicted[at] ?? 0);
    return shape === undefined ? 0 : Math.max(-residual / shape.low, residual / shape.high);
  };
  const random = Random.of(seed, 'conformal');
  const rank = Math.min(byUnit.length, Math.ceil((byUnit.length + 1) * (1 - alpha)));
  let size = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    const scores = Float64Array.from(byUnit, (own) => scoreOf(own[random.integer(own.length)] ?? 0)).sort();
    size += (scores[rank - 1] ?? 0) / DRAWS;
  }
  return { alpha, bins: shapes.map(({ upTo, low, high, n }) => ({ upTo, low: low * size, high: high * size, n })) };
};

/** The interval around a prediction, within [0, most]. At `most` it reads 'or more'. */
export const intervalOf = (conformal: Conformal, predicted: number, most: number): { low: number; high: number } => {
  const bin = binOf(conformal.bins, predicted);
  return { low: Math.max(0, predicted - (bin?.low ?? most)), high: Math.min(most, predicted + (bin?.high ?? most)) };
};

/** Share of the truths within their interval, and the mean width. */
export interface Coverage {
  readonly coverage: number;
  readonly meanWidth: number;
}

/** Coverage of a calibration on points that it was not made from. */
export const coverageOf = (conformal: Conformal, predicted: Float32Array, truth: Float32Array, most: number): Coverage => {
  let inside = 0;
  let width = 0;
  predicted.forEach((value, at) => {
    const { low, high } = intervalOf(conformal, value, most);
    const actual = truth[at] ?? Number.NaN;
    if (actual >= low && actual <= high) inside++;
    width += high - low;
  });
  return { coverage: inside / predicted.length, meanWidth: width / predicted.length };
};

/**
 * Coverage as it is to be expected on new units: each unit's points are judged by a calibration made without that unit.
 * @returns null with fewer than two units
 */
export const coverageByUnit = (points: CalibrationPoints, alpha: number, most: number, seed: number): Coverage | null => {
  const byUnit = pointsByUnit(points.units);
  if (byUnit.length < 2) return null;
  const take = (chosen: number[]): CalibrationPoints => ({
    predicted: Float32Array.from(chosen, (at) => points.predicted[at] ?? 0),
    truth: Float32Array.from(chosen, (at) => points.truth[at] ?? 0),
    units: Int32Array.from(chosen, (at) => points.units[at] ?? 0),
  });
  let coverage = 0;
  let meanWidth = 0;
  for (const own of byUnit) {
    const conformal = fitConformal(take(byUnit.filter((other) => other !== own).flat()), alpha, most, seed);
    if (conformal === null) continue;
    const judged = take(own);
    const result = coverageOf(conformal, judged.predicted, judged.truth, most);
    coverage += result.coverage / byUnit.length;
    meanWidth += result.meanWidth / byUnit.length;
  }
  return { coverage, meanWidth };
};
