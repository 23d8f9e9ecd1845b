import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { fusedOps } from '../backend/fusedOps.ts';
import { loadTfjsNode } from '../backend/tfjs.ts';
import { Random } from '../dataset/random.ts';
import { batchNormalisation, composedNormalisation } from './blocks/batchNormalisation.ts';
import { causalConvolution, convolution } from './blocks/convolution.ts';
import { channelDropout } from './blocks/dropout.ts';
import { initialise, Layout, type Slot } from './layout.ts';
import { Pass, type BatchStatistic } from './pass.ts';
import { rank4 } from './rank.ts';

beforeAll(async () => {
  await loadTfjsNode();
});

const passOver = (layout: Layout, random: Random | null): { pass: Pass; values: Map<string, Float32Array> } => {
  const drawn = initialise(layout.parameters, Random.of(1, 'weights')).map((value, at) => value + 0.1 * at);
  const tensors = new Map<Slot, tf.Tensor>();
  const values = new Map<string, Float32Array>();
  for (const slot of layout.parameters) {
    const own = drawn.slice(slot.offset, slot.offset + slot.size);
    values.set(slot.name, own);
    tensors.set(slot, tf.tensor(own, [...slot.shape]));
  }
  for (const slot of layout.statistics) tensors.set(slot, tf.tensor(new Float32Array(slot.size).fill(slot.name.endsWith('mean') ? 0.5 : 4), [...slot.shape]));
  return { pass: new Pass(tensors, random), values };
};

const batch = 2;
const time = 11;
const channels = 3;
const filters = 2;
const drawCells = (): Float32Array => {
  const random = Random.of(2, 'cells');
  return Float32Array.from({ length: batch * time * channels }, () => random.normal());
};
const toTensor = (cells: Float32Array): tf.Tensor4D => tf.tensor4d(cells, [batch, 1, time, channels]);

/** Convolution as it is written in a textbook: rows `reach` before to after, zero outside. */
const slowConvolution = (cells: Float32Array, kernel: Float32Array, bias: Float32Array, width: number, dilation: number, before: number): number[] => {
  const result: number[] = [];
  for (let b = 0; b < batch; b++)
    for (let t = 0; t < time; t++)
      for (let f = 0; f < filters; f++) {
        let sum = bias[f] ?? 0;
        for (let k = 0; k < width; k++) {
          const row = t + (k - before) * dilation;
          if (row < 0 || row >= time) continue;
          for (let c = 0; c < channels; c++) sum += (cells[(b * time + row) * channels + c] ?? 0) * (kernel[(k * channels + c) * filters + f] ?? 0);
        }
        result.push(sum);
      }
  return result;
};

const expectClose = (actual: ArrayLike<number>, expected: ArrayLike<number>): void => {
  expect(actual.length).toBe(expected.length);
  for (let at = 0; at < expected.length; at++) expect(actual[at]).toBeCloseTo(expected[at] ?? Number.NaN, 4);
};

describe('convolution', () => {
  it('is the slow plain one, centred', () => {
    const layout = new Layout();
    const layer = convolution(layout, 'c', { channels, filters, kernel: 5, bias: true });
    const { pass, values } = passOver(layout, null);
    const cells = drawCells();
    expectClose(layer(toTensor(cells), pass).dataSync(), slowConvolution(cells, values.get('c/kernel') ?? cells, values.get('c/bias') ?? cells, 5, 1, 2));
  });

  it.each([1, 2, 3, 4])('looks back alone, in steps of %i, when causal', (dilation) => {
    const layout = new Layout();
    const layer = causalConvolution(layout, 'c', { channels, filters, kernel: 3, bias: true }, dilation);
    const { pass, values } = passOver(layout, null);
    const cells = drawCells();
    expectClose(layer(toTensor(cells), pass).dataSync(), slowConvolution(cells, values.get('c/kernel') ?? cells, values.get('c/bias') ?? cells, 3, dilation, 2));
  });
});

