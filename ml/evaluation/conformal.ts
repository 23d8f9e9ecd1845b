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
/** Parts that the units are dealt into, at most: one is judged by what the others gave. */
const PARTS = 10;
const JUDGED_PARTS = 25;
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
  units.forEach((unit, at) => {
    const own = byUnit.get(unit);
    if (own === undefined) byUnit.set(unit, [at]);
    else own.push(at);
  });
  return [...byUnit.values()];
};

/** The bin that a prediction falls into. */
const binOf = (bins: Conformal['bins'], predicted: number): Conformal['bins'][number] | undefined => bins.find(({ upTo }) => predicted <= upTo) ?? bins[bins.length - 1];

const take = (points: CalibrationPoints, chosen: readonly number[]): CalibrationPoints => ({
  predicted: Float32Array.from(chosen, (at) => points.predicted[at] ?? 0),
  truth: Float32Array.from(chosen, (at) => points.truth[at] ?? 0),
  units: Int32Array.from(chosen, (at) => points.units[at] ?? 0),
});

/** The units in at most so many parts, each unit in one. */
const inParts = (byUnit: readonly number[][], most: number): number[][][] => {
  const parts = Array.from({ length: Math.min(most, byUnit.length) }, (): number[][] => []);
  byUnit.forEach((own, at) => parts[at % parts.length]?.push(own));
  return parts;
};

const shapesOf = (points: CalibrationPoints, most: number): Conformal['bins'] => {
  const width = most / BINS;
  return Array.from({ length: BINS }, (_, bin) => ({
    upTo: bin === BINS - 1 ? most : (bin + 1) * width,
    // A bin borrows from its neighbours: few units pass through each.
    ...shapeOf(points, (bin - 0.75) * width, (bin + 1.75) * width, NARROWEST * most),
  }));
};

/** Each point's error as a multiple of its interval's shape, which was made from other units: a unit fits its own shape too well. */
const scoresOf = (points: CalibrationPoints, byUnit: readonly number[][], most: number): Float64Array => {
  const scores = new Float64Array(points.units.length);
  const parts = inParts(byUnit, PARTS);
  for (const part of parts) {
    const others = parts.filter((other) => other !== part).flat(2);
    const shapes = shapesOf(others.length === 0 ? points : take(points, others), most);
    for (const at of part.flat()) {
      const residual = (points.truth[at] ?? 0) - (points.predicted[at] ?? 0);
      const shape = binOf(shapes, points.predicted[at] ?? 0);
      scores[at] = shape === undefined ? 0 : Math.max(-residual / shape.low, residual / shape.high);
    }
  }
  return scores;
};

/** P(|Z| <= z) of a standard normal, to 1e-7 (Abramowitz and Stegun 1964, 7.1.26). */
const halfNormal = (z: number): number => {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  return 1 - t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.exp(-x * x);
};

/**
 * What the largest error of `units` units is to be multiplied by, so that it covers a new one with probability 1 - alpha. Where
 * there are enough units their ranks alone promise that and it is 1; with fewer the largest doesn't reach so far, and how much
 * farther to go is taken from normal errors.
 */
export const wideningOf = (units: number, alpha: number): number => {
  if (Math.ceil((units + 1) * (1 - alpha)) <= units) return 1;
  const steps = 2000;
  const reach = 6;
  // P(new <= c * largest), over the distribution of the largest.
  const covered = (factor: number): number => {
    let sum = 0;
    let before = 0;
    for (let at = 1; at <= steps; at++) {
      const below = halfNormal((reach * at) / steps) ** units;
      sum += (below - before) * halfNormal((factor * reach * (at - 0.5)) / steps);
      before = below;
    }
    return sum;
  };
  let low = 1;
  let high = 20;
  for (let round = 0; round < 40; round++) {
    const middle = (low + high) / 2;
    if (covered(middle) < 1 - alpha) low = middle;
    else high = middle;
  }
  return high;
};

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
  const scores = scoresOf(points, byUnit, most);
  const random = Random.of(seed, 'conformal');
  const rank = Math.min(byUnit.length, Math.ceil((byUnit.length + 1) * (1 - alpha)));
  let size = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    const drawn = Float64Array.from(byUnit, (own) => scores[own[random.integer(own.length)] ?? 0] ?? 0).sort();
    size += (drawn[rank - 1] ?? 0) / DRAWS;
  }
  size *= wideningOf(byUnit.length, alpha);
  return { alpha, units: byUnit.length, bins: shapesOf(points, most).map(({ upTo, low, high, n }) => ({ upTo, low: low * size, high: high * size, n })) };
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
  let coverage = 0;
  let meanWidth = 0;
  for (const part of inParts(byUnit, JUDGED_PARTS)) {
    const conformal = fitConformal(take(points, byUnit.filter((own) => !part.includes(own)).flat()), alpha, most, seed);
    if (conformal === null) continue;
    for (const own of part) {
      const judged = take(points, own);
      const result = coverageOf(conformal, judged.predicted, judged.truth, most);
      coverage += result.coverage / byUnit.length;
      meanWidth += result.meanWidth / byUnit.length;
    }
  }
  return { coverage, meanWidth };
};
