import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTfjsNode } from '../backend/tfjs.ts';
import { Random } from '../dataset/random.ts';
import { DetectorSettings } from '../documents/anomaly.ts';
import { CHANNELS, channelsOf } from './channels.ts';
import { channelsFor, fitDetector, followWith, type Detector } from './detector.ts';
import { evidenceLimit, evidenceOf } from './evidence.ts';
import { fitPrincipalMonitor, eigenOf, monitorScore } from './monitoring.ts';
import { learnRelations } from './relations.ts';
import { fitScale, scaled } from './scale.ts';
import { learnWander } from './wander.ts';
import { windowEnds, type Rows } from './windows.ts';

const INPUTS = 4;
const TRAINING = 400;
const settings = DetectorSettings.parse({ window: 32, filters: 8, steps: 60, smoothing: 20, lag: 40 });

/** Load that swings, a flow and a current that follow it, a temperature that drifts. `fault` moves flow and current from its first row on. */
const machine = (rows: number, seed: number, fault: { from: number; to: number } | null = null): Float32Array => {
  const random = Random.of(seed, 'machine');
  const values = new Float32Array(rows * INPUTS);
  let drift = 0;
  for (let row = 0; row < rows; row++) {
    const load = Math.sin(row / 9) + 0.3 * random.normal();
    const moved = fault !== null && row >= fault.from && row < fault.to ? 3 : 0;
    drift += 0.01 * random.normal();
    values.set([load, 2 * load + 0.4 * random.normal() - moved, 50 - load + 0.4 * random.normal() + moved, 70 + drift + 0.1 * random.normal()], row * INPUTS);
  }
  return values;
};

const scoresOf = async (detector: Detector, rows: Rows): Promise<{ scores: number[]; evidence: Float64Array[] }> => {
  const whole = { from: 0, to: rows.values.length / rows.inputs };
  const scores = new Array<number>(whole.to).fill(Number.NaN);
  const evidence: Float64Array[] = [];
  followWith(detector, await channelsFor(detector, rows, [whole]), whole, (row, score, told) => {
    scores[row] = score;
    evidence[row] = told.slice();
  });
  return { scores, evidence };
};

const fitOn = async (values: Float32Array, seed = 1): Promise<{ detector: Detector; rows: Rows }> => {
  const rows = scaled(fitScale(values, INPUTS, TRAINING), values);
  return { rows, detector: await fitDetector({ values: rows.values.subarray(0, TRAINING * INPUTS), inputs: INPUTS }, [{ from: 0, to: TRAINING }], settings, seed) };
};

beforeAll(async () => {
  await loadTfjsNode();
});

describe('a detector of departures from healthy running', () => {
  it('finds a fault that moves two sensors against their relation, lets go when it is over, names them, and keeps quiet on a healthy machine', async () => {
    const fault = { from: 600, to: 800 };
    const { detector, rows } = await fitOn(machine(1100, 1, fault));
    const { scores, evidence } = await scoresOf(detector, rows);
    const share = (from: number, to: number): number => scores.slice(from, to).filter((score) => score > 1).length / (to - from);
    expect(share(TRAINING, fault.from)).toBeLessThan(0.05);
    expect(share(fault.from + settings.smoothing, fault.to)).toBeGreaterThan(0.95);
    expect(share(fault.to + settings.window + 2 * settings.smoothing, 1100)).toBeLessThan(0.1);
    const told = Array.from({ length: INPUTS }, (_, input) => CHANNELS.reduce((sum, _one, channel) => sum + (evidence[640]?.[input * CHANNELS.length + channel] ?? 0), 0));
    expect(Math.min(told[1] ?? 0, told[2] ?? 0)).toBeGreaterThan(1.5 * (told[3] ?? 0));
    const healthy = await fitOn(machine(1500, 2));
    const quiet = (await scoresOf(healthy.detector, healthy.rows)).scores.slice(TRAINING);
    expect(quiet.filter((score) => score > 1).length / quiet.length).toBeLessThan(0.03);
  });

  it('is the same for the same seed, looks back only, and leaves no tensors behind', async () => {
    const values = machine(700, 3);
    const { detector, rows } = await fitOn(values, 7);
    const { scores } = await scoresOf(detector, rows);
    const alive = tf.memory().numTensors;
    const again = await fitOn(values, 7);
    expect(tf.memory().numTensors).toBe(alive);
    expect(again.detector.parameters).toEqual(detector.parameters);
    expect(again.detector.limit).toBe(detector.limit);
    const changed = values.slice();
    changed.fill(1e6, 600 * INPUTS);
    const later = scaled(fitScale(values, INPUTS, TRAINING), changed);
    expect((await scoresOf(detector, later)).scores.slice(0, 600)).toEqual(scores.slice(0, 600));
  });

  it('takes an alarm that has lasted as long as its training for a new normal', async () => {
    const { detector, rows } = await fitOn(machine(1600, 4, { from: 500, to: 1600 }));
    const { scores } = await scoresOf(detector, rows);
    expect(scores.slice(530, 880).every((score) => score > 1)).toBe(true);
    const end = scores.slice(1200);
    expect(end.filter((score) => score > 1).length / end.length).toBeLessThan(0.1);
  });

  it('needs a stretch longer than a window', async () => {
    const short = { values: new Float32Array(30 * INPUTS), inputs: INPUTS };
    await expect(fitDetector(short, [{ from: 0, to: 30 }], settings, 1)).rejects.toMatchObject({ code: 'too-little-data' });
  });
});

