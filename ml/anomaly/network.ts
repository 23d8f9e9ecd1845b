import * as tf from '@tensorflow/tfjs-core';
import { relu } from '../models/blocks/relu.ts';
import { Layout, type Slot } from '../models/layout.ts';
import type { Pass } from '../models/pass.ts';
import { rank1, rank2, rank4 } from '../models/rank.ts';

/** Sizes of the network of healthy running. */
export interface AnomalyShape {
  readonly inputs: number;
  /** Rows of one window. */
  readonly window: number;
  readonly filters: number;
  /** Channels of the code: few, so that only what sensors share and what lasts gets through. */
  readonly code: number;
}

/** What the network expects, given a batch of windows. */
export interface Expected {
  /** The windows as a healthy machine would have made them, [batch, 1, window, inputs]. */
  readonly reconstruction: tf.Tensor4D;
  /** The row after each window, [batch, inputs]. */
  readonly forecast: tf.Tensor2D;
}

/** A convolutional autoencoder with a forecast: its slots and its way from windows to what is expected; it holds no weights. */
export interface AnomalyNetwork {
  readonly shape: AnomalyShape;
  readonly parameters: readonly Slot[];
  run(x: tf.Tensor4D, pass: Pass): Expected;
}

/** Rows that become one from a layer to the next, and rows that a kernel sees. */
const STRIDE = 4;
const KERNEL = 8;

type Layer = (x: tf.Tensor4D, pass: Pass) => tf.Tensor4D;

/** A convolution that takes every fourth row: [batch, 1, time, from] to [batch, 1, time / 4, to]. */
const shrinking = (layout: Layout, name: string, from: number, to: number): Layer => {
  const kernel = layout.kernel(`${name}/kernel`, [1, KERNEL, from, to], { kind: 'he', fanIn: KERNEL * from });
  const bias = layout.vector(`${name}/bias`, to, 'zeros');
  return (x, pass) => tf.add(tf.conv2d(x, rank4(pass.tensor(kernel)), [1, STRIDE], 'same'), rank1(pass.tensor(bias)));
};

/** Its way back: [batch, 1, time / 4, from] to [batch, 1, time, to]. */
const growing = (layout: Layout, name: string, from: number, to: number, time: number): Layer => {
  const kernel = layout.kernel(`${name}/kernel`, [1, KERNEL, to, from], { kind: 'glorot', fanIn: (KERNEL / STRIDE) * from, fanOut: to });
  const bias = layout.vector(`${name}/bias`, to, 'zeros');
  return (x, pass) => tf.add(tf.conv2dTranspose(x, rank4(pass.tensor(kernel)), [x.shape[0], 1, time, to], [1, STRIDE], 'same'), rank1(pass.tensor(bias)));
};

/**
 * The network of healthy running: two strided convolutions down to a narrow code and two transposed ones back (convolutional
 * autoencoder, Masci et al. 2011), and a linear forecast of the next row from the same features.
 */
export const buildAnomalyNetwork = (shape: AnomalyShape): AnomalyNetwork => {
  const { inputs, window, filters, code } = shape;
  const layout = new Layout();
  const half = Math.ceil(window / STRIDE);
  const short = Math.ceil(half / STRIDE);
  const first = shrinking(layout, 'encode0', inputs, filters);
  const second = shrinking(layout, 'encode1', filters, filters);
  const narrow = layout.kernel('code/kernel', [1, 1, filters, code], { kind: 'glorot', fanIn: filters, fanOut: code });
  const third = growing(layout, 'decode0', code, filters, half);
  const fourth = growing(layout, 'decode1', filters, inputs, window);
  const ahead = layout.kernel('forecast/kernel', [short * filters, inputs], { kind: 'zeros' });
  const level = layout.vector('forecast/bias', inputs, 'zeros');
  return {
    shape,
    parameters: layout.parameters,
    run: (x, pass) => {
      const features = relu(second(relu(first(x, pass)), pass));
      const coded = tf.conv2d(features, rank4(pass.tensor(narrow)), 1, 'same');
      const flat = tf.reshape<tf.Rank.R2>(features, [x.shape[0], short * filters]);
      return {
        reconstruction: fourth(relu(third(coded, pass)), pass),
        forecast: tf.add(tf.matMul(flat, rank2(pass.tensor(ahead))), rank1(pass.tensor(level))),
      };
    },
  };
};
