import { describe, expect, it } from 'vitest';
import { labelWeights } from './batches.ts';

const labels = Float32Array.from({ length: 100 }, (_, at) => (at < 64 ? 0 : at < 96 ? 1 : 2));
const weightsWith = (classWeights: number): number[] => [0, 1, 2].map(labelWeights(labels, { task: 'fault', classWeights }));
const meanOf = (classWeights: number): number => labels.reduce((sum, label) => sum + (weightsWith(classWeights)[label] ?? 0), 0) / labels.length;

describe('labelWeights', () => {
  it('lifts the rare classes by a power of their rarity, and keeps the mean weight at 1', () => {
    const [often = 0, seldom = 0, rare = 0] = weightsWith(0.5);
    expect(seldom / often).toBeCloseTo(Math.sqrt(2));
    expect(rare / often).toBeCloseTo(4);
    expect(weightsWith(0)).toEqual([1, 1, 1]);
    expect((weightsWith(1)[1] ?? 0) / (weightsWith(1)[0] ?? 1)).toBeCloseTo(2);
    for (const power of [0, 0.5, 1]) expect(meanOf(power)).toBeCloseTo(1);
  });

  it('lifts no class more than eightfold, and weighs nothing where there are no classes', () => {
    expect((weightsWith(1)[2] ?? 0) / (weightsWith(1)[0] ?? 1)).toBeCloseTo(8);
    expect(labelWeights(labels, { task: 'rul', classWeights: 1 })(2)).toBe(1);
  });
});
