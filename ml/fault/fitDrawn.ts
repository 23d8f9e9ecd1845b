import { Random } from '../dataset/random.ts';
import { MlError } from '../errors.ts';
import type { Network } from '../models/network.ts';
import type { Weights } from '../models/predict.ts';
import { adamUpdate, clipNorm, moveAverage } from '../training/adam.ts';
import { copyWeights, freshState } from '../training/state.ts';
import { computeStep, type Batch } from '../training/step.ts';

/** How a network is trained on batches that are drawn anew each time. */
export interface DrawnTraining {
  readonly seed: number;
  readonly epochs: number;
  readonly batchesPerEpoch: number;
  readonly learningRate: number;
  readonly l2: number;
}

/** Where the batches come from, and what is told of the weights after an epoch. */
export interface DrawnData {
  batch(random: Random): Batch;
  /** Mean of what the network is to put out, [outputs]. */
  readonly meanTarget: readonly number[];
  epochDone(epoch: number, loss: number, weights: Weights): Promise<void>;
}

export interface DrawnHooks {
  breathe(): Promise<void>;
  readonly signal: AbortSignal;
}

const AVERAGING = 0.98;
const MOMENTUM = 0.95;
const CLIP = 1;
/** Share of the run in which the learning rate rises. */
const WARM_UP = 0.05;
/** Share of the learning rate that the cosine ends with. */
const FLOOR = 0.01;

const addDecay = (gradient: Float32Array, { parameters }: Network, weights: Float32Array, l2: number): void => {
  for (const { offset, size, decays } of parameters) if (decays) for (let at = offset; at < offset + size; at++) gradient[at] = (gradient[at] ?? 0) + 2 * l2 * (weights[at] ?? 0);
};

const rateAt = (progress: number): number => Math.min(1, (progress + 1e-3) / WARM_UP) * (FLOOR + ((1 - FLOOR) * (1 + Math.cos(Math.PI * progress))) / 2);

/**
 * Trains for a fixed number of epochs: Adam with warm-up and a cosine, L2, gradient clipping; the moving average of the weights is the
 * result, so that nothing has to be chosen by the epoch. The same seed gives the same weights.
 * @throws MlError 'cancelled', 'training-diverged'
 */
export const fitDrawn = async (network: Network, data: DrawnData, training: DrawnTraining, { breathe, signal }: DrawnHooks): Promise<Weights> => {
  const random = Random.of(training.seed, 'drawn');
  const { weights, adam } = freshState(network, training.seed, data.meanTarget, false);
  const average = copyWeights(weights);
  for (let epoch = 1; epoch <= training.epochs; epoch++) {
    let lossSum = 0;
    for (let at = 0; at < training.batchesPerEpoch; at++) {
      if (signal.aborted) throw new MlError('cancelled', `Training was cancelled in epoch ${epoch}.`, { epochsDone: epoch - 1 });
      const { loss, gradient, met } = await computeStep(network, weights, data.batch(random), random);
      if (!Number.isFinite(loss)) throw new MlError('training-diverged', `The loss became ${loss} in epoch ${epoch}. Take a smaller learning rate (now ${training.learningRate}).`, { epoch });
      lossSum += loss;
      addDecay(gradient, network, weights.parameters, training.l2);
      clipNorm(gradient, CLIP);
      adamUpdate(adam, weights.parameters, gradient, training.learningRate * rateAt((epoch - 1 + at / training.batchesPerEpoch) / training.epochs));
      moveAverage(weights.statistics, met, MOMENTUM);
      const decay = Math.min(AVERAGING, adam.step / (adam.step + 10));
      moveAverage(average.parameters, weights.parameters, decay);
      moveAverage(average.statistics, weights.statistics, decay);
      await breathe();
    }
    await data.epochDone(epoch, lossSum / training.batchesPerEpoch, average);
  }
  return average;
};
