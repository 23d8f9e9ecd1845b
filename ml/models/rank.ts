import * as tf from '@tensorflow/tfjs-core';

const isRank4 = (tensor: tf.Tensor): tensor is tf.Tensor4D => tensor.rank === 4;
const isRank2 = (tensor: tf.Tensor): tensor is tf.Tensor2D => tensor.rank === 2;
const isRank1 = (tensor: tf.Tensor): tensor is tf.Tensor1D => tensor.rank === 1;

const wrong = (expected: number, tensor: tf.Tensor): Error => new Error(`Expected a tensor of rank ${expected}, received shape [${tensor.shape.join(', ')}].`);

/** The tensor, known to be [batch, 1, time, channels]. @throws Error when its rank is not 4 */
export const rank4 = (tensor: tf.Tensor): tf.Tensor4D => {
  if (isRank4(tensor)) return tensor;
  throw wrong(4, tensor);
};

/** The tensor, known to be a matrix. @throws Error when its rank is not 2 */
export const rank2 = (tensor: tf.Tensor): tf.Tensor2D => {
  if (isRank2(tensor)) return tensor;
  throw wrong(2, tensor);
};

/** [batch, 1] to [batch]. */
export const column = (tensor: tf.Tensor2D): tf.Tensor1D => tf.reshape<tf.Rank.R1>(tensor, [tensor.shape[0]]);

/** The tensor, known to be a vector. @throws Error when its rank is not 1 */
export const rank1 = (tensor: tf.Tensor): tf.Tensor1D => {
  if (isRank1(tensor)) return tensor;
  throw wrong(1, tensor);
};
