import * as tf from '@tensorflow/tfjs-core';
import { Program, type ProgramInput, type Work } from '../backend/program.ts';
import { Random } from '../dataset/random.ts';
import type { Slot } from '../models/layout.ts';
import type { Network } from '../models/network.ts';
import { drawMask, Pass, type MaskShape } from '../models/pass.ts';
import { inputsOf, tensorsBySlot, type Weights } from '../models/predict.ts';
import { rank1, rank2, rank4 } from '../models/rank.ts';

/** One batch of training windows. */
export interface Batch {
  readonly count: number;
  /** [count, window, inputs] */
  readonly cells: Float32Array;
  /** Row-major [count, outputs] */
  readonly targets: Float32Array;
  /** [count] */
  readonly weights: Float32Array;
}

/** What one batch says. */
export interface StepResult {
  readonly loss: number;
  /** Flat, in the order of the network's parameters. */
  readonly gradient: Float32Array;
  /** Means and variances that the batch normalisations met, flat, in the order of the network's statistics. */
  readonly met: Float32Array;
}

const flatten = (tensors: readonly tf.Tensor[]): tf.Tensor1D => tf.concat(tensors.map((tensor) => tf.reshape<tf.Rank.R1>(tensor, [tensor.size])));

const required = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('The step got fewer inputs than it was built for.');
  return value;
};

/** Loss, gradients and batch statistics of windows, targets, weights, masks and parameters as one flat tensor: a single read. */
const forwardAndBack =
  (network: Network, masks: number): Work =>
  (inputs) => {
    const [x, target, weight, ...rest] = inputs;
    const drawn = rest.slice(0, masks);
    const met: tf.Tensor[] = [];
    const lossOf = (...parameters: tf.Tensor[]): tf.Scalar => {
      const pass = new Pass(tensorsBySlot(network.parameters, parameters), Random.of(0, 'drawn beforehand'), drawn);
      const outputs = network.run(rank4(required(x)), pass);
      // Every member learns every window of the batch.
      const members = network.outputBiases.length;
      const loss = network.head.loss(outputs, tf.tile(rank2(required(target)), [members, 1]), tf.tile(rank1(required(weight)), [members]));
      const bySlot = new Map(pass.met.flatMap(({ mean, variance, batchMean, batchVariance }): [Slot, tf.Tensor][] => [[mean, batchMean], [variance, batchVariance]]));
      met.push(...network.statistics.flatMap((slot) => bySlot.get(slot) ?? []));
      return loss;
    };
    const { value, grads } = tf.valueAndGrads(lossOf)(rest.slice(masks));
    const flat = flatten([value, ...grads, ...met]);
    tf.dispose(met);
    return flat;
  };

/** The masks that one window's pass asks for, [1, ...] each: found by a pass that is thrown away. */
const masksOf = ({ parameters, window, inputs, run }: Network): readonly MaskShape[] => {
  const asked: MaskShape[] = [];
  tf.tidy(() => {
    const pass = new Pass(tensorsBySlot(parameters, parameters.map(({ shape }) => tf.zeros([...shape]))), Random.of(0, 'thrown away'));
    run(tf.zeros([1, 1, window, inputs]), pass);
    for (const { batchMean, batchVariance } of pass.met) tf.dispose([batchMean, batchVariance]);
    asked.push(...pass.asked);
  });
  return asked;
};

interface StepOf {
  readonly masks: readonly MaskShape[];
  readonly program: Program;
}

const steps = new WeakMap<Network, StepOf>();

const stepOf = (network: Network): StepOf => {
  const known = steps.get(network);
  if (known !== undefined) return known;
  const masks = masksOf(network);
  const step = { masks, program: new Program(forwardAndBack(network, masks.length)) };
  steps.set(network, step);
  return step;
};

/**
 * One forward and backward pass. Tensors alive are the same before and after.
 * @param random draws the dropout masks
 */
export const computeStep = async (network: Network, weights: Weights, { count, cells, targets, weights: ofWindows }: Batch, random: Random): Promise<StepResult> => {
  const { masks, program } = stepOf(network);
  const drawn = masks.map(({ shape: [, ...rest], rate }): ProgramInput => {
    const shape = [count, ...rest];
    return { values: drawMask(random, { shape, rate }), shape };
  });
  const batch: ProgramInput[] = [{ values: cells, shape: [count, 1, network.window, network.inputs] }, { values: targets, shape: [count, network.head.outputs] }, { values: ofWindows, shape: [count] }];
  const answer = await program.run([...batch, ...drawn, ...inputsOf(network.parameters, weights.parameters)]);
  const gradientEnd = 1 + weights.parameters.length;
  return { loss: answer[0] ?? Number.NaN, gradient: answer.subarray(1, gradientEnd), met: answer.subarray(gradientEnd) };
};
