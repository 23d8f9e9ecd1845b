import * as tf from '@tensorflow/tfjs-core';
import { selfCheckVectors } from './selfCheckVectors.ts';

/** Largest difference that float32 in another order of summation explains. */
const TOLERANCE = 1e-3;

/** Outcome of a self-check: what was wrong, or null. */
export interface SelfCheck {
  readonly forward: string | null;
  /** A backend that fails here alone can still predict. */
  readonly gradient: string | null;
}

const differs = (name: string, actual: ArrayLike<number>, expected: readonly number[]): string | null => {
  for (let at = 0; at < expected.length; at++) {
    const difference = Math.abs((actual[at] ?? Number.NaN) - (expected[at] ?? Number.NaN));
    if (!(difference <= TOLERANCE)) return `${name}[${at}] is ${String(actual[at])}, expected ${String(expected[at])}`;
  }
  return null;
};

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** Compares a small convolution and its gradient on the current backend with stored vectors. Leaves no tensors. */
export const selfCheck = async (): Promise<SelfCheck> => {
  const { x, kernel, weights, y, dx, dk } = selfCheckVectors;
  const input = tf.tensor4d(x, [1, 1, 6, 2]);
  const filter = tf.tensor4d(kernel, [1, 3, 2, 2]);
  const weight = tf.tensor4d(weights, [1, 1, 6, 2]);
  const check = async (run: () => Promise<string | null>): Promise<string | null> => {
    try {
      return await run();
    } catch (thrown) {
      // What a backend can't do is its answer, and goes into its report.
      return messageOf(thrown);
    }
  };
  try {
    return {
      forward: await check(async () => {
        const output = tf.conv2d(input, filter, 1, 'same');
        const answer = differs('y', await output.data(), y);
        output.dispose();
        return answer;
      }),
      gradient: await check(async () => {
        const gradients = tf.grads((a, b) => tf.sum(tf.mul(weight, tf.conv2d(tf.reshape<tf.Rank.R4>(a, [1, 1, 6, 2]), tf.reshape<tf.Rank.R4>(b, [1, 3, 2, 2]), 1, 'same'))))([input, filter]);
        const [ofInput, ofKernel] = await Promise.all(gradients.map((gradient) => gradient.data()));
        tf.dispose(gradients);
        return differs('dx', ofInput ?? [], dx) ?? differs('dk', ofKernel ?? [], dk);
      }),
    };
  } finally {
    tf.dispose([input, filter, weight]);
  }
};
