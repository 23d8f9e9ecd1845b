import type * as tf from '@tensorflow/tfjs-core';
import { MlError } from '../errors.ts';
import type { Preset, TrainingConfig } from '../documents/config.ts';
import { dense } from './blocks/dense.ts';
import { featureDropout } from './blocks/dropout.ts';
import { relu } from './blocks/relu.ts';
import { failureHead } from './heads/failure.ts';
import { faultHead } from './heads/fault.ts';
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
  /** The biases of the outputs, which start at the head's `startingBias`. */
  readonly outputBias: Slot;
  /** Windows [batch, 1, window, inputs] to outputs [batch, head.outputs]. */
  run(x: tf.Tensor4D, pass: Pass): tf.Tensor2D;
}

const presets: Record<Preset, BuildTrunk> = { plain, residual, inception, dilated };

const headOf = (config: TrainingConfig, classes: number): Head => {
  if (config.task === 'failure') return failureHead;
  if (config.task === 'rul' && config.rulCap !== null) return rulHead(config.rulCap);
  if (config.task === 'fault' && classes > 1) return faultHead(classes);
  throw new MlError('task-not-supported', `There is no network for task '${config.task}' with this configuration; 'rul' (with its cap), 'failure' and 'fault' (with two classes or more) are there.`);
};

/**
 * The network of a resolved configuration over windows of `inputs` sensors: trunk, dense layer, the outputs of the task's head.
 * @param classes kinds of fault that `fault` tells apart; of no meaning for other tasks
 * @throws MlError 'task-not-supported' for a task without a head
 */
export const buildNetwork = (config: TrainingConfig, inputs: number, classes = 0): Network => {
  const head = headOf(config, classes);
  const layout = new Layout();
  const trunk = presets[config.preset](layout, inputs, config);
  const hidden = dense(layout, 'hidden', trunk.features, config.dense);
  const output = dense(layout, 'output', config.dense, head.outputs, 'zeros');
  const outputBias = layout.parameters[layout.parameters.length - 1];
  if (outputBias === undefined) throw new Error('A network has parameters.');
  const drop = featureDropout(config.dropout);
  return {
    inputs,
    window: config.window,
    parameters: layout.parameters,
    statistics: layout.statistics,
    head,
    outputBias,
    run: (x, pass) => output(drop(relu(hidden(drop(trunk.run(x, pass), pass), pass)), pass), pass),
  };
};
