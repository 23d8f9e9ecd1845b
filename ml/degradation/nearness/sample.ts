import type { Random } from '../../dataset/random.ts';
import type { Batch } from '../../training/step.ts';
import type { Network } from '../../models/network.ts';
import { FEWEST_ROWS } from '../history.ts';
import { HORIZON, classOf } from './classes.ts';
import { copyWindow } from './inputs.ts';
import { config } from './network.ts';

/** Share of the training windows that end within the horizon, at log-uniform remaining lives; the rest end anywhere before it. */
const NEAR = 0.6;
/** Spread of a shift of each input that stays the same over a window: no two machines are mounted alike. */
const SHIFT = 0.3;

/** One whole life as the network sees it. */
export interface LearningLife {
  /** Row-major [rows, inputs]. */
  readonly inputs: Float32Array;
  readonly rows: number;
}

/** A remaining life to learn from, in steps; never so long that the machine was just started. */
const drawRemaining = (rows: number, random: Random): number => {
  const most = rows - FEWEST_ROWS;
  const near = Math.min(HORIZON, most);
  if (random.next() < NEAR || most <= HORIZON) return Math.round(near ** random.next());
  return Math.round(HORIZON + random.next() * (most - HORIZON));
};

/** A batch of training windows: all lives equally often, however long they were; shifted and jittered. */
export const drawBatch = (lives: readonly LearningLife[], network: Network, random: Random): { batch: Batch; labels: number[] } => {
  const count = config.batch;
  const { inputs: width, window } = network;
  const cells = new Float32Array(count * window * width);
  const labels = Array.from({ length: count }, (_, at) => {
    const life = lives[random.integer(lives.length)];
    if (life === undefined) throw new Error('There is no life to learn from.');
    const remaining = drawRemaining(life.rows, random);
    copyWindow(life.inputs, width, life.rows - 1 - remaining, window, cells, at * window * width);
    const shifts = Array.from({ length: width }, () => SHIFT * random.normal());
    for (let cell = 0; cell < window * width; cell++) {
      const place = at * window * width + cell;
      cells[place] = (cells[place] ?? 0) + (shifts[cell % width] ?? 0) + config.jitter * random.normal();
    }
    return classOf(remaining);
  });
  const targets = Float32Array.from(labels.flatMap((label) => network.head.target(label)));
  return { batch: { count, cells, targets, weights: new Float32Array(count).fill(1) }, labels };
};
