import { Random } from '../dataset/random.ts';
import type { EpochRecord } from '../documents/history.ts';
import { MlError } from '../errors.ts';
import type { Slot } from '../models/layout.ts';
import type { Weights } from '../models/predict.ts';
import { addL2, adamUpdate, clipNorm, moveAverage } from './adam.ts';
import { batchBounds, epochOrder, labelWeights, trainingBatch } from './batches.ts';
import type { Prepared } from './prepare.ts';
import { learningRateAt } from './schedule.ts';
import { copyWeights, freshState, meanTarget, type FitState } from './state.ts';
import { computeStep } from './step.ts';
import { validate, validationWindows } from './validate.ts';

/** What a running fit tells, and is told. */
export interface FitHooks {
  /** An epoch is done. */
  epoch(record: EpochRecord): void;
  /** The state after an epoch, the fit's own: to be written away before the promise resolves. */
  checkpoint(state: FitState): Promise<void>;
  /** Gives way to the process between two batches, so that messages are heard. */
  breathe(): Promise<void>;
  /** Aborted: the fit ends after the batch at hand with 'cancelled'. */
  readonly signal: AbortSignal;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
}

/** Moving statistics keep this much at a batch. */
const MOMENTUM = 0.97;

const decaysOf = (slots: readonly Slot[], size: number): Uint8Array => {
  const decays = new Uint8Array(size);
  for (const { offset, size: length, decays: does } of slots) if (does) decays.fill(1, offset, offset + length);
  return decays;
};

const shareDone = ({ config }: Prepared, epochs: number, elapsedMs: number): number =>
  Math.max(epochs / config.epochs, config.minutes === null ? 0 : elapsedMs / (config.minutes * 60_000));

const stopIfCancelled = (signal: AbortSignal, state: FitState): void => {
  if (signal.aborted) throw new MlError('cancelled', `Training was cancelled after ${state.history.length} epochs.`, { epochsDone: state.history.length });
};

/** One epoch over the training windows; changes the state's weights in place and returns the mean training loss. */
const runEpoch = async (prepared: Prepared, state: FitState, random: Random, hooks: FitHooks, startedAt: number): Promise<number> => {
  const { config, network, training } = prepared;
  const { weights, average, adam } = state;
  const epochsDone = state.history.length;
  const decays = decaysOf(network.parameters, weights.parameters.length);
  const weightOf = labelWeights(training.labels, config);
  const order = epochOrder(training.ends.length, config.windowsPerEpoch, random);
  const bounds = batchBounds(order.length, config.batch);
  let lossSum = 0;
  for (let at = 0; at + 1 < bounds.length; at++) {
    stopIfCancelled(hooks.signal, state);
    const batch = trainingBatch(prepared, order.subarray(bounds[at], bounds[at + 1]), weightOf, random);
    const { loss, gradient, met } = await computeStep(network, weights, batch, random);
    if (!Number.isFinite(loss))
      throw new MlError('training-diverged', `The loss became ${loss} in epoch ${epochsDone + 1}. Take a smaller learning rate (now ${config.learningRate}) or keep gradient clipping on.`, { epoch: epochsDone + 1, learningRate: config.learningRate });
    lossSum += loss * batch.count;
    // The loss is a mean over the members: each one's own gradient is `members` times its part of this one.
    if (config.l2 > 0) addL2(gradient, weights.parameters, decays, config.l2 / config.members);
    if (config.gradientClip !== null) clipNorm(gradient, config.gradientClip / Math.sqrt(config.members));
    const epoch = epochsDone + at / (bounds.length - 1);
    adamUpdate(adam, weights.parameters, gradient, learningRateAt(config, epoch, shareDone(prepared, epoch, state.elapsedMs + hooks.now() - startedAt)));
    moveAverage(weights.statistics, met, MOMENTUM);
    if (average !== null) {
      // Early on the average follows closely, so that the random start is soon forgotten.
      const decay = Math.min(config.weightAveraging, adam.step / (adam.step + 10));
      moveAverage(average.parameters, weights.parameters, decay);
      moveAverage(average.statistics, weights.statistics, decay);
    }
    await hooks.breathe();
  }
  return lossSum / order.length;
};

/**
 * Keeps the weights if they are the best so far. Under a cosine schedule the first epoch of its second half displaces whatever
 * came before: a few validation units may praise a half-learnt network by chance, while the rate is still high.
 */
const keepBest = (prepared: Prepared, state: FitState, epoch: number, loss: number, weights: Weights): void => {
  const settled = prepared.config.schedule === 'constant' || shareDone(prepared, epoch, state.elapsedMs) > 0.5;
  const { best } = state;
  if (best === null || (settled && !best.settled) || loss < best.loss) state.best = { epoch, loss, settled, weights: copyWeights(weights) };
};

/** Whether the run is over: all epochs, no better validation for too long, or the time is spent. */
const isOver = ({ config }: Prepared, state: FitState): boolean => {
  const epochs = state.history.length;
  const sinceBest = state.best === null ? 0 : epochs - state.best.epoch;
  return epochs >= config.epochs || sinceBest >= config.patience || (config.minutes !== null && state.elapsedMs >= config.minutes * 60_000);
};

/**
 * Trains a network on prepared data: epochs of shuffled batches, Adam with warm-up and cosine, L2, gradient clipping, early
 * stopping on the validation units with the best (settled) epoch's weights kept. The same seed, data, machine and backend give the same
 * history and weights, whether the run was interrupted or not (a time budget apart, which the clock decides).
 * @param from the state to go on from; without it the run starts afresh
 * @returns the last state; its `best` holds the weights to use
 * @throws MlError 'cancelled' when the signal aborts, 'training-diverged' when the loss is not a number
 */
export const fit = async (prepared: Prepared, hooks: FitHooks, from?: FitState): Promise<FitState> => {
  const { config, network, training } = prepared;
  const state = from ?? freshState(network, config.seed, meanTarget(network, training.labels), config.weightAveraging > 0);
  const looked = validationWindows(prepared.validation);
  while (!isOver(prepared, state)) {
    const startedAt = hooks.now();
    const random = Random.from(state.random);
    const epoch = state.history.length + 1;
    const learningRate = learningRateAt(config, epoch - 1, shareDone(prepared, epoch - 1, state.elapsedMs));
    const loss = await runEpoch(prepared, state, random, hooks, startedAt);
    const judged = state.average ?? state.weights;
    const validation = await validate(prepared, looked, judged);
    if (!Number.isFinite(validation.loss)) throw new MlError('training-diverged', `The validation loss became ${validation.loss} in epoch ${epoch}. Take a smaller learning rate (now ${config.learningRate}).`, { epoch });
    const ms = hooks.now() - startedAt;
    state.elapsedMs += ms;
    keepBest(prepared, state, epoch, validation.loss, judged);
    state.random = random.state();
    state.history.push({ epoch, loss, valLoss: validation.loss, valMetric: validation.metric, learningRate, ms });
    hooks.epoch({ epoch, loss, valLoss: validation.loss, valMetric: validation.metric, learningRate, ms });
    await hooks.checkpoint(state);
    stopIfCancelled(hooks.signal, state);
  }
  return state;
};
