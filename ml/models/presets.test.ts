import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTfjsNode } from '../backend/tfjs.ts';
import { Preset, TrainingConfig } from '../documents/config.ts';
import { Random } from '../dataset/random.ts';
import { adamUpdate, freshAdam } from '../training/adam.ts';
import { computeStep, type Batch } from '../training/step.ts';
import { initialise } from './layout.ts';
import { buildNetwork } from './network.ts';
import { predictCells, type Weights } from './predict.ts';

beforeAll(async () => {
  await loadTfjsNode();
});

const configOf = (preset: Preset): TrainingConfig => TrainingConfig.parse({ task: 'rul', preset, rulCap: 1, window: 12, filters: 8, blocks: 2, kernel: 3, dense: 16, pooling: 1, members: 1, dropout: 0, l2: 0 });

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

describe('members', () => {
  const config = { ...configOf('plain'), window: 14, pooling: 4, members: 3 };
  const network = buildNetwork(config, 3);
  const one = buildNetwork({ ...config, members: 1 }, 3);
  const weights = fresh(network);
  const share = (flat: Float32Array, at: number): Float32Array => flat.slice((at * flat.length) / 3, ((at + 1) * flat.length) / 3);
  const ofMember = (at: number): Weights => ({ parameters: share(weights.parameters, at), statistics: share(weights.statistics, at) });
  weights.parameters.forEach((value, at) => (weights.parameters[at] = value + 0.1 * Math.sin(at)));

  it('forecast their mean', async () => {
    const { cells } = drawBatch(5, 14, 3);
    const singles = await Promise.all([0, 1, 2].map((at) => predictCells(one, ofMember(at), cells, 5)));
    const together = await predictCells(network, weights, cells, 5);
    together.forEach((value, at) => expect(value).toBeCloseTo(singles.reduce((sum, own) => sum + (own[at] ?? 0), 0) / 3, 5));
    expect(singles[0]?.[0]).not.toBeCloseTo(singles[1]?.[0] ?? 0, 3);
  });

  it('learn each by itself: a third of the gradient that it would have alone', async () => {
    const batch = drawBatch(16, 14, 3);
    const { gradient } = await computeStep(network, weights, batch, Random.of(1, 'dropout'));
    for (const at of [0, 1, 2]) {
      const alone = await computeStep(one, ofMember(at), batch, Random.of(1, 'dropout'));
      share(gradient, at).forEach((slope, parameter) => expect(slope).toBeCloseTo((alone.gradient[parameter] ?? 0) / 3, 4));
    }
  });

  it('see means of rows, counted back from the newest; the oldest that fill no part count for nothing', async () => {
    const { cells } = drawBatch(1, 14, 3);
    const before = await predictCells(network, weights, cells, 1);
    const swapped = cells.slice();
    for (let input = 0; input < 3; input++) {
      swapped[input] = 99;
      [swapped[10 * 3 + input], swapped[13 * 3 + input]] = [cells[13 * 3 + input] ?? 0, cells[10 * 3 + input] ?? 0];
    }
    expect((await predictCells(network, weights, swapped, 1))[0]).toBeCloseTo(before[0] ?? Number.NaN, 5);
    swapped[9 * 3] = 99;
    expect((await predictCells(network, weights, swapped, 1))[0]).not.toBeCloseTo(before[0] ?? Number.NaN, 5);
  });
});
