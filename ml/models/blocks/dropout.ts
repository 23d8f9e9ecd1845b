import * as tf from '@tensorflow/tfjs-core';
import type { Pass } from '../pass.ts';
import type { Layer } from './convolution.ts';

/** Drops whole channels of a window (spatial dropout; Tompson et al. 2015): neighbours in time are too alike to drop cells. */
export const channelDropout =
  (rate: number): Layer =>
  (x, pass) =>
    rate > 0 && pass.training ? tf.mul(x, pass.mask([x.shape[0], 1, 1, x.shape[3]], rate)) : x;

/** Drops cells of a feature vector (Srivastava et al. 2014). */
export const featureDropout =
  (rate: number) =>
  (x: tf.Tensor2D, pass: Pass): tf.Tensor2D =>
    rate > 0 && pass.training ? tf.mul(x, pass.mask([x.shape[0], x.shape[1]], rate)) : x;
