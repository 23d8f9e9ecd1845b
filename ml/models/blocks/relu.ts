import * as tf from '@tensorflow/tfjs-core';
import { fusedOps } from '../../backend/fusedOps.ts';

/** max(x, 0), with a gradient that doesn't go through tfjs's composed `step` (4 ms against 0.4 at [256, 1, 50, 32]). */
export const relu = <T extends tf.Tensor>(x: T): T =>
  tf.customGrad<T>((_x, save) => {
    if (typeof save !== 'function') throw new Error('customGrad hands over a save function at the end.');
    const value = tf.relu(x);
    save([value]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const [y] = saved;
      if (y === undefined) throw new Error('The saved tensor of the ReLU is gone.');
      return fusedOps()?.reluGradient(dy, y) ?? tf.mul(dy, tf.cast(tf.greater(y, 0), 'float32'));
    };
    return { value, gradFunc };
  })(x);
