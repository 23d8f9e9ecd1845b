import { describe, expect, it } from 'vitest';
import { Random } from '../../dataset/random.ts';
import { rmse } from '../rmse.ts';
import { averagePrecision } from '../precisionRecall.ts';
import { binFeatures, levelOf } from './bins.ts';
import { fitBoosted, predictBoosted } from './boost.ts';

/** Points whose label is a step in the first feature times the sign of the second; the third is noise. */
const interaction = (points: number, seed: number) => {
  const random = Random.of(seed, 'boost.test');
  const features = Float32Array.from({ length: 3 * points }, () => random.normal());
  const labels = Float32Array.from({ length: points }, (_, at) => ((features[3 * at] ?? 0) > 0.3 ? 1 : 0) * ((features[3 * at + 1] ?? 0) > 0 ? 10 : -10));
  return { features, labels };
};

describe('gradient boosting', () => {
  it('learns what no linear function can, on points that it has not seen', () => {
    const { features, labels } = interaction(2000, 1);
    const unseen = interaction(500, 2);
    const boosted = fitBoosted(features, labels, 3, { loss: 'squared', seed: 1 });
    const spread = rmse(new Float32Array(500), unseen.labels);
    expect(rmse(predictBoosted(boosted, unseen.features, 3), unseen.labels)).toBeLessThan(0.3 * spread);
  });

  it('says probabilities that rank the classes', () => {
    const { features, labels } = interaction(2000, 3);
    const classes = labels.map((label) => (label > 0 ? 1 : 0));
    const said = predictBoosted(fitBoosted(features, classes, 3, { loss: 'logistic', seed: 1 }), features, 3);
    expect(said.every((p) => p > 0 && p < 1)).toBe(true);
    expect(averagePrecision(said, classes)).toBeGreaterThan(0.97);
    expect(said.reduce((sum, p) => sum + p, 0) / 2000).toBeCloseTo(classes.reduce((sum, one) => sum + one, 0) / 2000, 2);
  });

  it('is the same for the same seed, and survives its document', () => {
    const { features, labels } = interaction(300, 4);
    const one = fitBoosted(features, labels, 3, { loss: 'squared', seed: 7, rounds: 20 });
    expect(fitBoosted(features, labels, 3, { loss: 'squared', seed: 7, rounds: 20 })).toEqual(one);
    expect(predictBoosted(JSON.parse(JSON.stringify(one)), features, 3)).toEqual(predictBoosted(one, features, 3));
  });

  it('predicts the mean where nothing can be told apart', () => {
    const labels = Float32Array.from([1, 2, 3, 6]);
    const boosted = fitBoosted(new Float32Array(4), labels, 1, { loss: 'squared', seed: 1, rounds: 5 });
    expect([...predictBoosted(boosted, Float32Array.of(0, 9), 1)]).toEqual([3, 3]);
  });

  it('cuts at quantiles, and gives a value shared by many one level', () => {
    const { edges, levels } = binFeatures(Float32Array.from({ length: 1000 }, (_, at) => (at < 700 ? 0 : at)), 1);
    const [own] = edges;
    if (own === undefined) throw new Error('one feature was given');
    expect(levels[3]).toBe(0);
    expect(levels[699]).toBe(0);
    expect(levels[999]).toBe(own.length);
    expect(levelOf(own, 1e9)).toBe(own.length);
  });
});
