import type * as tf from '@tensorflow/tfjs-core';

/** What a task makes of the network's one output. */
export interface Head {
  /** Label of a window to what the network is to put out. */
  readonly target: (label: number) => number;
  /** Mean loss of a batch: outputs and targets [batch], weights [batch]; a scalar. */
  readonly loss: (output: tf.Tensor1D, target: tf.Tensor1D, weight: tf.Tensor1D) => tf.Scalar;
  /** The same loss of one window, as a number. */
  readonly lossOf: (output: number, target: number) => number;
  /** Output to the task's value: remaining life in steps, or the logit of failure. */
  readonly value: (output: number) => number;
  /** What the output's bias starts from: the mean target of the training windows, in the output's terms. */
  readonly startingBias: (meanTarget: number) => number;
}
