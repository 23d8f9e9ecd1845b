import * as tf from '@tensorflow/tfjs-core';

/** Parts that a window is averaged into at most: coarse enough to forget noise, fine enough to keep the order of events. */
const SEGMENTS = 10;

/** Steps of one part, for a window of `time` steps. */
const stepsOf = (time: number): number => Math.ceil(time / SEGMENTS);

/** Length of the feature vector that `segmentMeans` makes. */
export const segmentFeatures = (time: number, channels: number): number => Math.ceil(time / stepsOf(time)) * channels;

/** Means over consecutive parts of the window, laid out as features: [batch, 1, time, channels] to [batch, parts * channels]. */
export const segmentMeans = (x: tf.Tensor4D): tf.Tensor2D => {
  const [batch, , time, channels] = x.shape;
  const steps = stepsOf(time);
  const pooled = steps === 1 ? x : tf.avgPool(x, [1, steps], [1, steps], 'same');
  return tf.reshape<tf.Rank.R2>(pooled, [batch, segmentFeatures(time, channels)]);
};
