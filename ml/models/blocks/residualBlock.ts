import * as tf from '@tensorflow/tfjs-core';
import type { TrainingConfig } from '../../documents/config.ts';
import { relu } from './relu.ts';
import type { Layout } from '../layout.ts';
import type { Layer } from './convolution.ts';
import { convolutionUnit, normalisedConvolution } from './convolutionUnit.ts';
import { channelDropout } from './dropout.ts';

/** Two convolutions and a way around them (He et al. 2016); a 1-wide convolution on the way where the channels differ. */
export const residualBlock = (layout: Layout, name: string, channels: number, config: TrainingConfig): Layer => {
  const { filters, kernel } = config;
  const first = convolutionUnit(layout, `${name}/first`, { channels, filters, kernel }, config);
  const second = normalisedConvolution(layout, `${name}/second`, { channels: filters, filters, kernel }, config);
  const around = channels === filters ? null : normalisedConvolution(layout, `${name}/around`, { channels, filters, kernel: 1 }, config);
  const drop = channelDropout(config.dropout / 2);
  return (x, pass) => {
    const through = second(drop(first(x, pass), pass), pass);
    return relu(tf.add(through, around === null ? x : around(x, pass)));
  };
};
