import * as tf from '@tensorflow/tfjs-core';
import { NodeJSKernelBackend } from '@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../dataset/random.ts';
import { Preset, TrainingConfig } from '../documents/config.ts';
import { initialise } from '../models/layout.ts';
import { buildNetwork } from '../models/network.ts';
import { predictCells } from '../models/predict.ts';
import { computeStep } from '../training/step.ts';
import { tfjsGraphs } from './graph/tfjsGraphs.ts';
import { graphState, Program, setGraphRecorder, type GraphRecorder } from './program.ts';
import { loadTfjsNode } from './tfjs.ts';

let recorder: GraphRecorder;
let recorded = 0;
const counting: GraphRecorder = (work, inputs) => {
  recorded++;
  return recorder(work, inputs);
};
const tensorsOfBinding = (): number => {
  const backend = tf.backend();
  return backend instanceof NodeJSKernelBackend ? backend.binding.getNumOfTensors() : Number.NaN;
};
const vector = (...values: number[]) => ({ values: Float32Array.from(values), shape: [values.length] });

beforeAll(async () => {
  await loadTfjsNode();
  const backend = tf.backend();
  if (!(backend instanceof NodeJSKernelBackend)) throw new Error('tfjs-node set another backend');
  recorder = tfjsGraphs(backend);
});
beforeEach(() => {
  recorded = 0;
  setGraphRecorder(counting);
});

describe('a program', () => {
  it('is recorded once a shape and answers with what its operations give', async () => {
    const program = new Program(([a, b]) => tf.add(tf.mul(a ?? 0, 2), tf.concat([tf.sum(b ?? 0).reshape([1]), tf.tensor1d([5])])));
    expect([...(await program.run([vector(1, 2), vector(1, 1, 1)]))]).toEqual([5, 9]);
    const before = tensorsOfBinding();
    expect([...(await program.run([vector(3, 4), vector(1, 2, 3)]))]).toEqual([12, 13]);
    expect(tensorsOfBinding()).toBe(before);
    expect([...(await program.run([vector(3, 4), vector(7)]))]).toEqual([13, 13]);
    expect(recorded).toBe(2);
    expect(graphState()).toEqual({ graphs: true, problem: null });
  });

  it('knows several outputs of one operation, whole numbers and truth values apart', async () => {
    const program = new Program(([a]) => {
      const [low, high] = tf.split(a ?? tf.zeros([2]), 2);
      const where = tf.cast(tf.greater(high ?? 0, low ?? 0), 'int32');
      return tf.concat([tf.cast(where, 'float32'), high ?? tf.zeros([1]), low ?? tf.zeros([1])]);
    });
    await program.run([vector(1, 2)]);
    expect([...(await program.run([vector(9, 4)]))]).toEqual([0, 4, 9]);
    expect(graphState().problem).toBeNull();
  });

  it('that takes a value from elsewhere than its inputs runs operation by operation, and the reason is known', async () => {
    let calls = 0;
    const program = new Program(([a]) => tf.mul(a ?? 0, ++calls));
    expect([...(await program.run([vector(1)]))]).toEqual([3]);
    expect([...(await program.run([vector(1)]))]).toEqual([4]);
    expect(graphState()).toMatchObject({ graphs: false, problem: expect.stringContaining('where its operations give') });
  });

  it('that reads a tensor on its way runs operation by operation', async () => {
    const program = new Program(([a]) => tf.mul(a ?? 0, tf.scalar(tf.add(a ?? 0, 1).dataSync()[0] ?? 0)));
    expect([...(await program.run([vector(2)]))]).toEqual([6]);
    expect([...(await program.run([vector(3)]))]).toEqual([12]);
    expect(graphState().problem).toContain('reads a tensor');
  });

  it('gives up the graph used longest ago when there are many, and records it anew', async () => {
    const program = new Program(([a]) => tf.mul(a ?? 0, 2));
    for (let length = 1; length <= 60; length++) await program.run([vector(...new Array<number>(length).fill(1))]);
    expect([...(await program.run([vector(4)]))]).toEqual([8]);
    expect(recorded).toBe(61);
  });
});

describe.each(Preset.options)('preset %s as a graph', (preset) => {
  const network = () => buildNetwork(TrainingConfig.parse({ task: 'rul', rulCap: 125, preset, window: 12, filters: 8, blocks: 2, kernel: 3, dense: 8 }), 3);
  const drawn = (length: number, purpose: string): Float32Array => {
    const random = Random.of(3, purpose);
    return Float32Array.from({ length }, () => random.normal() * 0.5);
  };
  const largestDifference = (a: Float32Array, b: Float32Array): number => a.reduce((most, value, at) => Math.max(most, Math.abs(value - (b[at] ?? Number.NaN))), 0);

  it('gives the step and the predictions of single operations', async () => {
    const runs = [];
    for (const graphs of [true, false]) {
      setGraphRecorder(graphs ? counting : null);
      const built = network();
      const weights = { parameters: drawn(initialise(built.parameters, Random.of(1, 'weights')).length, 'weights'), statistics: initialise(built.statistics, Random.of(1, 'weights')) };
      const batch = { count: 32, cells: drawn(32 * 12 * 3, 'cells'), targets: drawn(32, 'targets'), weights: new Float32Array(32).fill(1) };
      runs.push({ step: await computeStep(built, weights, batch, Random.of(5, 'masks')), outputs: await predictCells(built, weights, batch.cells, 21) });
      // 21 windows are asked for as 16, 4 and 1.
      expect(graphState()).toEqual({ graphs, problem: null });
    }
    const [graph, eager] = runs;
    if (graph === undefined || eager === undefined) throw new Error('both ways ran');
    expect(graph.step.loss).toBeCloseTo(eager.step.loss, 5);
    expect(largestDifference(graph.step.gradient, eager.step.gradient)).toBeLessThan(1e-4);
    expect(largestDifference(graph.step.met, eager.step.met)).toBeLessThan(1e-5);
    expect(largestDifference(graph.outputs, eager.outputs)).toBeLessThan(1e-4);
    expect(recorded).toBe(4);
  });
});
