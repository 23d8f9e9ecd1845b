import type { TrainingConfig } from '../documents/config.ts';
import type { Random } from './random.ts';

/** What is done to training windows, as the configuration words it; 0 leaves out each. */
export type Augmentation = Pick<TrainingConfig, 'jitter' | 'scaling' | 'masking' | 'windowWarp' | 'pooling'>;

/** A stretch that is masked or warped is this share of the window at most. */
const LONGEST_MASK = 0.25;
const LONGEST_WARP = 0.5;
/** A stretch runs at this share of its pace at least, and at most at its inverse. */
const SLOWEST = 0.25;

/** Cells of one window, [window, inputs], and where they lie in their batch. */
interface Place {
  readonly cells: Float32Array;
  readonly at: number;
  readonly window: number;
  readonly inputs: number;
  /** Noise of the first of them, which are measurements; the others are masks. */
  readonly noise: Float32Array;
}

/**
 * Runs a random stretch of the window faster or slower (window warping; Le Guennec, Malinowski and Tavenard 2016), read off
 * between the rows. The last row stays where it is, so that the label stays true; what a slower stretch pushes out at the
 * window's start is lost, and what a faster one leaves free there holds the first row.
 */
const warp = ({ cells, at, window, inputs }: Place, spread: number, random: Random): void => {
  const longest = Math.max(2, Math.floor(LONGEST_WARP * window));
  const length = 2 + random.integer(longest - 1);
  const begin = random.integer(Math.max(1, window - length));
  const pace = Math.min(1 / SLOWEST, Math.max(SLOWEST, 1 + spread * random.normal()));
  const source = cells.slice(at, at + window * inputs);
  let from = window - 1;
  for (let row = window - 2; row >= 0; row--) {
    from = Math.max(0, from - (row >= begin && row < begin + length ? pace : 1));
    const before = Math.floor(from);
    const after = Math.min(window - 1, before + 1);
    const share = from - before;
    for (let input = 0; input < inputs; input++)
      cells[at + row * inputs + input] = (1 - share) * (source[before * inputs + input] ?? 0) + share * (source[after * inputs + input] ?? 0);
  }
};

/** Multiplies each input of the window by a factor of its own: how strongly a sensor answers differs from machine to machine. */
const scale = ({ cells, at, window, inputs, noise }: Place, spread: number, random: Random): void => {
  for (let input = 0; input < noise.length; input++) {
    const factor = 1 + spread * random.normal();
    for (let cell = at + input; cell < at + window * inputs; cell += inputs) cells[cell] = factor * (cells[cell] ?? 0);
  }
};

/** Makes a gap of random length in some of the inputs, and fills it as every gap is filled: with the value before it, or 0, the mean. */
const mask = ({ cells, at, window, inputs, noise }: Place, share: number, random: Random): void => {
  const longest = Math.max(1, Math.floor(LONGEST_MASK * window));
  for (let input = 0; input < noise.length; input++) {
    if (random.next() >= share) continue;
    const length = 1 + random.integer(longest);
    const begin = random.integer(window - length + 1);
    const held = begin === 0 ? 0 : (cells[at + (begin - 1) * inputs + input] ?? 0);
    for (let row = begin; row < begin + length; row++) cells[at + row * inputs + input] = held;
  }
};

/**
 * Adds normal noise, as a multiple of each input's own, the same to all rows of a part that the network sees as one (see `pooling`): drawn a row, the mean over
 * the part would take most of it away, at several times the cost.
 */
const jitter = ({ cells, at, window, inputs, noise }: Place, spread: number, pooling: number, random: Random): void => {
  for (let last = window - 1; last >= 0; last -= pooling)
    for (let input = 0; input < noise.length; input++) {
      const drawn = spread * (noise[input] ?? 0) * random.normal();
      for (let row = Math.max(0, last - pooling + 1); row <= last; row++) {
        const cell = at + row * inputs + input;
        cells[cell] = (cells[cell] ?? 0) + drawn;
      }
    }
};

/**
 * Changes the training windows of a batch, in place, in ways that leave their labels true: warp, scale, mask, then noise.
 * @param cells [count, window, inputs], normalised, no NaN
 * @param noise of the first inputs, which are measurements (see `noiseOf`); masks behind them are only warped
 */
export const augment = (cells: Float32Array, window: number, inputs: number, wanted: Augmentation, random: Random, noise: Float32Array): void => {
  const pooling = Math.min(wanted.pooling, window);
  for (let at = 0; at < cells.length; at += window * inputs) {
    const place: Place = { cells, at, window, inputs, noise };
    if (wanted.windowWarp > 0) warp(place, wanted.windowWarp, random);
    if (wanted.scaling > 0) scale(place, wanted.scaling, random);
    if (wanted.masking > 0) mask(place, wanted.masking, random);
    if (wanted.jitter > 0) jitter(place, wanted.jitter, pooling, random);
  }
};
