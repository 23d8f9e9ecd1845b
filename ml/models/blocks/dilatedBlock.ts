import * as tf from '@tensorflow/tfjs-core';
import type { TrainingConfig } from '../../documents/config.ts';
import { relu } from './relu.ts';
import type { Layout } from '../layout.ts';
import { batchNormalisation } from './batchNormalisation.ts';
import { causalConvolution, convolution, type Layer } from './convolution.ts';
import { channelDropout } from './dropout.ts';

/** A causal convolution that looks back in steps of `dilation`, and a way around it (temporal block; Bai, Kolter and Koltun 2018). */
export const dilatedBlock = (layout: Layout, name: string, channels: number, dilation: number, config: TrainingConfig): Layer => {
  const { filters, kernel, batchNormalisation: normalised } = config;
  const look = causalConvolution(layout, `${name}/look`, { channels, filters, kernel, bias: !normalised }, dilation);
  const normalise = normalised ? batchNormalisation(layout, `${name}/norm`, filters) : null;
  const around = channels === filters ? null : convolution(layout, `${name}/around`, { channels, filters, kernel: 1, bias: true });
  const drop = channelDropout(config.dropout / 2);
  return (x, pass) => {
    const seen = look(x, pass);
    const through = drop(relu(normalise === null ? seen : normalise(seen, pass)), pass);
    return relu(tf.add(through, around === null ? x : around(x, pass)));
  };
};
