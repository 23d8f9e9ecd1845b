import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../dataset/random.ts';
import type { Slot } from '../models/layout.ts';
import type { Network } from '../models/network.ts';
import { Pass } from '../models/pass.ts';
import { tensorsOf, type Weights } from '../models/predict.ts';

/** One batch of training windows. */
export interface Batch {
  readonly count: number;
  /** [count, window, inputs] */
  readonly cells: Float32Array;
  /** [count] each */
  readonly targets: Float32Array;
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

/** Loss, gradients and batch statistics as one flat tensor, so that they leave the backend in a single read. */
const forwardAndBack = (network: Network, weights: Weights, batch: Batch, random: Random): tf.Tensor1D =>
  tf.tidy(() => {
    const x = tf.tensor4d(batch.cells, [batch.count, 1, network.window, network.inputs]);
    const target = tf.tensor1d(batch.targets);
    const weight = tf.tensor1d(batch.weights);
    const met: tf.Tensor[] = [];
    const lossOf = (...parameters: tf.Tensor[]): tf.Scalar => {
      const pass = new Pass(new Map(network.parameters.flatMap((slot, at): [Slot, tf.Tensor][] => {
        const tensor = parameters[at];
        return tensor === undefined ? [] : [[slot, tensor]];
      })), random);
      const loss = network.head.loss(network.run(x, pass), target, weight);
      const bySlot = new Map(pass.met.flatMap(({ mean, variance, batchMean, batchVariance }): [Slot, tf.Tensor][] => [[mean, batchMean], [variance, batchVariance]]));
      met.push(...network.statistics.flatMap((slot) => bySlot.get(slot) ?? []));
      return loss;
    };
    const { value, grads } = tf.valueAndGrads(lossOf)(tensorsOf(network.parameters, weights.parameters));
    const flat = flatten([value, ...grads, ...met]);
    tf.dispose(met);
    return flat;
  });

/**
 * One forward and backward pass. Tensors alive are the same before and after.
 * @param random draws the dropout masks
 */
export const computeStep = async (network: Network, weights: Weights, batch: Batch, random: Random): Promise<StepResult> => {
  const flat = forwardAndBack(network, weights, batch, random);
  const answer = Float32Array.from(await flat.data());
  flat.dispose();
  const gradientEnd = 1 + weights.parameters.length;
  return { loss: answer[0] ?? Number.NaN, gradient: answer.subarray(1, gradientEnd), met: answer.subarray(gradientEnd) };
};
