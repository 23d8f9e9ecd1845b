import type * as tf from '@tensorflow/tfjs-core';

/** What a task makes of the network's outputs. */
export interface Head {
  /** Outputs of the network: one, or one a class. */
  readonly outputs: number;
  /** Label of a window to what the network is to put out: [outputs]. */
  readonly target: (label: number) => readonly number[];
  /** Mean loss of a batch: outputs and targets [batch, outputs], weights [batch]; a scalar. */
  readonly loss: (output: tf.Tensor2D, target: tf.Tensor2D, weight: tf.Tensor1D) => tf.Scalar;
  /** The same loss of one window, as a number; [outputs] each. */
  readonly lossOf: (output: ArrayLike<number>, target: readonly number[]) => number;
  /** One output to the task's value: remaining life in steps, the logit of failure, the logit of a class. */
  readonly value: (output: number) => number;
  /** What the outputs' biases start from: the mean target of the training windows, in the outputs' terms; [outputs]. */
  readonly startingBias: (meanTarget: readonly number[]) => readonly number[];
}