describe('batch normalisation', () => {
  it('standardises by the batch in training, and leaves what it met', () => {
    const layout = new Layout();
    const layer = batchNormalisation(layout, 'n', channels);
    const { pass, values } = passOver(layout, Random.of(1, 'pass'));
    const cells = drawCells();
    const result = layer(toTensor(cells), pass).dataSync();
    const own = (channel: number): number[] => [...cells].filter((_, at) => at % channels === channel);
    const expected = [...cells].map((value, at) => {
      const column = own(at % channels);
      const mean = column.reduce((sum, x) => sum + x, 0) / column.length;
      const variance = column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / column.length;
      return ((value - mean) / Math.sqrt(variance + 1e-3)) * (values.get('n/scale')?.[at % channels] ?? 0) + (values.get('n/shift')?.[at % channels] ?? 0);
    });
    expectClose(result, expected);
    expect(pass.met).toHaveLength(1);
  });

  it('has the gradient of the same thing written out with plain operations', () => {
    const cells = drawCells();
    const weights = toTensor(cells.map((value) => Math.sin(5 * value)));
    const layout = new Layout();
    const layer = batchNormalisation(layout, 'n', channels);
    const ours = tf.grad((x) => tf.sum(tf.mul(weights, layer(rank4(x), passOver(layout, Random.of(1, 'pass')).pass))));
    const plain = tf.grad((x) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      const scale = [...layout.parameters].filter(({ name }) => name.endsWith('scale')).map(() => passOver(layout, null).values.get('n/scale') ?? cells)[0] ?? cells;
      return tf.sum(tf.mul(weights, tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-3))), tf.tensor1d(scale))));
    });
    expectClose(ours(toTensor(cells)).dataSync(), plain(toTensor(cells)).dataSync());
  });

  it('is the same in one operation of the backend as composed out of many', () => {
    const layout = new Layout();
    const layer = batchNormalisation(layout, 'n', channels);
    const [scale, shift] = layout.parameters;
    const cells = drawCells();
    const { pass } = passOver(layout, Random.of(1, 'pass'));
    if (scale === undefined || shift === undefined) throw new Error('a normalisation has scale and shift');
    const weights = toTensor(cells.map((value) => Math.cos(3 * value)));
    const inputs = [toTensor(cells), pass.tensor(scale), pass.tensor(shift)];
    const passMet: BatchStatistic[] = [];
    const ours = tf.valueAndGrads((x, s, o) => {
      const own = new Pass(new Map([[scale, s], [shift, o]]), Random.of(1, 'pass'));
      const y = layer(rank4(x), own);
      passMet.push(...own.met);
      return tf.sum(tf.mul(weights, y));
    })(inputs);
    const [met] = passMet;
    const statistics = composedNormalisation(rank4(toTensor(cells)), pass.tensor(scale), pass.tensor(shift));
    expectClose(met?.batchMean.dataSync() ?? [], statistics.mean.dataSync());
    expectClose(met?.batchVariance.dataSync() ?? [], statistics.variance.dataSync());
    const composed = tf.valueAndGrads((x, s, o) => tf.sum(tf.mul(weights, composedNormalisation(rank4(x), s, o).y)))(inputs);
    expect(fusedOps()).not.toBeNull();
    expectClose(ours.value.dataSync(), composed.value.dataSync());
    ours.grads.forEach((gradient, at) => expectClose(gradient.dataSync(), composed.grads[at]?.dataSync() ?? []));
  });

  it('uses the moving statistics in prediction', () => {
    const layout = new Layout();
    const layer = batchNormalisation(layout, 'n', channels);
    const { pass, values } = passOver(layout, null);
    const cells = drawCells();
    const expected = [...cells].map((value, at) => ((value - 0.5) / Math.sqrt(4 + 1e-3)) * (values.get('n/scale')?.[at % channels] ?? 0) + (values.get('n/shift')?.[at % channels] ?? 0));
    expectClose(layer(toTensor(cells), pass).dataSync(), expected);
  });
});

describe('dropout', () => {
  it('drops whole channels in training, keeps the mean, and does nothing in prediction', () => {
    const ones = tf.ones<tf.Rank.R4>([500, 1, 4, 20]);
    const layer = channelDropout(0.3);
    const dropped = layer(ones, new Pass(new Map(), Random.of(4, 'dropout'))).dataSync<'float32'>();
    expect(dropped.reduce((sum, value) => sum + value, 0) / dropped.length).toBeCloseTo(1, 1);
    for (let window = 0; window < 20; window++)
      for (let channel = 0; channel < 20; channel++) expect(new Set([0, 1, 2, 3].map((row) => dropped[(window * 4 + row) * 20 + channel])).size).toBe(1);
    expect(layer(ones, new Pass(new Map(), null))).toBe(ones);
  });
});
