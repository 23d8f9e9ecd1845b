import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTfjsNode } from '../backend/tfjs.ts';
import { Preset, TrainingConfig } from '../documents/config.ts';
import { Random } from '../dataset/random.ts';
import { adamUpdate, freshAdam } from '../training/adam.ts';
import { computeStep, type Batch } from '../training/step.ts';
import { initialise } from './layout.ts';
import { buildNetwork } from './network.ts';
import type { Weights } from './predict.ts';

beforeAll(async () => {
  await loadTfjsNode();
});

const configOf = (preset: Preset): TrainingConfig => TrainingConfig.parse({ task: 'rul', preset, rulCap: 1, window: 12, filters: 8, blocks: 2, kernel: 3, dense: 16, dropout: 0, l2: 0 });

const drawBatch = (count: number, window: number, inputs: number): Batch => {
  const random = Random.of(11, 'batch');
  const cells = Float32Array.from({ length: count * window * inputs }, () => random.normal());
  return { count, cells, targets: Float32Array.from({ length: count }, () => random.next()), weights: new Float32Array(count).fill(1) };
};

const fresh = (network: ReturnType<typeof buildNetwork>): Weights => {
  const random = Random.of(3, 'weights');
  return { parameters: initialise(network.parameters, random), statistics: initialise(network.statistics, random) };
};

describe.each(Preset.options)('preset %s', (preset) => {
  it('has the gradient that finite differences give', async () => {
    const network = buildNetwork(configOf(preset), 3);
    const weights = fresh(network);
    const batch = drawBatch(16, 12, 3);
    const lossAt = async (parameters: Float32Array): Promise<number> => (await computeStep(network, { ...weights, parameters }, batch, Random.of(1, 'dropout'))).loss;
    const { gradient } = await computeStep(network, weights, batch, Random.of(1, 'dropout'));
    // Along random directions: single weights of a float32 network change its loss by less than its rounding.
    const random = Random.of(8, 'direction');
    for (let trial = 0; trial < 4; trial++) {
      const direction = Float32Array.from(weights.parameters, () => random.normal());
      const step = 2e-5;
      const moved = async (sign: number): Promise<number> => lossAt(weights.parameters.map((value, at) => value + sign * step * (direction[at] ?? 0)));
      const numeric = ((await moved(1)) - (await moved(-1))) / (2 * step);
      const analytic = gradient.reduce((sum, slope, at) => sum + slope * (direction[at] ?? 0), 0);
      expect(Math.abs(numeric - analytic)).toBeLessThan(0.03 * Math.max(1, Math.abs(analytic)));
    }
  });

  it('learns a tiny set by heart', async () => {
    const network = buildNetwork(configOf(preset), 3);
    const weights = fresh(network);
    const batch = drawBatch(24, 12, 3);
    const adam = freshAdam(weights.parameters.length);
    const tensors = tf.memory().numTensors;
    let loss = Number.POSITIVE_INFINITY;
    for (let step = 0; step < 300 && loss > 1e-3; step++) {
      const result = await computeStep(network, weights, batch, Random.of(step, 'dropout'));
      loss = result.loss;
      adamUpdate(adam, weights.parameters, result.gradient, 0.01);
    }
    expect(loss).toBeLessThan(1e-3);
    expect(tf.memory().numTensors).toBe(tensors);
  });
});
