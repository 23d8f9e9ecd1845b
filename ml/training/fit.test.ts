import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTfjsNode } from '../backend/tfjs.ts';
import { TrainingConfig } from '../documents/config.ts';
import { fleet, smallFleet } from '../testdata/fleet.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import { fit, type FitHooks } from './fit.ts';
import { prepare } from './prepare.ts';

beforeAll(async () => {
  await loadTfjsNode();
});

const config = TrainingConfig.parse({ task: 'rul', window: 16, filters: 8, blocks: 2, kernel: 3, dense: 8, epochs: 6, batch: 64, weightAveraging: 0.9, seed: 4, pooling: 2, members: 2, jitter: 0.3, scaling: 0.1, masking: 0.1, windowWarp: 0.1 });
const hooks = (change: Partial<FitHooks> = {}): FitHooks => ({
  epoch: () => undefined,
  checkpoint: () => Promise.resolve(),
  breathe: () => Promise.resolve(),
  signal: new AbortController().signal,
  now: () => 0,
  ...change,
});

describe('fit', () => {
  it('gives the same history and weights for the same seed, others for another, and leaves no tensors', async () => {
    const tensors = tf.memory().numTensors;
    const prepared = prepare(fleet(smallFleet), config);
    const first = await fit(prepared, hooks());
    const second = await fit(prepared, hooks());
    expect(second).toEqual(first);
    expect(first.history).toHaveLength(6);
    expect(first.history[5]?.valLoss).toBeLessThan(first.history[0]?.valLoss ?? 0);
    const other = await fit(prepare(fleet(smallFleet), { ...config, seed: 5 }), hooks());
    expect(other.history).not.toEqual(first.history);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('goes on from a checkpoint as if it had never stopped', async () => {
    const prepared = prepare(fleet(smallFleet), config);
    let atTwo: Uint8Array | null = null;
    const whole = await fit(prepared, hooks({
      checkpoint: (state) => {
        if (state.history.length === 2) atTwo = encodeCheckpoint(state, 'this run');
        return Promise.resolve();
      },
    }));
    if (atTwo === null) throw new Error('no checkpoint came');
    expect(decodeCheckpoint(atTwo, 'another run')).toBeNull();
    const resumed = await fit(prepared, hooks(), decodeCheckpoint(atTwo, 'this run') ?? undefined);
    expect(resumed).toEqual(whole);
  });

  it('ends when it is told to, within the epoch', async () => {
    const control = new AbortController();
    let batches = 0;
    const running = fit(prepare(fleet(smallFleet), config), hooks({
      signal: control.signal,
      breathe: () => {
        if (++batches === 3) control.abort();
        return Promise.resolve();
      },
    }));
    await expect(running).rejects.toMatchObject({ code: 'cancelled', details: { epochsDone: 0 } });
    expect(batches).toBe(3);
  });

  it('stops when the validation units get no better, and keeps the best weights', async () => {
    const state = await fit(prepare(fleet(smallFleet), { ...config, epochs: 200, patience: 2, learningRate: 0.05, schedule: 'constant', weightAveraging: 0 }), hooks());
    expect(state.history.length).toBeLessThan(200);
    const lowest = Math.min(...state.history.map(({ valLoss }) => valLoss ?? Number.NaN));
    expect(state.best?.loss).toBe(lowest);
    expect(state.history.length - (state.best?.epoch ?? 0)).toBe(2);
  });

  it('keeps no epoch of the first half of a cosine once the second half has begun', async () => {
    const state = await fit(prepare(fleet(smallFleet), { ...config, epochs: 8, learningRate: 0.05 }), hooks());
    expect(state.history).toHaveLength(8);
    expect(state.best?.epoch).toBeGreaterThan(4);
    expect(state.best?.loss).toBe(Math.min(...state.history.slice(4).map(({ valLoss }) => valLoss ?? Number.NaN)));
  });

  it('ends a run whose loss is not a number with a clear error', async () => {
    const running = fit(prepare(fleet(smallFleet), { ...config, learningRate: 1e30, gradientClip: null, warmUpEpochs: 0, batchNormalisation: false }), hooks());
    await expect(running).rejects.toMatchObject({ code: 'training-diverged' });
  });

  it('ends when its time is spent', async () => {
    let clock = 0;
    const state = await fit(prepare(fleet(smallFleet), { ...config, epochs: 500, minutes: 1 }), hooks({ now: () => (clock += 1000) }));
    expect(state.history.length).toBeLessThan(10);
  });
});

describe('prepare', () => {
  it('says what is missing when it is too little', () => {
    expect(() => prepare(fleet({ ...smallFleet, validates: 0 }), config)).toThrow(/and one to validate/);
    expect(() => prepare(fleet(smallFleet), { ...config, task: 'failure' })).toThrow(/needs a horizon/);
    expect(() => prepare(fleet(smallFleet), { ...config, task: 'failure', horizon: 1000 })).toThrow(/same label/);
    const dataset = fleet(smallFleet);
    expect(() => prepare({ ...dataset, values: dataset.values.map(() => 3) }, config)).toThrow(/constant or empty/);
  });
});
