import * as tf from '@tensorflow/tfjs-core';
import { column } from '../rank.ts';
import type { Head } from './head.ts';

/** Cross-entropy of logits [batch], in the form that can't overflow: max(x, 0) - x y + log(1 + exp(-|x|)). */
const crossEntropy = (output: tf.Tensor1D, target: tf.Tensor1D): tf.Tensor1D => tf.add(tf.sub(tf.relu(output), tf.mul(output, target)), tf.log1p(tf.exp(tf.neg(tf.abs(output)))));

/** Logit of a failure within the horizon; cross-entropy. */
export const failureHead: Head = {
  outputs: 1,
  target: (label) => [label],
  loss: (output, target, weight) => tf.mean(tf.mul(weight, crossEntropy(column(output), column(target)))),
  lossOf: ({ 0: output = Number.NaN }, [target = Number.NaN]) => Math.max(output, 0) - output * target + Math.log1p(Math.exp(-Math.abs(output))),
  value: (output) => output,
  startingBias: (meanTarget) => meanTarget.map((mean) => Math.log((mean + 1e-3) / (1 - mean + 1e-3))),
};
