import * as tf from '@tensorflow/tfjs-core';
import { faultHead } from './fault.ts';
import type { Head } from './head.ts';

/** The state of each condition out of a code that counts them through, the last condition fastest: [conditions]. @param sizes states of each condition */
export const statesOf = (code: number, sizes: readonly number[]): number[] => {
  const states: number[] = [];
  let rest = code;
  for (const size of [...sizes].reverse()) {
    states.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return states;
};

/** The code of the states (see `statesOf`). */
export const codeOf = (states: readonly number[], sizes: readonly number[]): number => sizes.reduce((code, size, at) => code * size + (states[at] ?? 0), 0);

/**
 * Several conditions of one machine at once (cooler, valve, pump), each in one of its states: a softmax for each, the losses added. The
 * label is the code of all states.
 */
export const conditionsHead = (sizes: readonly number[]): Head => {
  const heads = sizes.map((size) => faultHead(size));
  const outputs = sizes.reduce((sum, size) => sum + size, 0);
  const begins = sizes.map((_, at) => sizes.slice(0, at).reduce((sum, size) => sum + size, 0));
  const part = (values: ArrayLike<number>, at: number): number[] => Array.from({ length: sizes[at] ?? 0 }, (_, state) => values[(begins[at] ?? 0) + state] ?? Number.NaN);
  const columns = (tensor: tf.Tensor2D, at: number): tf.Tensor2D => tf.slice(tensor, [0, begins[at] ?? 0], [-1, sizes[at] ?? 0]);
  return {
    outputs,
    target: (label) => statesOf(label, sizes).flatMap((state, at) => heads[at]?.target(state) ?? []),
    loss: (output, target, weight) => tf.addN(heads.map((head, at) => head.loss(columns(output, at), columns(target, at), weight))),
    lossOf: (output, target) => heads.reduce((sum, head, at) => sum + head.lossOf(part(output, at), part(target, at)), 0),
    value: (output) => output,
    startingBias: (meanTarget) => heads.flatMap((head, at) => head.startingBias(part(meanTarget, at))),
  };
};
