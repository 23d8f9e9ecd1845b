import * as tf from '@tensorflow/tfjs-core';
import { batchNormalisation } from '../models/blocks/batchNormalisation.ts';
import { convolution, type Layer } from '../models/blocks/convolution.ts';
import { dense } from '../models/blocks/dense.ts';
import { featureDropout } from '../models/blocks/dropout.ts';
import { relu } from '../models/blocks/relu.ts';
import { faultHead } from '../models/heads/fault.ts';
import { Layout } from '../models/layout.ts';
import type { Network } from '../models/network.ts';
import type { Pass } from '../models/pass.ts';
import { packedRows, type SpectraShape } from './signal/spectra.ts';

const HIDDEN = 64;
const DROPOUT = 0.4;
/** Parts of a spectrum that keep their place along the frequency. */
const BANDS = 16;

interface Unit {
  readonly channels: number;
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
  /** Neighbours of which the largest is kept. */
  readonly pool: number;
}

/** Convolution, normalisation, ReLU, maximum over neighbours. */
const unit = (layout: Layout, name: string, { channels, filters, kernel, stride, pool }: Unit): Layer => {
  const convolve = convolution(layout, name, { channels, filters, kernel, bias: false }, stride);
  const normalise = batchNormalisation(layout, `${name}/norm`, filters);
  return (x, pass) => {
    const y = relu(normalise(convolve(x, pass), pass));
    return pool > 1 ? tf.maxPool(y, [1, pool], [1, pool], 'same') : y;
  };
};

const chain = (units: readonly Layer[]): Layer => (x, pass) => units.reduce((signal, layer) => layer(signal, pass), x);

const rowsOf = (x: tf.Tensor4D, from: number, count: number): tf.Tensor4D => tf.slice(x, [0, 0, from, 0], [-1, -1, count, -1]);

interface Branch {
  readonly features: number;
  run(x: tf.Tensor4D, pass: Pass): tf.Tensor2D;
}

/** The samples themselves: a wide first kernel that works as a bank of filters, then small ones (WDCNN; Zhang et al. 2017); the mean over time. */
const samplesBranch = (layout: Layout, channels: number, { samples }: SpectraShape): Branch => {
  const units = chain([
    unit(layout, 'samples0', { channels, filters: 16, kernel: 64, stride: 8, pool: 2 }),
    unit(layout, 'samples1', { channels: 16, filters: 32, kernel: 3, stride: 1, pool: 2 }),
    unit(layout, 'samples2', { channels: 32, filters: 64, kernel: 3, stride: 1, pool: 2 }),
    unit(layout, 'samples3', { channels: 64, filters: 64, kernel: 3, stride: 1, pool: 1 }),
  ]);
  return { features: 64, run: (x, pass) => tf.mean(units(rowsOf(x, 0, samples), pass), [1, 2]) };
};

/** A spectrum: convolutions along the frequency, averaged within bands, so that the place of a line counts, but not to the bin. */
const spectrumBranch = (layout: Layout, name: string, channels: number, from: number, bins: number): Branch => {
  const units = chain([
    unit(layout, `${name}0`, { channels, filters: 16, kernel: 7, stride: 1, pool: 2 }),
    unit(layout, `${name}1`, { channels: 16, filters: 32, kernel: 5, stride: 1, pool: 1 }),
  ]);
  const rows = Math.ceil(bins / 2);
  const steps = Math.max(1, Math.floor(rows / BANDS));
  const bands = Math.ceil(rows / steps);
  return {
    features: bands * 32,
    run: (x, pass) => tf.reshape<tf.Rank.R2>(tf.avgPool(units(rowsOf(x, from, bins), pass), [1, steps], [1, steps], 'same'), [x.shape[0], bands * 32]),
  };
};

/** What a network sees of its windows. */
export type Sees = 'samples' | 'spectra' | 'both';

/** The network that tells kinds of faults apart in windows of vibration, packed as `packWindow` does. */
export const buildSignalNetwork = (shape: SpectraShape, channels: number, classes: number, sees: Sees): Network => {
  const layout = new Layout();
  const branches: Branch[] = [];
  if (sees !== 'spectra') branches.push(samplesBranch(layout, channels, shape));
  if (sees !== 'samples') branches.push(spectrumBranch(layout, 'spectrum', channels, shape.samples, shape.spectrum), spectrumBranch(layout, 'envelope', channels, shape.samples + shape.spectrum, shape.envelope));
  const hidden = dense(layout, 'hidden', branches.reduce((sum, { features }) => sum + features, 0), HIDDEN);
  const output = dense(layout, 'output', HIDDEN, classes, 'zeros');
  const outputBias = layout.parameters[layout.parameters.length - 1];
  if (outputBias === undefined) throw new Error('A network has parameters.');
  const drop = featureDropout(DROPOUT);
  return {
    inputs: channels,
    window: packedRows(shape),
    parameters: layout.parameters,
    statistics: layout.statistics,
    head: faultHead(classes),
    outputBiases: [outputBias],
    run: (x, pass) => {
      const features = tf.concat(branches.map((branch) => branch.run(x, pass)), 1);
      return output(drop(relu(hidden(drop(features, pass), pass)), pass), pass);
    },
  };
};
