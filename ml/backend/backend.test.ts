import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseBackend } from './choose.ts';
import type { Probed } from './probeLoaded.ts';
import { selfCheck } from './selfCheck.ts';
import { selfCheckVectors } from './selfCheckVectors.ts';
import { loadTfjsNode } from './tfjs.ts';

describe('the stored vectors', () => {
  it('are what the textbook loops give', () => {
    const { x, kernel, weights, y, dx, dk } = selfCheckVectors;
    const output = new Array<number>(12).fill(0);
    const ofInput = new Array<number>(12).fill(0);
    const ofKernel = new Array<number>(12).fill(0);
    const add = (to: number[], at: number, value: number): void => {
      to[at] = (to[at] ?? 0) + value;
    };
    for (let step = 0; step < 6; step++)
      for (let filter = 0; filter < 2; filter++)
        for (let tap = 0; tap < 3; tap++)
          for (let channel = 0; channel < 2; channel++) {
            const row = step + tap - 1;
            if (row < 0 || row > 5) continue;
            const k = (tap * 2 + channel) * 2 + filter;
            add(output, step * 2 + filter, (x[row * 2 + channel] ?? 0) * (kernel[k] ?? 0));
            add(ofInput, row * 2 + channel, (weights[step * 2 + filter] ?? 0) * (kernel[k] ?? 0));
            add(ofKernel, k, (weights[step * 2 + filter] ?? 0) * (x[row * 2 + channel] ?? 0));
          }
    for (const [actual, expected] of [[output, y], [ofInput, dx], [ofKernel, dk]] as const) actual.forEach((value, at) => expect(value).toBeCloseTo(expected[at] ?? Number.NaN, 5));
  });
});

describe('self-check', () => {
  beforeAll(async () => {
    await loadTfjsNode();
  });
  it('passes on tfjs-node and leaves no tensors', async () => {
    const before = tf.memory().numTensors;
    expect(await selfCheck()).toEqual({ forward: null, gradient: null });
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('chooseBackend', () => {
  const report = (name: Probed['name'], trainMsPerEpoch: number | null, change: Partial<Probed> = {}): Probed => ({ name, device: 'd', available: true, reason: 'r', selfCheck: 'passed', predictWindowsPerSecond: 1, trainMsPerEpoch, ...change });

  it('takes the fastest that passed, and says why not the others', () => {
    const reports = chooseBackend([report('tfjs-node-cuda', 10, { selfCheck: 'failed', available: false }), report('tfjs-node', 500), report('webgpu', 400), report('plain', null)]);
    expect(reports.map(({ chosen }) => chosen)).toEqual([false, false, true, false]);
    expect(reports[1]?.reason).toBe('r; 1.3 times slower than webgpu');
  });

  it('chooses none when none can train', () => {
    expect(chooseBackend([report('plain', null), report('tfjs-node', 5, { available: false })]).some(({ chosen }) => chosen)).toBe(false);
  });
});
