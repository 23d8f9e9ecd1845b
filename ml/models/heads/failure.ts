import * as tf from '@tensorflow/tfjs-core';
import type { Head } from './head.ts';

/** Logit of a failure within the horizon; cross-entropy, in the form that can't overflow: max(x, 0) - x y + log(1 + exp(-|x|)). */
export const failureHead: Head = {
  target: (label) => label,
  loss: (output, target, weight) => tf.mean(tf.mul(weight, tf.add(tf.sub(tf.relu(output), tf.mul(output, target)), tf.log1p(tf.exp(tf.neg(tf.abs(output))))))),
  lossOf: (output, target) => Math.max(output, 0) - output * target + Math.log1p(Math.exp(-Math.abs(output))),
  value: (output) => output,
  startingBias: (meanTarget) => Math.log((meanTarget + 1e-3) / (1 - meanTarget + 1e-3)),
};
