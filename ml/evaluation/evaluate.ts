import type { FittedBaseline } from '../documents/baseline.ts';
import type { TrainingConfig } from '../documents/config.ts';
import type { Evaluation, Metrics } from '../documents/metrics.ts';
import type { Conformal, ModelDocument } from '../documents/model.ts';
import { coverageOf, type Coverage } from './conformal.ts';
import { detailOf } from './detail.ts';
import { failureMetrics } from './failureMetrics.ts';
import { faultMetrics } from './faultMetrics.ts';
import { predictBaseline } from './baselines/baselines.ts';
import type { Points } from './baselines/points.ts';
import { sigmoid } from './platt.ts';
import { rulMetrics } from './rulMetrics.ts';
import { softmaxRows } from './softmax.ts';

/** What turns the values of a network into forecasts, made on the validation units. */
export interface Calibrated {
  readonly conformal: Conformal | null;
  readonly calibration: ModelDocument['calibration'];
  readonly threshold: number | null;
  readonly fault: ModelDocument['fault'];
}

/**
 * Values of the network's head to what the task speaks of: remaining life in steps, a calibrated probability, or the probabilities of the
 * classes, row-major [windows, classes].
 */
export const calibratedValues = (values: Float32Array, { calibration, fault }: Pick<Calibrated, 'calibration' | 'fault'>): Float32Array => {
  if (fault !== null) return softmaxRows(values, fault.classes.length, fault.temperature);
  return calibration === null ? values : values.map((logit) => sigmoid(calibration.a * logit + calibration.b));
};

const metricsOf = (points: Points, config: TrainingConfig, predicted: Float32Array, threshold: number, coverage: Coverage | null, fault: Calibrated['fault']): Metrics => {
  const { document, windows } = points;
  const units = new Set(windows.units).size;
  if (config.task === 'failure') return failureMetrics(predicted, windows.labels, units, threshold, (config.horizon ?? 0) * document.stepInUnit, document.unit);
  if (fault !== null) return faultMetrics(predicted, windows.labels, windows.units, fault.classes, (config.horizon ?? 0) * document.stepInUnit, document.unit);
  return rulMetrics(document, predicted, windows.labels, units, config.rulCap ?? 1, coverage);
};

/**
 * The model and its naive rivals on the same points, in one table.
 * @param predicted as `calibratedValues` gives them
 * @param coverage what is known of the intervals' coverage on these points; by default it is counted on them
 */
export const evaluatePoints = (points: Points, config: TrainingConfig, predicted: Float32Array, calibrated: Calibrated, baselines: readonly FittedBaseline[], coverage?: Coverage | null): Evaluation => {
  const counted = calibrated.conformal === null ? null : coverageOf(calibrated.conformal, predicted, points.windows.labels, config.rulCap ?? 1);
  return {
    metrics: metricsOf(points, config, predicted, calibrated.threshold ?? 0.5, coverage === undefined ? counted : coverage, calibrated.fault),
    baselines: baselines.map((baseline) => ({ name: baseline.kind, metrics: metricsOf(points, config, predictBaseline(baseline, points, config), baseline.threshold, null, calibrated.fault) })),
    detail: detailOf(points, config, predicted, calibrated.threshold ?? 0.5),
  };
};
