import * as tf from '@tensorflow/tfjs-core';
import { Program } from '../backend/program.ts';
import { Pass } from '../models/pass.ts';
import { inputsOf, tensorsBySlot } from '../models/predict.ts';
import { rank4 } from '../models/rank.ts';
import type { AnomalyNetwork } from './network.ts';
import { gatherWindows, type Rows, type Stretch } from './windows.ts';

/** What was measured less what a healthy machine would have shown, row by row: row-major [rows, inputs]; NaN before the first window of a stretch. */
export interface Residuals {
  /** Of the reconstruction, averaged over the last rows of the window that ends at the row. */
  readonly shape: Float32Array;
  /** Of the forecast made one row before. */
  readonly surprise: Float32Array;
}

const BATCH = 512;
/** Rows at the end of a window over which its reconstruction is judged. */
export const LAST_ROWS = 16;

const programs = new WeakMap<AnomalyNetwork, Program>();

/** Windows to [batch, 2 * inputs]: mean residual of the last rows, and the forecast. */
const programOf = (network: AnomalyNetwork): Program => {
  const known = programs.get(network);
  if (known !== undefined) return known;
  const program = new Program(([x, ...parameters]) => {
    if (x === undefined) throw new Error('A prediction needs windows.');
    const { window, inputs } = network.shape;
    const last = Math.min(LAST_ROWS, window);
    const cells = rank4(x);
    const [batch] = cells.shape;
    const { reconstruction, forecast } = network.run(cells, new Pass(tensorsBySlot(network.parameters, parameters), null));
    const residual = tf.slice(tf.sub(cells, reconstruction), [0, 0, window - last, 0], [batch, 1, last, inputs]);
    return tf.concat([tf.reshape(tf.mean(residual, 2), [batch, inputs]), forecast], 1);
  });
  programs.set(network, program);
  return program;
};

/** Residuals of every row of the stretches that has a whole window behind it. */
export const residualsOf = async (network: AnomalyNetwork, parameters: Float32Array, rows: Rows, stretches: readonly Stretch[]): Promise<Residuals> => {
  const { window, inputs } = network.shape;
  const program = programOf(network);
  const shape = new Float32Array(rows.values.length).fill(Number.NaN);
  const surprise = new Float32Array(rows.values.length).fill(Number.NaN);
  for (const { from, to } of stretches)
    for (let first = from + window - 1; first < to; first += BATCH) {
      const count = Math.min(BATCH, to - first);
      // Filled up with its last window, so that one graph serves every batch.
      const ends = Int32Array.from({ length: BATCH }, (_, at) => first + Math.min(at, count - 1));
      const answer = await program.run([{ values: gatherWindows(rows, ends, window), shape: [BATCH, 1, window, inputs] }, ...inputsOf(network.parameters, parameters)]);
      for (let at = 0; at < count; at++)
        for (let input = 0; input < inputs; input++) {
          const cell = (first + at) * inputs + input;
          shape[cell] = answer[at * 2 * inputs + input] ?? Number.NaN;
          if (first + at + 1 < to) surprise[cell + inputs] = (rows.values[cell + inputs] ?? Number.NaN) - (answer[at * 2 * inputs + inputs + input] ?? Number.NaN);
        }
    }
  return { shape, surprise };
};
