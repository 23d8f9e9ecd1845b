import { Random } from '../../dataset/random.ts';
import { softmax } from '../../evaluation/softmax.ts';
import { MlError } from '../../errors.ts';
import { initialise } from '../../models/layout.ts';
import type { Network } from '../../models/network.ts';
import { predictCells, type Weights } from '../../models/predict.ts';
import { adamUpdate, addL2, clipNorm, freshAdam, moveAverage } from '../../training/adam.ts';
import { learningRateAt } from '../../training/schedule.ts';
import { computeStep } from '../../training/step.ts';
import type { VibrationHistory } from '../history.ts';
import { CLASSES } from './classes.ts';
import { copyWindow, networkInputs } from './inputs.ts';
import { config, nearnessNetwork } from './network.ts';
import { drawBatch, type LearningLife } from './sample.ts';

/** How much is trained. */
export interface Effort {
  /** Networks whose answers are averaged: with few lives one network's draw matters much. */
  readonly members: number;
  readonly epochs: number;
}

const FULL: Effort = { members: 3, epochs: config.epochs };
/** Share of the answer that is kept for 'can't tell': no network that learnt from a handful of lives excludes anything. */
const DOUBT = 0.02;

/** Trained networks and how often each class was met in training. */
export interface Nearness {
  readonly network: Network;
  readonly members: readonly Weights[];
  /** Mean target of the training windows, [CLASSES]. */
  readonly shares: readonly number[];
}

/** One network: Adam with a cosine schedule on windows drawn anew each step, weights averaged. */
const trainMember = async (lives: readonly LearningLife[], network: Network, random: Random, epochs: number, met: number[]): Promise<Weights> => {
  const parameters = initialise(network.parameters, random);
  const average = parameters.slice();
  const statistics = new Float32Array(0);
  const decays = new Uint8Array(parameters.length);
  for (const { offset, size, decays: does } of network.parameters) if (does) decays.fill(1, offset, offset + size);
  const adam = freshAdam(parameters.length);
  const stepsOfEpoch = Math.floor(config.windowsPerEpoch / config.batch);
  const steps = epochs * stepsOfEpoch;
  for (let step = 0; step < steps; step++) {
    const { batch, labels } = drawBatch(lives, network, random);
    for (const label of labels) network.head.target(label).forEach((share, at) => (met[at] = (met[at] ?? 0) + share));
    const { loss, gradient } = await computeStep(network, { parameters, statistics }, batch, random);
    if (!Number.isFinite(loss)) throw new MlError('training-diverged', `The loss of the nearness network became ${loss} at step ${step + 1}.`, { step: step + 1 });
    addL2(gradient, parameters, decays, config.l2);
    if (config.gradientClip !== null) clipNorm(gradient, config.gradientClip);
    adamUpdate(adam, parameters, gradient, learningRateAt(config, step / stepsOfEpoch, step / steps));
    moveAverage(average, parameters, Math.min(config.weightAveraging, adam.step / (adam.step + 10)));
  }
  return { parameters: average, statistics };
};

/**
 * Trains the network that tells how near a machine is to its end on whole lives. The same seed, lives, machine and backend give the same weights.
 * @throws MlError 'training-diverged' when the loss is not a number
 */
export const trainNearness = async (lives: readonly VibrationHistory[], seed: number, effort = FULL): Promise<Nearness> => {
  const learning = lives.map((life): LearningLife => ({ inputs: networkInputs(life), rows: life.rows }));
  const width = (learning[0]?.inputs.length ?? 0) / (learning[0]?.rows ?? 1);
  const network = nearnessNetwork(width);
  const met: number[] = Array.from({ length: CLASSES }, () => 0);
  const members: Weights[] = [];
  for (let member = 0; member < effort.members; member++) members.push(await trainMember(learning, network, Random.of(seed, `nearness ${member}`), effort.epochs, met));
  const whole = met.reduce((sum, value) => sum + value, 0);
  return { network, members, shares: met.map((value) => value / whole) };
};

/**
 * How much more likely each class has become by what the network saw at each of `rows`: its answer over the class's share in
 * training (Bayes' rule turned round), which is the likelihood of the window given the class, up to a factor.
 * @returns a list of [CLASSES] for each row
 */
export const nearnessRatios = async ({ network, members, shares }: Nearness, history: VibrationHistory, rows: readonly number[]): Promise<Float64Array[]> => {
  const inputs = networkInputs(history);
  const { window, inputs: width } = network;
  const cells = new Float32Array(rows.length * window * width);
  rows.forEach((row, at) => copyWindow(inputs, width, row, window, cells, at * window * width));
  const ratios = rows.map(() => new Float64Array(CLASSES));
  for (const weights of members) {
    const logits = await predictCells(network, weights, cells, rows.length);
    ratios.forEach((ratio, at) => {
      softmax(logits.subarray(at * CLASSES, (at + 1) * CLASSES)).forEach((probability, kind) => {
        ratio[kind] = (ratio[kind] ?? 0) + (DOUBT + ((1 - DOUBT) * probability) / (shares[kind] ?? 1)) / members.length;
      });
    });
  }
  return ratios;
};
