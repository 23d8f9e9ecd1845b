import type * as tf from '@tensorflow/tfjs-core';

/** A batch normalisation done in one operation. */
export interface NormalisedBatch {
  readonly y: tf.Tensor4D;
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
  /** What its gradient needs back. */
  readonly reserve: readonly tf.Tensor[];
}

/** Operations that a backend may have in one piece and tfjs composes out of many; each has a composed twin in ml/models. */
export interface FusedOps {
  /** Over batch and time of [batch, 1, time, channels]; scale and shift are [channels]. */
  batchNormalisation(x: tf.Tensor4D, scale: tf.Tensor, shift: tf.Tensor, epsilon: number): NormalisedBatch;
  /** Gradients of x, scale and shift. */
  batchNormalisationGradient(dy: tf.Tensor, x: tf.Tensor, scale: tf.Tensor, reserve: readonly tf.Tensor[], epsilon: number): [tf.Tensor, tf.Tensor, tf.Tensor];
  /** `dy` where y > 0, else 0. */
  reluGradient(dy: tf.Tensor, y: tf.Tensor): tf.Tensor;
}

let current: FusedOps | null = null;

/** The fused operations of this process's backend; null when it has none. */
export const fusedOps = (): FusedOps | null => current;

/** Whoever sets the backend says what it can do in one piece. */
export const setFusedOps = (ops: FusedOps | null): void => {
  current = ops;
};
