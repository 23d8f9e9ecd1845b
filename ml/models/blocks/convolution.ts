import * as tf from '@tensorflow/tfjs-core';
import type { Layout } from '../layout.ts';
import type { Pass } from '../pass.ts';
import { rank1, rank4 } from '../rank.ts';

/** A layer over [batch, 1, time, channels]: a series is an image of height 1, which spares the reshapes of conv1d. */
export type Layer = (x: tf.Tensor4D, pass: Pass) => tf.Tensor4D;

export interface ConvolutionShape {
  readonly channels: number;
  readonly filters: number;
  readonly kernel: number;
  /** No bias before a batch normalisation, whose own shift replaces it. */
  readonly bias: boolean;
}

/** Adds kernel and bias to the layout; the parameters of any convolution over time. */
const convolutionSlots = (layout: Layout, name: string, { channels, filters, kernel, bias }: ConvolutionShape) => ({
  kernelSlot: layout.kernel(`${name}/kernel`, [1, kernel, channels, filters], { kind: 'he', fanIn: kernel * channels }),
  biasSlot: bias ? layout.vector(`${name}/bias`, filters, 'zeros') : null,
});

/** Convolution over time at every `stride`-th step, padded so that it sees as far before as behind. */
export const convolution = (layout: Layout, name: string, shape: ConvolutionShape, stride = 1): Layer => {
  const { kernelSlot, biasSlot } = convolutionSlots(layout, name, shape);
  return (x, pass) => {
    const y = tf.conv2d(x, rank4(pass.tensor(kernelSlot)), [1, stride], 'same');
    return biasSlot === null ? y : tf.add(y, rank1(pass.tensor(biasSlot)));
  };
};

/**
 * Causal convolution over every `dilation`-th step: row t sees t, t - dilation, ... alone. Padded on the left by hand, then
 * the time axis is dealt out into `dilation` interleaved series (spaceToBatchND), each convolved densely and dealt back: the
 * gradient of a natively dilated convolution is missing in tfjs.
 */
export const causalConvolution = (layout: Layout, name: string, shape: ConvolutionShape, dilation: number): Layer => {
  const { kernelSlot, biasSlot } = convolutionSlots(layout, name, shape);
  return (x, pass) => {
    const time = x.shape[2];
    const reach = (shape.kernel - 1) * dilation;
    // The interleaved series must be equally long: pad the right up to a multiple and cut it off again.
    const fill = (dilation - ((time + reach) % dilation)) % dilation;
    const dealt = tf.spaceToBatchND(x, [1, dilation], [[0, 0], [reach, fill]]);
    const y = tf.conv2d(dealt, rank4(pass.tensor(kernelSlot)), 1, 'valid');
    const whole = rank4(tf.batchToSpaceND(y, [1, dilation], [[0, 0], [0, fill]]));
    return biasSlot === null ? whole : tf.add(whole, rank1(pass.tensor(biasSlot)));
  };
};
