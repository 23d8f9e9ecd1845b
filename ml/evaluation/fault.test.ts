import { describe, expect, it } from 'vitest';
import { Random } from '../dataset/random.ts';
import { classify, faultMetrics } from './faultMetrics.ts';
import { logSumExp, softmax } from './softmax.ts';
import { fitTemperature, logLoss } from './temperature.ts';

describe('softmax', () => {
  it('sums to 1, keeps the order and does not overflow', () => {
    const shares = softmax([1000, 999, -1000]);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(shares[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 9);
    expect(logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.log(2), 9);
  });
});

describe('metrics of kinds of faults', () => {
  it('count each class by itself', () => {
    // Truth a a a b b c; said a a b b a c.
    const told = classify([0, 0, 1, 1, 0, 2], [0, 0, 0, 1, 1, 2], ['a', 'b', 'c', 'never']);
    expect(told.confusion).toEqual([[2, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]]);
    expect(told.accuracy).toBeCloseTo(4 / 6);
    expect(told.perClass.map(({ f1 }) => f1)).toEqual([4 / 6, 0.5, 1, 0]);
    // A class that neither is nor was said has no F1 to take the mean over.
    expect(told.macroF1).toBeCloseTo((4 / 6 + 0.5 + 1) / 3);
  });

  it('refuse a point that is of no class', () => {
    expect(() => classify([0], [Number.NaN], ['a', 'b'])).toThrow(/one of 2 classes/);
  });

  it('give one answer a unit from all its windows, and none where a unit changes its class', () => {
    const probabilities = Float32Array.from([0.9, 0.1, 0.4, 0.6, 0.45, 0.55, 0.2, 0.8]);
    const told = faultMetrics(probabilities, Float32Array.from([0, 0, 1, 1]), [7, 7, 9, 9], ['a', 'b'], null, null);
    expect(told.confusion).toEqual([[1, 1], [0, 2]]);
    expect(told.byUnit).toMatchObject({ points: 2, accuracy: 1, macroF1: 1 });
    expect(faultMetrics(probabilities, Float32Array.from([0, 1, 1, 1]), [7, 7, 9, 9], ['a', 'b'], null, null).byUnit).toBeNull();
  });
});

describe('temperature', () => {
  it('finds how much too sure the logits are', () => {
    const random = Random.of(4, 'temperature');
    const logits = new Float32Array(3 * 4000);
    const labels = new Float32Array(4000);
    for (let at = 0; at < 4000; at++) {
      const own = [random.normal(), random.normal(), random.normal()];
      const draw = random.next();
      const shares = softmax(own);
      labels[at] = draw < (shares[0] ?? 0) ? 0 : draw < (shares[0] ?? 0) + (shares[1] ?? 0) ? 1 : 2;
      logits.set(own.map((logit) => 2.5 * logit), 3 * at);
    }
    const temperature = fitTemperature(logits, labels, 3);
    expect(temperature).toBeGreaterThan(2.2);
    expect(temperature).toBeLessThan(2.8);
    expect(logLoss(logits, labels, 3, temperature)).toBeLessThan(logLoss(logits, labels, 3, 1));
  });

  it('does not claim certainty from a few points that were all told rightly', () => {
    const logits = Float32Array.from(Array.from({ length: 10 }, (_, at) => (at % 2 === 0 ? [9, 0] : [0, 9])).flat());
    const labels = Float32Array.from({ length: 10 }, (_, at) => at % 2);
    const [most = 0] = softmax([9, 0], fitTemperature(logits, labels, 2));
    expect(most).toBeCloseTo(11 / 12, 2);
  });
});
