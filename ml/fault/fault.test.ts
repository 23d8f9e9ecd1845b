import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTfjsNode } from '../backend/tfjs.ts';
import { Random } from '../dataset/random.ts';
import { TrainingConfig } from '../documents/config.ts';
import { largest } from '../evaluation/softmax.ts';
import { codeOf, conditionsHead, statesOf } from '../models/heads/conditions.ts';
import { judgeSignals, trainSignals, windowFor, type SignalOptions } from './classifySignals.ts';
import { cellFeatures, learnCycles, type Cycles } from './cycles.ts';
import { fourier } from './signal/fourier.ts';
import { packWindow, packedRows, spectraShape } from './signal/spectra.ts';
import { unvaried, variedWindow } from './signal/vary.ts';
import { splitSignals, windowsIn, type Signal } from './signals.ts';

beforeAll(async () => {
  await loadTfjsNode();
});

/** A machine's vibration: a shaft and its gear; a broken tooth hits once a turn. `gain` is the load. */
const recording = (name: string, label: number, samples: number, gain: number, seed: number): Signal => {
  const random = Random.of(seed, name);
  const at = (channel: number): Float32Array =>
    Float32Array.from({ length: samples }, (_, t) => {
      const impact = label === 1 ? 4 * Math.exp(-(t % 64) / 3) * Math.cos(1.9 * t) : 0;
      return gain * (Math.sin((2 * Math.PI * t) / 64) + Math.sin(0.9 * t + channel) + impact) + gain * 0.3 * random.normal() + 5 * channel;
    });
  return { name, label, channels: [at(0), at(1)] };
};

describe('the Fourier transform', () => {
  it('is that of the plain sum', () => {
    const random = Random.of(3, 'fourier');
    const series = Array.from({ length: 16 }, () => [random.normal(), random.normal()] as const);
    const real = Float64Array.from(series, ([re]) => re);
    const imaginary = Float64Array.from(series, ([, im]) => im);
    fourier(real, imaginary);
    for (let bin = 0; bin < 16; bin++) {
      let [re, im] = [0, 0];
      series.forEach(([x, y], t) => {
        const angle = (-2 * Math.PI * bin * t) / 16;
        re += x * Math.cos(angle) - y * Math.sin(angle);
        im += x * Math.sin(angle) + y * Math.cos(angle);
      });
      expect(real[bin]).toBeCloseTo(re, 9);
      expect(imaginary[bin]).toBeCloseTo(im, 9);
    }
    expect(() => fourier(new Float64Array(12), new Float64Array(12))).toThrow(/power of two/);
  });
});

describe('a packed window', () => {
  const shape = spectraShape(256);
  const packed = (signal: Signal): Float32Array => {
    const cells = new Float32Array(packedRows(shape) * 2);
    packWindow(variedWindow(signal.channels, 100, 256, unvaried, Random.of(0, 'none')), shape, cells, 0);
    return cells;
  };
  it('does not change with gain and offset, and is finite for a dead channel', () => {
    const { channels } = recording('a', 1, 1000, 1, 1);
    const louder = { name: 'b', label: 1, channels: channels.map((channel) => channel.map((value) => 7 * value - 3)) };
    packed({ name: 'a', label: 1, channels }).forEach((value, at) => expect(packed(louder)[at]).toBeCloseTo(value, 2));
    expect(packed({ name: 'c', label: 0, channels: [new Float32Array(1000), new Float32Array(1000).fill(4)] }).every(Number.isFinite)).toBe(true);
  });
});

describe('the split of recordings', () => {
  it('has no window of one side within a window of the other', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ label: fc.nat(1), samples: fc.integer({ min: 400, max: 4000 }) }), { minLength: 2, maxLength: 7 }), fc.nat(), (made, seed) => {
        const signals = made.map(({ label, samples }, at): Signal => ({ name: String(at), label, channels: [new Float32Array(samples)] }));
        const { training, validation } = splitSignals(signals, 64, seed);
        expect(validation.length).toBeGreaterThan(0);
        for (const a of training) for (const b of validation) if (a.signal === b.signal) expect(a.to + 64 <= b.from || b.to + 64 <= a.from || a.to <= a.from).toBe(true);
      }),
    );
  });
  it('keeps whole recordings apart where each class has three', () => {
    const signals = Array.from({ length: 6 }, (_, at): Signal => ({ name: String(at), label: at % 2, channels: [new Float32Array(1000)] }));
    const { training, validation, by } = splitSignals(signals, 64, 1);
    expect(by).toBe('recording');
    expect(validation.map(({ signal }) => signals[signal]?.label).sort()).toEqual([0, 1]);
    expect(training).toHaveLength(4);
  });
  it('gives windows that do not overlap', () => {
    expect([...windowsIn([{ signal: 2, from: 10, to: 100 }], 30).starts]).toEqual([10, 40, 70]);
  });
});

