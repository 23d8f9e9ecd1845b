import type { Random } from '../dataset/random.ts';
import { MlError } from '../errors.ts';
import { initialise } from '../models/layout.ts';
import { adamUpdate, clipNorm, freshAdam, moveAverage } from '../training/adam.ts';
import type { AnomalyNetwork } from './network.ts';
import { healthyStep, type HealthyBatch } from './step.ts';
import { gatherWindows, rowsAfter, type Rows } from './windows.ts';

/** How a network of healthy running is fitted. */
export interface FitSettings {
  /** Batches in all. */
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
  /** Spread of the noise added to what the network is shown, in standard deviations. */
  readonly jitter: number;
  /** Share of the sensors of a window that are hidden: they are to be told from the others. */
  readonly hidden: number;
}

export interface FitWatch {
  /** Hears the loss after each batch; throws to stop. */
  step(done: number, loss: number): void | Promise<void>;
}

const WARM_UP = 20;
/** Share of the learning rate that the cosine ends with. */
const FLOOR = 0.01;
const AVERAGING = 0.98;

const rateAt = ({ learningRate, steps }: FitSettings, step: number): number =>
  learningRate * Math.min(1, (step + 1) / WARM_UP) * (FLOOR + ((1 - FLOOR) * (1 + Math.cos((Math.PI * step) / steps))) / 2);

/** Windows drawn at random, with noise and hidden sensors: a denoising autoencoder (Vincent et al. 2008). */
const drawBatch = (rows: Rows, ends: Int32Array, window: number, { batch, jitter, hidden }: FitSettings, random: Random): HealthyBatch => {
  const count = Math.min(batch, ends.length);
  const drawn = Int32Array.from({ length: count }, () => ends[random.integer(ends.length)] ?? 0);
  const whole = gatherWindows(rows, drawn, window);
  const shown = whole.slice();
  const { inputs } = rows;
  const size = window * inputs;
  for (let at = 0; at < count; at++)
    for (let input = 0; input < inputs; input++) {
      const hide = random.next() < hidden;
      for (let cell = at * size + input; cell < (at + 1) * size; cell += inputs) shown[cell] = hide ? 0 : (shown[cell] ?? 0) + jitter * random.normal();
    }
  return { count, shown, whole, next: rowsAfter(rows, drawn) };
};

/**
 * Fits a network to healthy rows: Adam, half a cosine down, averaged weights. The same random, the same weights.
 * @param ends last rows of the windows that it may learn from
 * @returns the parameters, flat
 * @throws MlError 'training-diverged', 'too-little-data' without windows
 */
export const fitHealthy = async (network: AnomalyNetwork, rows: Rows, ends: Int32Array, settings: FitSettings, random: Random, watch?: FitWatch): Promise<Float32Array> => {
  const { window } = network.shape;
  if (ends.length === 0) throw new MlError('too-little-data', `No stretch of healthy running is longer than a window of ${window} rows. Record longer, or take a shorter window.`, { window });
  const parameters = initialise(network.parameters, random);
  const average = parameters.slice();
  const adam = freshAdam(parameters.length);
  for (let step = 0; step < settings.steps; step++) {
    const { loss, gradient } = await healthyStep(network, parameters, drawBatch(rows, ends, window, settings, random));
    if (!Number.isFinite(loss)) throw new MlError('training-diverged', `The loss became ${loss} at batch ${step + 1}. Take a smaller learning rate (now ${settings.learningRate}).`, { step, learningRate: settings.learningRate });
    clipNorm(gradient, 1);
    adamUpdate(adam, parameters, gradient, rateAt(settings, step));
    moveAverage(average, parameters, Math.min(AVERAGING, step / (step + 10)));
    await watch?.step(step + 1, loss);
  }
  return average;
};
