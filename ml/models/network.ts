import * as tf from '@tensorflow/tfjs-core';
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
  /** The biases of the outputs of each member, which start at the head's `startingBias`. */
  readonly outputBiases: readonly Slot[];
  /**
   * Windows [batch, 1, window, inputs] to outputs: the mean over the members, [batch, head.outputs]; in training those of the
   * members one after the other, [members * batch, head.outputs], so that each learns by itself.
   */
  run(x: tf.Tensor4D, pass: Pass): tf.Tensor2D;
}

const presets: Record<Preset, BuildTrunk> = { plain, residual, inception, dilated };

const headOf = (config: TrainingConfig, classes: number): Head => {
  if (config.task === 'failure') return failureHead;
  if (config.task === 'rul' && config.rulCap !== null) return rulHead(config.rulCap);
  if (config.task === 'fault' && classes > 1) return faultHead(classes);
  throw new MlError('task-not-supported', `There is no network for task '${config.task}' with this configuration; 'rul' (with its cap), 'failure' and 'fault' (with two classes or more) are there.`);
};

/** Trunk, dense layer and outputs of one member over windows [batch, 1, steps, inputs]. */
const buildMember = (layout: Layout, config: TrainingConfig, inputs: number, outputs: number) => {
  const trunk = presets[config.preset](layout, inputs, config);
  const hidden = dense(layout, 'hidden', trunk.features, config.dense);
  const output = dense(layout, 'output', config.dense, outputs, 'zeros');
  const bias = layout.parameters[layout.parameters.length - 1];
  if (bias === undefined) throw new Error('A network has parameters.');
  const drop = featureDropout(config.dropout);
  return { bias, run: (x: tf.Tensor4D, pass: Pass): tf.Tensor2D => output(drop(relu(hidden(drop(trunk.run(x, pass), pass), pass)), pass), pass) };
};

/** Means over parts of `pooling` rows, counted back from the newest; what is left over of the oldest rows is cut off. */
const pooled = (x: tf.Tensor4D, pooling: number): tf.Tensor4D => {
  if (pooling === 1) return x;
  const rest = x.shape[2] % pooling;
  const whole = rest === 0 ? x : tf.slice(x, [0, 0, rest, 0], [-1, -1, -1, -1]);
  return tf.avgPool(whole, [1, pooling], [1, pooling], 'valid');
};

/**
 * The network of a resolved configuration over windows of `inputs` sensors: members of one form (trunk, dense layer, the outputs
 * of the task's head) that differ in where they start and what they drop; their mean forecasts (deep ensemble;
 * Lakshminarayanan, Pritzel and Blundell 2017).
 * @param classes kinds of fault that `fault` tells apart; of no meaning for other tasks
 * @throws MlError 'task-not-supported' for a task without a head
 */
export const buildNetwork = (config: TrainingConfig, inputs: number, classes = 0): Network => networkWith(config, inputs, headOf(config, classes));

/** The same with a head of the caller's own. */
export const networkWith = (config: TrainingConfig, inputs: number, head: Head): Network => {
  const layout = new Layout();
  const pooling = Math.min(config.pooling, config.window);
  const ofMembers = { ...config, window: Math.floor(config.window / pooling) };
  const members = Array.from({ length: config.members }, (_, at) => buildMember(config.members === 1 ? layout : layout.under(`member${at}`), ofMembers, inputs, head.outputs));
  return {
    inputs,
    window: config.window,
    parameters: layout.parameters,
    statistics: layout.statistics,
    head,
    outputBiases: members.map(({ bias }) => bias),
    run: (x, pass) => {
      const steps = pooled(x, pooling);
      const outputs = members.map(({ run }) => run(steps, pass));
      const [only] = outputs;
      if (only !== undefined && outputs.length === 1) return only;
      return pass.training ? tf.concat(outputs) : tf.mean<tf.Tensor2D>(tf.stack(outputs), 0);
    },
  };
};