describe('the head of several conditions', () => {
  const sizes = [3, 4, 2];
  it('counts its states through', () => {
    for (let code = 0; code < 24; code++) expect(codeOf(statesOf(code, sizes), sizes)).toBe(code);
    expect(statesOf(23, sizes)).toEqual([2, 3, 1]);
  });
  it('has the same loss as tensors and as numbers', () => {
    const head = conditionsHead(sizes);
    const random = Random.of(2, 'head');
    const outputs = Array.from({ length: 3 }, () => Array.from({ length: 9 }, () => 3 * random.normal()));
    const targets = [0, 11, 23].map((code) => [...head.target(code)]);
    const loss = tf.tidy(() => head.loss(tf.tensor2d(outputs), tf.tensor2d(targets), tf.ones([3])).dataSync()[0]);
    expect(loss).toBeCloseTo(outputs.reduce((sum, output, at) => sum + head.lossOf(output, targets[at] ?? []), 0) / 3, 5);
  });
});

describe('a classifier of signals', () => {
  const options: SignalOptions = { seed: 2, epochs: 3, windowsPerClass: 128, members: 2, batch: 32, learningRate: 3e-3, l2: 1e-4, variation: { colour: 0.3, speed: 0.03, noise: 0.2, silence: 0.1 } };
  const hooks = { epoch: () => undefined, breathe: () => Promise.resolve(), signal: new AbortController().signal, now: () => 0 };
  const training = [recording('good', 0, 8000, 1, 1), recording('broken', 1, 8000, 1, 1)];

  it('tells the fault at another load, with the same weights for the same seed, and leaves no tensors', async () => {
    const tensors = tf.memory().numTensors;
    const first = await trainSignals(training, ['healthy', 'broken'], options, hooks);
    const second = await trainSignals(training, ['healthy', 'broken'], options, hooks);
    expect(second.members).toEqual(first.members);
    expect(first.members[1]).not.toEqual(first.members[0]);
    expect(first.shape.samples).toBe(256);
    const { metrics, baselines, recordings } = await judgeSignals(first, [recording('other', 1, 3000, 3, 8), recording('another', 0, 3000, 3, 9)]);
    expect(metrics).toMatchObject({ accuracy: 1, macroF1: 1, points: 22, byUnit: { accuracy: 1 } });
    expect(baselines.map(({ name }) => name)).toEqual(['majority', 'spectrum-centroid', 'spectrum-linear']);
    expect(recordings[0]).toMatchObject({ name: 'other', truth: 'broken', said: 'broken', windows: 11 });
    expect(tf.memory().numTensors).toBe(tensors);
  }, 60_000);

  it('says how much is needed', () => {
    expect(() => windowFor([recording('short', 0, 2000, 1, 1)])).toThrow(/3072 are needed/);
    const short = Array.from({ length: 6 }, (_, at) => recording('short', at % 2, 700, 1, at));
    expect(windowFor(short)).toBe(256);
  });
});

describe('load cycles', () => {
  /** The pump changes the first third of the course, the valve the second; the level wanders by far more than either. */
  const made = (): Cycles => {
    const random = Random.of(6, 'cycles');
    const codes = Int32Array.from({ length: 240 }, (_, cycle) => cycle % 6);
    const values = Array.from(codes, (code) => {
      const [pump = 0, valve = 0] = statesOf(code, [2, 3]);
      const level = 20 * random.normal();
      return Array.from({ length: 12 }, (_, step) => [level + (step < 4 ? pump : step < 8 ? valve : 0) + 0.1 * random.normal(), random.normal()]).flat();
    });
    return { values: Float32Array.from(values.flat()), steps: 12, channels: 2, sensorOf: [0, 1], codes };
  };

  it('tell several conditions at once, whatever the level', async () => {
    const cycles = made();
    const every = [...cycles.codes.keys()];
    const training = every.filter((cycle) => cycle < 180);
    const asked = every.filter((cycle) => cycle >= 180);
    const config = TrainingConfig.parse({ task: 'fault', preset: 'plain', window: 12, filters: 8, blocks: 1, kernel: 3, dense: 16, dropout: 0, pooling: 1, members: 1 });
    const logits = await learnCycles(cycles, training, asked, [2, 3], { seed: 1, epochs: 30, learningRate: 0.01, l2: 1e-4, batch: 32, jitter: 0.05, config }, { epoch: () => undefined, breathe: () => Promise.resolve(), signal: new AbortController().signal });
    const said = asked.map((_, row) => codeOf([largest(logits.subarray(5 * row, 5 * row + 2)), largest(logits.subarray(5 * row + 2, 5 * row + 5))], [2, 3]));
    const right = said.filter((code, row) => code === cycles.codes[asked[row] ?? 0]).length;
    expect(right / asked.length).toBeGreaterThan(0.9);
  }, 60_000);

  it('give their cells as features that are scaled by the training cycles alone', () => {
    const cycles = made();
    const { of, width } = cellFeatures(cycles, [0, 1, 2, 3]);
    const changed = { ...cycles, values: cycles.values.map((value, at) => (at >= 4 * 24 ? 1e3 * value : value)) };
    expect(width).toBe(24);
    expect(cellFeatures(changed, [0, 1, 2, 3]).of([0, 3])).toEqual(of([0, 3]));
  });
});
