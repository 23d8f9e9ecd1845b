import * as tf from '@tensorflow/tfjs-core';
import { MlError } from '../errors.ts';
import type { Preset, TrainingConfig } from '../documents/config.ts';
import { dense } from './blocks/dense.ts';
import { featureDropout } from './blocks/dropout.ts';
import { relu } from './blocks/relu.ts';
import { failureHead } from './heads/failure.ts';
import type { Head } from './heads/head.ts';
import { rulHead } from './heads/rul.ts';
import { Layout, type Slot } from './layout.ts';
import type { Pass } from './pass.ts';
import { dilated } from './presets/dilated.ts';
import { inception } from './presets/inception.ts';
import { plain } from './presets/plain.ts';
import { residual } from './presets/residual.ts';
import type { BuildTrunk } from './trunk.ts';

/** A built network: its slots and its way from windows to outputs. It holds no tensors and no weights. */
export interface Network {
  readonly inputs: number;
  readonly window: number;
  readonly parameters: readonly Slot[];
  readonly statistics: readonly Slot[];
  readonly head: Head;
  /** The bias of the output, which starts at the head's `startingBias`. */
  readonly outputBias: Slot;
  /** Windows [batch, 1, window, inputs] to outputs [batch]. */
  run(x: tf.Tensor4D, pass: Pass): tf.Tensor1D;
}

const presets: Record<Preset, BuildTrunk> = { plain, residual, inception, dilated };

const headOf = (config: TrainingConfig): Head => {
  if (config.task === 'failure') return failureHead;
  if (config.task === 'rul' && config.rulCap !== null) return rulHead(config.rulCap);
  throw new MlError('task-not-supported', `There is no network for task '${config.task}' with this configuration; 'rul' (with its cap) and 'failure' are there.`);
};

/**
 * The network of a resolved configuration over windows of `inputs` sensors: trunk, dense layer, one output.
 * @throws MlError 'task-not-supported' for a task without a head
 */
export const buildNetwork = (config: TrainingConfig, inputs: number): Network => {
  const layout = new Layout();
  const trunk = presets[config.preset](layout, inputs, config);
  const hidden = dense(layout, 'hidden', trunk.features, config.dense);
  const output = dense(layout, 'output', config.dense, 1, 'zeros');
  const outputBias = layout.parameters[layout.parameters.length - 1];
  if (outputBias === undefined) throw new Error('A network has parameters.');
  const drop = featureDropout(config.dropout);
  return {
    inputs,
    window: config.window,
    parameters: layout.parameters,
    statistics: layout.statistics,
    head: headOf(config),
    outputBias,
    run: (x, pass) => tf.reshape<tf.Rank.R1>(output(drop(relu(hidden(drop(trunk.run(x, pass), pass), pass)), pass), pass), [x.shape[0]]),
  };
};
