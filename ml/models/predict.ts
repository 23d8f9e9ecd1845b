import * as tf from '@tensorflow/tfjs-core';
import { gatherBatch, type NormalisedRows } from '../dataset/gather.ts';
import type { Windows } from '../dataset/windows.ts';
import type { Slot } from './layout.ts';
import type { Network } from './network.ts';
import { Pass } from './pass.ts';

/** The weights of a network: parameters and moving statistics, each flat in the order of the network's slots. */
export interface Weights {
  readonly parameters: Float32Array;
  readonly statistics: Float32Array;
}

const BATCH = 1024;

/** Tensors of the slots, from their flat array; to be called within a tidy. */
export const tensorsOf = (slots: readonly Slot[], flat: Float32Array): tf.Tensor[] => slots.map(({ offset, size, shape }) => tf.tensor(flat.slice(offset, offset + size), [...shape]));

/** Tensors of both kinds of slots. */
const bind = (network: Network, weights: Weights): Map<Slot, tf.Tensor> =>
  new Map([
    ...zip(network.parameters, tensorsOf(network.parameters, weights.parameters)),
    ...zip(network.statistics, tensorsOf(network.statistics, weights.statistics)),
  ]);

const zip = (slots: readonly Slot[], tensors: readonly tf.Tensor[]): [Slot, tf.Tensor][] =>
  slots.flatMap((slot, at): [Slot, tf.Tensor][] => {
    const tensor = tensors[at];
    return tensor === undefined ? [] : [[slot, tensor]];
  });

/**
 * Outputs of a batch of windows.
 * @param cells [count, window, inputs], normalised, no NaN
 * @returns [count], in the output's own terms (see the head's `value`)
 */
export const predictCells = async (network: Network, weights: Weights, cells: Float32Array, count: number): Promise<Float32Array> => {
  const size = network.window * network.inputs;
  const outputs = new Float32Array(count);
  for (let from = 0; from < count; from += BATCH) {
    const batch = Math.min(BATCH, count - from);
    const answer = tf.tidy(() => {
      const x = tf.tensor4d(cells.slice(from * size, (from + batch) * size), [batch, 1, network.window, network.inputs]);
      return network.run(x, new Pass(bind(network, weights), null));
    });
    outputs.set(await answer.data(), from);
    answer.dispose();
  }
  return outputs;
};

/** Outputs of the given windows of normalised rows, [windows]. */
export const predictWindows = async (network: Network, weights: Weights, rows: NormalisedRows, windows: Windows): Promise<Float32Array> => {
  const outputs = new Float32Array(windows.ends.length);
  for (let from = 0; from < outputs.length; from += BATCH) {
    const chosen = Array.from({ length: Math.min(BATCH, outputs.length - from) }, (_, at) => from + at);
    outputs.set(await predictCells(network, weights, gatherBatch(rows, windows, chosen, network.window), chosen.length), from);
  }
  return outputs;
};
