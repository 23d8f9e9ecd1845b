import * as tf from '@tensorflow/tfjs-core';
import type { TrainingConfig } from '../../documents/config.ts';
import { relu } from './relu.ts';
import type { Layout } from '../layout.ts';
import { batchNormalisation } from './batchNormalisation.ts';
import { convolution, type Layer } from './convolution.ts';

/** Kernels of the parallel branches, from the configured one: long, middle, short. */
export const branchKernels = (kernel: number): number[] => [...new Set([2 * kernel + 1, kernel, Math.max(3, kernel >> 1)])];

/**
 * A narrow bottleneck, then convolutions of several lengths side by side and a pooled branch, joined by channel
 * (InceptionTime, Ismail Fawaz et al. 2020).
 */
export const inceptionBlock = (layout: Layout, name: string, channels: number, config: TrainingConfig): Layer => {
  const kernels = branchKernels(config.kernel);
  const width = Math.max(1, Math.floor(config.filters / (kernels.length + 1)));
  const pooledWidth = config.filters - width * kernels.length;
  const bottleneck = channels > width ? convolution(layout, `${name}/bottleneck`, { channels, filters: width, kernel: 1, bias: false }) : null;
  const branches = kernels.map((kernel) => convolution(layout, `${name}/branch${kernel}`, { channels: Math.min(channels, width), filters: width, kernel, bias: false }));
  const pooled = convolution(layout, `${name}/pooled`, { channels, filters: pooledWidth, kernel: 1, bias: !config.batchNormalisation });
  const normalise = config.batchNormalisation ? batchNormalisation(layout, `${name}/norm`, config.filters) : null;
  return (x, pass) => {
    const narrow = bottleneck === null ? x : bottleneck(x, pass);
    const parts = [...branches.map((branch) => branch(narrow, pass)), pooled(tf.maxPool(x, [1, 3], 1, 'same'), pass)];
    const joined = tf.concat(parts, 3);
    return relu(normalise === null ? joined : normalise(joined, pass));
  };
};