describe('evidence', () => {
  it('grows with the deviation, is bounded, and one channel never reaches the limit of several', () => {
    expect(evidenceOf(0)).toBeLessThan(0);
    expect(evidenceOf(3)).toBeGreaterThan(evidenceOf(2));
    expect(evidenceOf(-3)).toBe(evidenceOf(3));
    for (const channels of [2, 24, 150]) expect(evidenceOf(1e9)).toBeLessThan(evidenceLimit(channels, 0.01, 1));
    expect(evidenceLimit(150, 0.01, 1)).toBeGreaterThan(evidenceLimit(24, 0.1, 1) - 1e-9);
  });
});

describe('wander', () => {
  it('follows and forgives a level that walks, not one that stands', () => {
    const random = Random.of(5, 'walk');
    let level = 0;
    const values = Float32Array.from({ length: 4000 }, (_, cell) => (cell % 2 === 0 ? (level += 0.1 * random.normal()) : 0) + 0.3 * random.normal());
    const { follow, variance } = learnWander({ values, width: 2 }, [{ from: 0, to: 2000 }], { smoothing: 1, lag: 60, rows: 2000, follows: true });
    expect(follow[0] ?? 0).toBeGreaterThan(5 * (follow[1] ?? 1));
    // 60 rows of a walk of 0.1 a row: 0.6 in variance, and its scatter.
    expect(variance[0] ?? 0).toBeGreaterThan(0.4);
    expect(variance[0] ?? 0).toBeLessThan(1.1);
    expect(variance[1] ?? 0).toBeCloseTo(0.09, 1);
  });
});

describe('relations and principal components', () => {
  const values = scaled(fitScale(machine(800, 6), INPUTS, 800), machine(800, 6));

  it('tell a sensor from the others: what they share is gone, what is its own is left', () => {
    const whole = [{ from: 0, to: 800 }];
    const relations = learnRelations(values, whole);
    for (let input = 0; input < INPUTS; input++) expect(relations[input * INPUTS + input]).toBeCloseTo(1, 6);
    const { values: channels, width } = channelsOf(values, { shape: new Float32Array(values.values.length), surprise: new Float32Array(values.values.length) }, relations, whole, 32, 5);
    const variance = (channel: number): number => {
      const own = Array.from({ length: 800 }, (_, row) => channels[row * width + channel] ?? 0);
      return own.reduce((sum, value) => sum + value * value, 0) / own.length;
    };
    expect(variance(CHANNELS.length + 1)).toBeLessThan(0.2 * variance(CHANNELS.length));
    expect(variance(3 * CHANNELS.length + 1)).toBeGreaterThan(0.5 * variance(3 * CHANNELS.length));
  });

  it('a symmetric matrix is taken apart, and a row off its components scores high', () => {
    const { values: eigen, vectors } = eigenOf([[2, 1], [1, 2]]);
    expect(eigen[0]).toBeCloseTo(3, 9);
    expect(eigen[1]).toBeCloseTo(1, 9);
    expect(Math.abs((vectors[0]?.[0] ?? 0) - (vectors[0]?.[1] ?? 1))).toBeLessThan(1e-9);
    const monitor = fitPrincipalMonitor(values.values, INPUTS);
    expect(monitorScore(monitor, new Float32Array(INPUTS))).toBe(0);
    expect(monitorScore(monitor, Float32Array.of(3, -3, 0, 0))).toBeGreaterThan(1);
  });
});

describe('windows', () => {
  it('lie within their stretch and have a row after them', () => {
    expect([...windowEnds([{ from: 0, to: 5 }, { from: 10, to: 13 }, { from: 20, to: 24 }], 3)]).toEqual([2, 3, 22]);
  });
});
