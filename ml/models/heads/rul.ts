import * as tf from '@tensorflow/tfjs-core';
import type { Head } from './head.ts';

/** Remaining useful life as a share of the cap; squared error. */
export const rulHead = (cap: number): Head => ({
  target: (label) => label / cap,
  loss: (output, target, weight) => tf.mean(tf.mul(weight, tf.square(tf.sub(output, target)))),
  lossOf: (output, target) => (output - target) ** 2,
  value: (output) => Math.min(cap, Math.max(0, output * cap)),
  startingBias: (meanTarget) => meanTarget,
});
