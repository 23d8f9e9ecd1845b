import * as tf from '@tensorflow/tfjs-core';
import { column } from '../rank.ts';
import type { Head } from './head.ts';

/** Remaining useful life as a share of the cap; squared error. */
export const rulHead = (cap: number): Head => ({
  outputs: 1,
  target: (label) => [label / cap],
  loss: (output, target, weight) => tf.mean(tf.mul(weight, tf.square(tf.sub(column(output), column(target))))),
  lossOf: (output, target) => ((output[0] ?? Number.NaN) - (target[0] ?? Number.NaN)) ** 2,
  value: (output) => Math.min(cap, Math.max(0, output * cap)),
  startingBias: (meanTarget) => meanTarget,
});
