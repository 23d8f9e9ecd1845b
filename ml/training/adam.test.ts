import { describe, expect, it } from 'vitest';
import { TrainingConfig } from '../documents/config.ts';
import { addL2, adamUpdate, clipNorm, freshAdam, moveAverage } from './adam.ts';
import { learningRateAt } from './schedule.ts';

describe('adam', () => {
  it('takes the steps that the paper writes down', () => {
    const parameters = Float32Array.of(1);
    const state = freshAdam(1);
    adamUpdate(state, parameters, Float32Array.of(2), 0.1);
    // First step: the bias-corrected moments are 2 and 4, so it moves by the rate.
    expect(parameters[0]).toBeCloseTo(0.9, 5);
    adamUpdate(state, parameters, Float32Array.of(-1), 0.1);
    const m = (0.9 * 0.2 - 0.1) / (1 - 0.81);
    const v = (0.999 * 0.004 + 0.001) / (1 - 0.998001);
    expect(parameters[0]).toBeCloseTo(0.9 - (0.1 * m) / Math.sqrt(v), 5);
  });

  it('finds the bottom of a bowl', () => {
    const parameters = Float32Array.of(3, -2);
    const state = freshAdam(2);
    for (let step = 0; step < 2000; step++) adamUpdate(state, parameters, parameters.map((value, at) => 2 * (value - at)), 0.02);
    expect(parameters[0]).toBeCloseTo(0, 2);
    expect(parameters[1]).toBeCloseTo(1, 2);
  });

  it('pulls only what decays, clips by the whole norm, and averages', () => {
    const gradient = Float32Array.of(0, 0);
    addL2(gradient, Float32Array.of(5, 5), Uint8Array.of(1, 0), 0.1);
    expect([...gradient]).toEqual([1, 0]);
    const long = Float32Array.of(3, 4);
    clipNorm(long, 1);
    expect(long[0]).toBeCloseTo(0.6);
    expect(long[1]).toBeCloseTo(0.8);
    const average = Float32Array.of(0);
    moveAverage(average, Float32Array.of(10), 0.9);
    expect(average[0]).toBeCloseTo(1);
  });
});

describe('learningRateAt', () => {
  const config = TrainingConfig.parse({ task: 'rul', learningRate: 1, warmUpEpochs: 2, schedule: 'cosine' });
  it('warms up and goes down half a cosine', () => {
    expect(learningRateAt(config, 1, 0)).toBeCloseTo(0.505);
    expect(learningRateAt(config, 5, 0)).toBe(1);
    expect(learningRateAt(config, 5, 0.5)).toBeCloseTo(0.505);
    expect(learningRateAt(config, 5, 1)).toBeCloseTo(0.01);
    expect(learningRateAt({ ...config, schedule: 'constant' }, 5, 1)).toBe(1);
  });
});
