import * as tf from '@tensorflow/tfjs-core';

/** What a window was on the whole, and how it ended: mean over time beside the last step, [batch, 2 * channels]. */
export const meanAndLast = (x: tf.Tensor4D): tf.Tensor2D => {
  const [batch, , time, channels] = x.shape;
  const mean = tf.reshape<tf.Rank.R2>(tf.mean(x, 2), [batch, channels]);
  const last = tf.reshape<tf.Rank.R2>(tf.slice(x, [0, 0, time - 1, 0], [batch, 1, 1, channels]), [batch, channels]);
  return tf.concat([mean, last], 1);
};
