import { describe, expect, it } from 'vitest';
import { Random } from '../dataset/random.ts';
import { discriminantGround, fitDiscriminant, scoreDiscriminant } from './discriminant.ts';
import { classify, saidOf } from './faultMetrics.ts';

/** Points of three classes that differ by little in one direction, while all vary by much in another that is nearly the same. */
const points = (count: number, width: number, seed: number): { features: Float32Array; labels: Float32Array } => {
  const random = Random.of(seed, 'discriminant');
  const labels = Float32Array.from({ length: count }, (_, at) => at % 3);
  const rows = Array.from(labels, (label) => {
    const common = 5 * random.normal();
    return Array.from({ length: width }, (_, column) => common + (column === 0 ? 0.3 * (label - 1) : 0) + 0.05 * random.normal());
  });
  return { features: Float32Array.from(rows.flat()), labels };
};

const accuracyOf = (width: number, learned: number, shrinkage: number): number => {
  const training = points(learned, width, 1);
  const test = points(300, width, 2);
  const scores = scoreDiscriminant(fitDiscriminant(discriminantGround(training.features, width, shrinkage), training.labels, 3), test.features);
  return classify(saidOf(scores, 3), test.labels, ['a', 'b', 'c']).accuracy;
};

describe('a linear discriminant', () => {
  it('finds a small difference under a large common variation, the class in the middle too', () => {
    expect(accuracyOf(4, 300, 1e-4)).toBeGreaterThan(0.97);
  });

  it('works with more features than points', () => {
    expect(accuracyOf(200, 90, 1e-3)).toBeGreaterThan(0.9);
  });

  it('is the one that the covariance within the classes gives', () => {
    const { features, labels } = points(240, 2, 5);
    const shrinkage = 0.05;
    const { weights } = fitDiscriminant(discriminantGround(features, 2, shrinkage), labels, 3);
    const row = (at: number): number[] => [features[2 * at] ?? 0, features[2 * at + 1] ?? 0];
    const meanOf = (chosen: number[]): number[] => [0, 1].map((column) => chosen.reduce((sum, at) => sum + (row(at)[column] ?? 0), 0) / chosen.length);
    const every = [...labels.keys()];
    const means = [0, 1, 2].map((label) => meanOf(every.filter((at) => labels[at] === label)));
    const whole = meanOf(every);
    const within = (i: number, j: number): number => every.reduce((sum, at) => sum + ((row(at)[i] ?? 0) - (means[labels[at] ?? 0]?.[i] ?? 0)) * ((row(at)[j] ?? 0) - (means[labels[at] ?? 0]?.[j] ?? 0)), 0) / every.length + (i === j ? shrinkage : 0);
    const [a, b, d] = [within(0, 0), within(0, 1), within(1, 1)];
    means.forEach((mean, label) => {
      const [x = 0, y = 0] = mean.map((value, column) => value - (whole[column] ?? 0));
      const determinant = a * d - b * b;
      expect(weights[label]?.[0]).toBeCloseTo((d * x - b * y) / determinant, 3);
      expect(weights[label]?.[1]).toBeCloseTo((a * y - b * x) / determinant, 3);
    });
  });
});
