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

/** The state before the first epoch; the output's bias starts at the mean target, so that the first epochs don't look for it. */
export const freshState = (network: Network, seed: number, meanTarget: number, averaged: boolean): FitState => {
  const random = Random.of(seed, 'training');
  const weights = { parameters: initialise(network.parameters, random), statistics: initialise(network.statistics, random) };
  weights.parameters[network.outputBias.offset] = network.head.startingBias(meanTarget);
  return { weights, average: averaged ? copyWeights(weights) : null, adam: freshAdam(weights.parameters.length), random: random.state(), history: [], best: null, elapsedMs: 0 };
};
