import * as tf from '@tensorflow/tfjs-core';
import { logSumExp } from '../../evaluation/softmax.ts';
import type { Head } from './head.ts';

/** Share of the target that is spread over all classes (label smoothing; Szegedy et al. 2016): labels of plants are never quite right. */
const SMOOTHING = 0.05;

/** Logits of `classes` kinds of fault, of which one is present; the label is the index of the class; cross-entropy with smoothed targets. */
export const faultHead = (classes: number): Head => {
  const targets = Array.from({ length: classes }, (_, present) => Array.from({ length: classes }, (_class, at) => SMOOTHING / classes + (at === present ? 1 - SMOOTHING : 0)));
  const unknown = Array.from({ length: classes }, () => Number.NaN);
  return {
    outputs: classes,
    target: (label) => targets[label] ?? unknown,
    loss: (output, target, weight) => tf.neg(tf.mean(tf.mul(weight, tf.sum(tf.mul(target, tf.logSoftmax(output)), 1)))),
    lossOf: (output, target) => {
      const whole = logSumExp(output);
      return target.reduce((sum, share, at) => sum - share * ((output[at] ?? Number.NaN) - whole), 0);
    },
    value: (output) => output,
    startingBias: (meanTarget) => meanTarget.map((mean) => Math.log(mean + 1e-3)),
  };
};
