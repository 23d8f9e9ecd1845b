import { TrainingConfig } from '../../documents/config.ts';
import { dense } from '../../models/blocks/dense.ts';
import { featureDropout } from '../../models/blocks/dropout.ts';
import { relu } from '../../models/blocks/relu.ts';
import { faultHead } from '../../models/heads/fault.ts';
import type { Head } from '../../models/heads/head.ts';
import { Layout } from '../../models/layout.ts';
import type { Network } from '../../models/network.ts';
import { plain } from '../../models/presets/plain.ts';
import { CLASSES, targetsOf } from './classes.ts';

/** A small network: a handful of lives carries no more. Chosen by leaving one learning bearing out (see the README). */
export const config = TrainingConfig.parse({
  task: 'fault',
  preset: 'plain',
  window: 64,
  filters: 16,
  blocks: 2,
  kernel: 7,
  dense: 24,
  dropout: 0.3,
  batchNormalisation: false,
  learningRate: 2e-3,
  warmUpEpochs: 0.5,
  epochs: 5,
  batch: 128,
  windowsPerEpoch: 4000,
  weightAveraging: 0.98,
  jitter: 0.15,
});

/** Logits of the classes of nearness; cross-entropy against ordered soft targets. */
const nearnessHead: Head = { ...faultHead(CLASSES), target: targetsOf };

/** The 1D-CNN from a window of `inputs` columns to the classes of nearness. */
export const nearnessNetwork = (inputs: number): Network => {
  const layout = new Layout();
  const trunk = plain(layout, inputs, config);
  const hidden = dense(layout, 'hidden', trunk.features, config.dense);
  const output = dense(layout, 'output', config.dense, CLASSES, 'zeros');
  const outputBias = layout.parameters[layout.parameters.length - 1];
  if (outputBias === undefined) throw new Error('A network has parameters.');
  const drop = featureDropout(config.dropout);
  return {
    inputs,
    window: config.window,
    parameters: layout.parameters,
    statistics: layout.statistics,
    head: nearnessHead,
    outputBiases: [outputBias],
    run: (x, pass) => output(drop(relu(hidden(drop(trunk.run(x, pass), pass), pass)), pass), pass),
  };
};
