import type * as tf from '@tensorflow/tfjs-core';
import { Program, type ProgramInput } from '../backend/program.ts';
import { gatherBatch, type NormalisedRows } from '../dataset/gather.ts';
import type { Windows } from '../dataset/windows.ts';
import type { Slot } from './layout.ts';
import type { Network } from './network.ts';
import { Pass } from './pass.ts';
import { rank4 } from './rank.ts';

/** The weights of a network: parameters and moving statistics, each flat in the order of the network's slots. */
export interface Weights {
  readonly parameters: Float32Array;
  readonly statistics: Float32Array;
}

const BATCH = 1024;
/** Windows of one call: few sizes, as each is a graph of its own where the backend has graphs. */
const SIZES = [1, 4, 16, 64, 256, BATCH];

/** The slots' arrays as inputs of a program, from their flat array. */
export const inputsOf = (slots: readonly Slot[], flat: Float32Array): ProgramInput[] => slots.map(({ offset, size, shape }) => ({ values: flat.subarray(offset, offset + size), shape }));

/** The slots' tensors by slot; `tensors` are in the order of the slots. */
export const tensorsBySlot = (slots: readonly Slot[], tensors: readonly tf.Tensor[]): Map<Slot, tf.Tensor> =>
  new Map(
    slots.flatMap((slot, at): [Slot, tf.Tensor][] => {
      const tensor = tensors[at];
      return tensor === undefined ? [] : [[slot, tensor]];
    }),
  );

const programs = new WeakMap<Network, Program>();

/** Windows, parameters and statistics to outputs. */
const programOf = (network: Network): Program => {
  const known = programs.get(network);
  if (known !== undefined) return known;
  const slots = [...network.parameters, ...network.statistics];
  const program = new Program(([x, ...rest]) => {
    if (x === undefined) throw new Error('A prediction needs windows.');
    return network.run(rank4(x), new Pass(tensorsBySlot(slots, rest), null));
  });
  programs.set(network, program);
  return program;
};

/** Windows of the next call, and the size that they are filled up to: the next one, unless more than half of it would be empty. */
const nextCall = (left: number): { taken: number; size: number } => {
  const holds = SIZES.find((size) => size >= left) ?? BATCH;
  if (left * 2 >= holds) return { taken: Math.min(left, holds), size: holds };
  const below = SIZES.findLast((size) => size <= left) ?? 1;
  return { taken: below, size: below };
};

/**
 * Outputs of a batch of windows.
 * @param cells [count, window, inputs], normalised, no NaN
 * @returns row-major [count, outputs], in the outputs' own terms (see the head's `value`)
 */
export const predictCells = async (network: Network, weights: Weights, cells: Float32Array, count: number): Promise<Float32Array> => {
  const cellsOfWindow = network.window * network.inputs;
  const width = network.head.outputs;
  const outputs = new Float32Array(count * width);
  const learnt = [...inputsOf(network.parameters, weights.parameters), ...inputsOf(network.statistics, weights.statistics)];
  for (let from = 0; from < count; ) {
    const { taken, size } = nextCall(count - from);
    const values = new Float32Array(size * cellsOfWindow);
    values.set(cells.subarray(from * cellsOfWindow, (from + taken) * cellsOfWindow));
    const answer = await programOf(network).run([{ values, shape: [size, 1, network.window, network.inputs] }, ...learnt]);
    outputs.set(answer.subarray(0, taken * width), from * width);
    from += taken;
  }
  return outputs;
};

/** Outputs of the given windows of normalised rows, row-major [windows, outputs]. */
export const predictWindows = async (network: Network, weights: Weights, rows: NormalisedRows, windows: Windows): Promise<Float32Array> => {
  const count = windows.ends.length;
  const width = network.head.outputs;
  const outputs = new Float32Array(count * width);
  for (let from = 0; from < count; from += BATCH) {
    const chosen = Array.from({ length: Math.min(BATCH, count - from) }, (_, at) => from + at);
    outputs.set(await predictCells(network, weights, gatherBatch(rows, windows, chosen, network.window), chosen.length), from * width);
  }
  return outputs;
};
