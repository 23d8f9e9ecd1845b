import { describe, expect, it } from 'vitest';
import { asymmetricScore } from './asymmetricScore.ts';
import { accuracyOf, confusionAt, f1Of, precisionOf, recallOf } from './confusion.ts';
import { mae } from './mae.ts';
import { averagePrecision, bestThreshold } from './precisionRecall.ts';
import { rmse } from './rmse.ts';
import { rulMetrics } from './rulMetrics.ts';

describe('remaining life', () => {
  it('has the errors that one computes by hand', () => {
    expect(rmse([1, 2, 3], [1, 4, 7])).toBeCloseTo(Math.sqrt(20 / 3));
    expect(mae([1, 2, 3], [1, 4, 7])).toBeCloseTo(2);
    expect(rmse([], [])).toBeNaN();
  });

  it('scores late predictions higher than early ones', () => {
    expect(asymmetricScore([50], [50])).toBe(0);
    expect(asymmetricScore([60], [50])).toBeCloseTo(Math.E - 1);
    expect(asymmetricScore([37], [50])).toBeCloseTo(Math.E - 1);
    expect(asymmetricScore([60, 37], [50, 50])).toBeCloseTo(2 * (Math.E - 1));
  });

  it('is told in the unit of the data, the score in cycles of a cap of 125', () => {
    const metrics = rulMetrics({ axis: 'time', unit: 'hours', stepInUnit: 0.5 }, Float32Array.of(240), Float32Array.of(200), 1, 500, null);
    expect(metrics.rmse).toBe(20);
    expect(metrics.score).toBeCloseTo(Math.expm1(1));
  });
});

describe('failure within the horizon', () => {
  const scores = Float32Array.of(0.9, 0.8, 0.7, 0.6, 0.1);
  const labels = Float32Array.of(1, 0, 1, 1, 0);

  it('counts by the threshold', () => {
    const confusion = confusionAt(scores, labels, 0.65);
    expect(confusion).toEqual({ tp: 2, fp: 1, tn: 1, fn: 1 });
    expect(precisionOf(confusion)).toBeCloseTo(2 / 3);
    expect(recallOf(confusion)).toBeCloseTo(2 / 3);
    expect(f1Of(confusion)).toBeCloseTo(2 / 3);
    expect(accuracyOf(confusion)).toBeCloseTo(3 / 5);
    expect(precisionOf(confusionAt(scores, labels, 2))).toBe(0);
  });

  it('has the average precision of its ranking, ties taken together', () => {
    expect(averagePrecision(scores, labels)).toBeCloseTo((1 + 2 / 3 + 3 / 4) / 3);
    expect(averagePrecision(Float32Array.of(1, 1, 1, 1), Float32Array.of(1, 0, 0, 1))).toBeCloseTo(0.5);
    expect(averagePrecision(scores, labels.map(() => 0))).toBe(0);
  });

  it('chooses the threshold with the best F1, between two scores', () => {
    expect(bestThreshold(scores, labels)).toBeCloseTo(0.35);
    expect(bestThreshold(scores, labels.map(() => 0))).toBe(0.5);
  });
});
