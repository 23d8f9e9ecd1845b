import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../dataset/random.ts';
import { accuracyScore, bestPrediction, errorPercent } from './accuracyScore.ts';
import { centralInterval, fitIntervalLevel } from './interval.ts';
import { lifeRatio } from './iso281.ts';
import { cutsFrom, type Trial } from './leaveOneOut.ts';
import { fitLifePrior, logLifeDensity } from './lifePrior.ts';
import { betweenClasses, classOf, targetsOf } from './nearness/classes.ts';
import { normalised, quantile, remainingGrid, shareBelow } from './remaining.ts';

/** Log-normal about `centre`. */
const around = (centre: number, spread: number) => {
  const grid = remainingGrid(5000);
  return normalised(grid, grid.map((remaining) => -0.5 * (Math.log(remaining / centre) / spread) ** 2));
};

describe('the score of accuracy', () => {
  it('is halved by 20 % too early and by 5 % too late', () => {
    expect(accuracyScore(100, 100)).toBe(1);
    expect(accuracyScore(80, 100)).toBeCloseTo(0.5, 12);
    expect(accuracyScore(105, 100)).toBeCloseTo(0.5, 12);
    expect(errorPercent(60, 100)).toBe(40);
  });

  it('is best expected below the median, and the further below the less is sure', () => {
    const shares = [0.05, 0.3, 0.6].map((spread) => bestPrediction(around(300, spread)).remaining / 300);
    expect(shares[0]).toBeGreaterThan(0.9);
    expect(shares[0]).toBeLessThanOrEqual(1.01);
    expect(shares[1]).toBeLessThan(shares[0] ?? 0);
    expect(shares[2]).toBeLessThan(shares[1] ?? 0);
  });

  it('is expected to be what it is on average', () => {
    const random = Random.of(3, 'score');
    const { remaining, expected } = bestPrediction(around(300, 0.4));
    const draws = Array.from({ length: 20_000 }, () => accuracyScore(remaining, 300 * Math.exp(0.4 * random.normal())));
    expect(draws.reduce((sum, score) => sum + score, 0) / draws.length).toBeCloseTo(expected, 1.5);
  });
});

describe('a distribution of remaining life', () => {
  it('has quantiles that hold their share', () => {
    fc.assert(fc.property(fc.double({ min: 5, max: 1000, noNaN: true }), fc.double({ min: 0.1, max: 0.8, noNaN: true }), fc.double({ min: 0.05, max: 0.95, noNaN: true }), (centre, spread, level) => {
      const distribution = around(centre, spread);
      expect(Math.abs(shareBelow(distribution, quantile(distribution, level)) - level)).toBeLessThan(0.1);
    }));
    expect(quantile(around(300, 0.4), 0.5) / 300).toBeCloseTo(1, 1);
  });
});

describe('the prior over lives', () => {
  it('is centred on the geometric mean, has heavier tails with fewer lives, and a scale of the lives’ own spread', () => {
    const few = fitLifePrior([500, 2000]);
    const many = fitLifePrior(Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? 500 : 2000)));
    expect(Math.exp(few.centre)).toBeCloseTo(1000, 6);
    expect(many.scale).toBeCloseTo(Math.log(2), 1);
    expect(few.scale).toBeGreaterThan(many.scale);
    const tail = (prior: typeof few): number => logLifeDensity(prior, 20_000) / logLifeDensity(prior, 1000);
    expect(tail(few)).toBeGreaterThan(10 * tail(many));
    expect(() => fitLifePrior([500])).toThrow(/2 needed/);
  });

  it('stretches lives by load and speed as ISO 281 does', () => {
    const reference = { speedRpm: 1800, loadN: 4000 };
    expect(lifeRatio(reference, reference)).toBe(1);
    expect(lifeRatio({ speedRpm: 1800, loadN: 8000 }, reference)).toBeCloseTo(1 / 8, 12);
    expect(lifeRatio({ speedRpm: 900, loadN: 4000 }, reference)).toBeCloseTo(2, 12);
  });
});

describe('classes of nearness', () => {
  it('are in order, and their targets sum to one with the most on the class itself', () => {
    expect([0, 11.9, 12, 30, 99, 100, 5000].map(classOf)).toEqual([0, 0, 1, 2, 3, 4, 4]);
    for (let label = 0; label < 5; label++) {
      const targets = targetsOf(label);
      expect(targets.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      expect(targets.indexOf(Math.max(...targets))).toBe(label);
    }
  });

  it('are joined without a step', () => {
    const values = [5, 4, 1, 2, 3];
    expect(betweenClasses(values, 1)).toBe(5);
    expect(betweenClasses(values, 4000)).toBe(3);
    for (let remaining = 1; remaining < 300; remaining *= 1.01) expect(Math.abs(betweenClasses(values, remaining * 1.001) - betweenClasses(values, remaining))).toBeLessThan(0.02);
  });
});

describe('the interval', () => {
  const trialsOf = (shares: readonly number[][]): Trial[] =>
    shares.flatMap((of, life) => of.map((share): Trial => ({ life: `B${life}`, age: 100, truth: 50, predicted: 40, share, baselines: { meanLife: 1, ageAlone: 1, exponentialRms: 1 } })));

  it('says what so few lives can promise, and never narrows', () => {
    const { level, promised, lives } = fitIntervalLevel(trialsOf([[0.5], [0.5], [0.5], [0.5]]), 0.9, 1);
    expect({ level, promised, lives }).toEqual({ level: 0.9, promised: 0.8, lives: 4 });
  });

  it('is widened to the largest miss where the lives are fewer than the promise needs, and to the right rank where they suffice', () => {
    expect(fitIntervalLevel(trialsOf([[0.5], [0.99], [0.5], [0.5]]), 0.9, 1).level).toBeCloseTo(0.98, 9);
    const many = trialsOf(Array.from({ length: 39 }, (_, at) => [0.5 + at / 80]));
    expect(fitIntervalLevel(many, 0.9, 1).level).toBeCloseTo(35 / 40, 1);
    expect(fitIntervalLevel(many, 0.5, 1)).toMatchObject({ promised: 0.5 });
    expect(fitIntervalLevel(many, 0.5, 1).level).toBeCloseTo(19 / 40, 1);
  });

  it('holds its share of the distribution', () => {
    const { low, high } = centralInterval(around(300, 0.4), 0.9);
    expect(low / (300 * Math.exp(-0.4 * 1.645))).toBeCloseTo(1, 1);
    expect(high / (300 * Math.exp(0.4 * 1.645))).toBeCloseTo(1, 1);
  });
});

describe('cuts of a life', () => {
  it('lie in the middles of equal parts, never at the end', () => {
    expect(cutsFrom(1000, 0, 4)).toEqual([125, 375, 625, 875]);
    expect(cutsFrom(1000, 0.5, 2)).toEqual([625, 875]);
    expect(cutsFrom(30, 0, 30).every((age) => age >= 25 && age < 30)).toBe(true);
  });
});
