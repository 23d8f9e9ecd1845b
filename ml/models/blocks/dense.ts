import * as tf from '@tensorflow/tfjs-core';
import type { Layout } from '../layout.ts';
import type { Pass } from '../pass.ts';
import { rank1, rank2 } from '../rank.ts';

/** A fully connected layer: [batch, features] to [batch, units], linear. */
export const dense = (layout: Layout, name: string, features: number, units: number) => {
  const kernel = layout.kernel(`${name}/kernel`, [features, units], { kind: 'glorot', fanIn: features, fanOut: units });
  const bias = layout.vector(`${name}/bias`, units, 'zeros');
  return (x: tf.Tensor2D, pass: Pass): tf.Tensor2D => tf.add(tf.matMul(x, rank2(pass.tensor(kernel))), rank1(pass.tensor(bias)));
};
