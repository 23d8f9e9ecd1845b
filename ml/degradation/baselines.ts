import { bestPrediction } from './accuracyScore.ts';
import { until, type VibrationHistory } from './history.ts';
import { logMagnitude } from './indicator.ts';
import { byAgeAlone, type DegradationModel } from './model.ts';

/** Predictors that anyone would try first: what the model must beat. Remaining lives in steps. */
export interface Baselines {
  /** Mean life under this condition minus age. */
  readonly meanLife: number;
  /** Best prediction by age and condition alone. */
  readonly ageAlone: number;
  /** The trend of the logarithm of the vibration, drawn on to the level at which the known lives ended. */
  readonly exponentialRms: number;
}

/** Rows of the trend: the last quarter of the history, and no fewer than this. */
const FEWEST_TREND = 60;
/** Rows whose median is the level at the end of a life. */
const LAST = 9;

/** Least-squares slope and last value of a line through equally spaced values. */
const lineThrough = (values: Float64Array): { slope: number; last: number } => {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let product = 0;
  let square = 0;
  values.forEach((value, at) => {
    product += (at - middle) * (value - mean);
    square += (at - middle) ** 2;
  });
  const slope = square === 0 ? 0 : product / square;
  return { slope, last: mean + slope * middle };
};

const medianOf = (values: readonly number[]): number => [...values].sort((one, other) => one - other)[values.length >> 1] ?? Number.NaN;

const exponentialRms = (history: VibrationHistory, lives: readonly VibrationHistory[], longest: number): number => {
  const failure = medianOf(lives.map((life) => medianOf([...logMagnitude(life).subarray(-LAST)])));
  const magnitude = logMagnitude(history);
  const { slope, last } = lineThrough(magnitude.subarray(-Math.max(FEWEST_TREND, Math.floor(history.rows / 4))));
  return slope > 0 ? Math.min(longest, Math.max(1, (failure - last) / slope)) : longest;
};

/** The baselines at one age of a history. @param lives the whole lives that the model learnt from */
export const baselinesAt = (model: DegradationModel, lives: readonly VibrationHistory[], history: VibrationHistory, age: number): Baselines => {
  const seen = until(history, age);
  const meanLife = (history.lifeScale * lives.reduce((sum, { rows, lifeScale }) => sum + rows / lifeScale, 0)) / lives.length;
  const longest = Math.max(...lives.map(({ rows }) => rows));
  return {
    meanLife: Math.max(1, meanLife - age),
    ageAlone: bestPrediction(byAgeAlone(model, seen)).remaining,
    exponentialRms: exponentialRms(seen, lives, longest),
  };
};
