import type * as tf from '@tensorflow/tfjs-core';
import type { TrainingConfig } from '../documents/config.ts';
import type { Layout } from './layout.ts';
import type { Pass } from './pass.ts';

/** A preset: windows [batch, 1, time, inputs] to features [batch, features]. */
export interface Trunk {
  readonly features: number;
  run(x: tf.Tensor4D, pass: Pass): tf.Tensor2D;
}

export type BuildTrunk = (layout: Layout, inputs: number, config: TrainingConfig) => Trunk;
