import { Random, type RandomState } from '../dataset/random.ts';
import type { EpochRecord } from '../documents/history.ts';
import { initialise } from '../models/layout.ts';
import type { Network } from '../models/network.ts';
import type { Weights } from '../models/predict.ts';
import { freshAdam, type AdamState } from './adam.ts';

/** All that a run is between two epochs: put back, it goes on as if it had never stopped. */
export interface FitState {
  readonly weights: Weights;
  /** Moving average of the weights; null when the configuration has none. */
  readonly average: Weights | null;
  readonly adam: AdamState;
  random: RandomState;
  readonly history: EpochRecord[];
  /** The weights of the epoch with the lowest validation loss so far; `settled`: it came in the second half of the schedule. */
  best: { epoch: number; loss: number; settled: boolean; weights: Weights } | null;
  elapsedMs: number;
}

export const copyWeights = ({ parameters, statistics }: Weights): Weights => ({ parameters: parameters.slice(), statistics: statistics.slice() });

/** Mean of what the network is to put out over the labels, [outputs]. */
export const meanTarget = ({ head }: Network, labels: Float32Array): number[] => {
  const sums = Array.from({ length: head.outputs }, () => 0);
  for (const label of labels) head.target(label).forEach((target, at) => (sums[at] = (sums[at] ?? 0) + target));
  return sums.map((sum) => sum / labels.length);
};

/** The state before the first epoch; the outputs' biases start at the mean targets, so that the first epochs don't look for them. */
export const freshState = (network: Network, seed: number, mean: readonly number[], averaged: boolean): FitState => {
  const random = Random.of(seed, 'training');
  const weights = { parameters: initialise(network.parameters, random), statistics: initialise(network.statistics, random) };
  for (const bias of network.outputBiases) weights.parameters.set(network.head.startingBias(mean), bias.offset);
  return { weights, average: averaged ? copyWeights(weights) : null, adam: freshAdam(weights.parameters.length), random: random.state(), history: [], best: null, elapsedMs: 0 };
};
