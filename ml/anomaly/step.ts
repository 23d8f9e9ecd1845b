import * as tf from '@tensorflow/tfjs-core';
import { Program } from '../backend/program.ts';
import { Pass } from '../models/pass.ts';
import { inputsOf, tensorsBySlot } from '../models/predict.ts';
import { rank2, rank4 } from '../models/rank.ts';
import type { AnomalyNetwork } from './network.ts';

/** A batch of healthy windows. */
export interface HealthyBatch {
  readonly count: number;
  /** What the network is shown, [count, window, inputs]: noise added, whole sensors hidden. */
  readonly shown: Float32Array;
  /** What it is to give back, [count, window, inputs]. */
  readonly whole: Float32Array;
  /** The rows after the windows, [count, inputs]. */
  readonly next: Float32Array;
}

const required = (tensor: tf.Tensor | undefined): tf.Tensor => {
  if (tensor === undefined) throw new Error('The step got fewer inputs than it was built for.');
  return tensor;
};

/** Mean squared error of reconstruction and forecast, with its gradient, as one flat tensor: a single read. */
const programOf = (network: AnomalyNetwork): Program =>
  new Program(([shown, whole, next, ...parameters]) => {
    const lossOf = (...tensors: tf.Tensor[]): tf.Scalar => {
      const { reconstruction, forecast } = network.run(rank4(required(shown)), new Pass(tensorsBySlot(network.parameters, tensors), null));
      return tf.add(tf.mean(tf.square(tf.sub(reconstruction, required(whole)))), tf.mean(tf.square(tf.sub(forecast, rank2(required(next))))));
    };
    const { value, grads } = tf.valueAndGrads(lossOf)(parameters);
    return tf.concat([value, ...grads].map((tensor) => tf.reshape<tf.Rank.R1>(tensor, [tensor.size])));
  });

const programs = new WeakMap<AnomalyNetwork, Program>();

/** One forward and backward pass; tensors alive are the same before and after. @returns the loss, and its gradient flat in the order of the parameters */
export const healthyStep = async (network: AnomalyNetwork, parameters: Float32Array, { count, shown, whole, next }: HealthyBatch): Promise<{ loss: number; gradient: Float32Array }> => {
  const program = programs.get(network) ?? programOf(network);
  programs.set(network, program);
  const { window, inputs } = network.shape;
  const shape = [count, 1, window, inputs];
  const answer = await program.run([{ values: shown, shape }, { values: whole, shape }, { values: next, shape: [count, inputs] }, ...inputsOf(network.parameters, parameters)]);
  return { loss: answer[0] ?? Number.NaN, gradient: answer.subarray(1) };
};
