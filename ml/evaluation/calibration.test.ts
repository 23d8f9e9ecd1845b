import { describe, expect, it } from 'vitest';
import { Random } from '../dataset/random.ts';
import { coverageByUnit, coverageOf, fitConformal, intervalOf, wideningOf, type CalibrationPoints } from './conformal.ts';
import { fitLinear } from './linear.ts';
import { fitPlatt, sigmoid } from './platt.ts';

/** Units whose error is their own (so windows of one are alike), larger where the prediction is large. */
const drawPoints = (units: number, windows: number, random: Random): CalibrationPoints => {
  const predicted: number[] = [];
  const truth: number[] = [];
  const owners: number[] = [];
  for (let unit = 0; unit < units; unit++) {
    const bias = random.normal();
    for (let window = 0; window < windows; window++) {
      const value = 100 * random.next();
      predicted.push(value);
      truth.push(value + (0.05 * value + 1) * (bias + 0.3 * random.normal()));
      owners.push(unit);
    }
  }
  return { predicted: Float32Array.from(predicted), truth: Float32Array.from(truth), units: Int32Array.from(owners) };
};

describe('conformal intervals', () => {
  it('cover nine of ten new units on average, and are narrower where errors are smaller', () => {
    const random = Random.of(1, 'conformal test');
    let coverage = 0;
    let expected = 0;
    const repeats = 30;
    for (let repeat = 0; repeat < repeats; repeat++) {
      const points = drawPoints(20, 25, random);
      const conformal = fitConformal(points, 0.1, 100, repeat);
      if (conformal === null) throw new Error('there are units');
      const unseen = drawPoints(200, 1, random);
      coverage += coverageOf(conformal, unseen.predicted, unseen.truth, 1e9).coverage / repeats;
      if (repeat < 5) expected += (coverageByUnit(points, 0.1, 1e9, repeat)?.coverage ?? 0) / 5;
      const near = intervalOf(conformal, 5, 100);
      const far = intervalOf(conformal, 60, 100);
      expect(near.high - near.low).toBeLessThan(far.high - far.low);
    }
    expect(coverage).toBeGreaterThan(0.86);
    expect(coverage).toBeLessThan(0.96);
    expect(expected).toBeGreaterThan(0.8);
  });

  it.each([1, 2, 4, 8])('cover nine of ten new units after %i alone', (units) => {
    const random = Random.of(units, 'few units');
    const repeats = 60;
    let coverage = 0;
    for (let repeat = 0; repeat < repeats; repeat++) {
      const conformal = fitConformal(drawPoints(units, 25, random), 0.1, 100, repeat);
      if (conformal === null) throw new Error('there are units');
      expect(conformal.units).toBe(units);
      const unseen = drawPoints(50, 1, random);
      coverage += coverageOf(conformal, unseen.predicted, unseen.truth, 1e9).coverage / repeats;
    }
    expect(coverage).toBeGreaterThan(0.85);
  });

  it('are widened only where the ranks promise too little', () => {
    // One unit: |Z'| <= c |Z| with probability 2/pi atan(c).
    expect(wideningOf(1, 0.1)).toBeCloseTo(Math.tan(0.45 * Math.PI), 1);
    const factors = [1, 2, 4, 8, 9, 20].map((units) => wideningOf(units, 0.1));
    for (let at = 1; at < factors.length; at++) expect(factors[at]).toBeLessThanOrEqual(factors[at - 1] ?? 0);
    expect(factors.slice(4)).toEqual([1, 1]);
  });

  it('stay within 0 and the cap, and are the same for the same seed', () => {
    const points = drawPoints(10, 10, Random.of(2, 'bounds'));
    const conformal = fitConformal(points, 0.1, 100, 7);
    if (conformal === null) throw new Error('there are units');
    expect(fitConformal(points, 0.1, 100, 7)).toEqual(conformal);
    expect(intervalOf(conformal, 0, 100).low).toBe(0);
    expect(intervalOf(conformal, 100, 100).high).toBe(100);
    expect(fitConformal({ predicted: new Float32Array(), truth: new Float32Array(), units: new Int32Array() }, 0.1, 100, 1)).toBeNull();
  });
});

describe('Platt calibration', () => {
  it('finds the scale and shift that the labels were drawn with', () => {
    const random = Random.of(3, 'platt');
    const logits = Float32Array.from({ length: 5000 }, () => 2 * random.normal());
    const labels = logits.map((logit) => (random.next() < sigmoid(0.5 * logit - 1) ? 1 : 0));
    const { a, b } = fitPlatt(logits, labels);
    expect(Math.abs(a - 0.5)).toBeLessThan(0.08);
    expect(Math.abs(b + 1)).toBeLessThan(0.12);
  });

  it('leaves the logit alone with one class, and stays finite with a perfect one', () => {
    expect(fitPlatt(Float32Array.of(1, 2), Float32Array.of(1, 1))).toEqual({ a: 1, b: 0 });
    const { a, b } = fitPlatt(Float32Array.of(-9, -8, 8, 9), Float32Array.of(0, 0, 1, 1));
    expect(Number.isFinite(a) && Number.isFinite(b) && a > 0).toBe(true);
  });
});

describe('fitLinear', () => {
  it('finds the line through points of two features', () => {
    const random = Random.of(4, 'linear');
    const features = Float32Array.from({ length: 600 }, () => random.normal() + 3);
    const labels = Float32Array.from({ length: 300 }, (_, at) => 2 * (features[2 * at] ?? 0) - 5 * (features[2 * at + 1] ?? 0) + 7);
    const { weights, constant } = fitLinear(features, labels, 2);
    expect(weights[0]).toBeCloseTo(2, 1);
    expect(weights[1]).toBeCloseTo(-5, 1);
    expect(Math.abs(constant - 7)).toBeLessThan(0.2);
  });
});
