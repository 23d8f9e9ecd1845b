import type { FailureMetrics } from '../documents/metrics.ts';
import { accuracyOf, confusionAt, f1Of, precisionOf, recallOf } from './confusion.ts';
import { averagePrecision } from './precisionRecall.ts';

/**
 * Metrics of a failure within the horizon.
 * @param scores probabilities, or anything that grows with them
 * @param labels 1 or 0
 * @param horizon in the dataset's unit, which `unit` names
 */
export const failureMetrics = (scores: Float32Array, labels: Float32Array, units: number, threshold: number, horizon: number, unit: string): FailureMetrics => {
  const confusion = confusionAt(scores, labels, threshold);
  return {
    kind: 'failure',
    horizon,
    unit,
    units,
    points: labels.length,
    threshold,
    accuracy: accuracyOf(confusion),
    precision: precisionOf(confusion),
    recall: recallOf(confusion),
    f1: f1Of(confusion),
    prAuc: averagePrecision(scores, labels),
    confusion,
  };
};
