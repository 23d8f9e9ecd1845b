import * as tf from '@tensorflow/tfjs-core';
import type { Initial, Layout } from '../layout.ts';
import type { Pass } from '../pass.ts';
import { rank1, rank2 } from '../rank.ts';

/**
 * A fully connected layer: [batch, features] to [batch, units], linear.
 * @param start 'zeros' for an output that is to begin at its bias
 */
export const dense = (layout: Layout, name: string, features: number, units: number, start: 'glorot' | 'zeros' = 'glorot') => {
  const initial: Initial = start === 'zeros' ? { kind: 'zeros' } : { kind: 'glorot', fanIn: features, fanOut: units };
  const kernel = layout.kernel(`${name}/kernel`, [features, units], initial);
  const bias = layout.vector(`${name}/bias`, units, 'zeros');
  return (x: tf.Tensor2D, pass: Pass): tf.Tensor2D => tf.add(tf.matMul(x, rank2(pass.tensor(kernel))), rank1(pass.tensor(bias)));
};
