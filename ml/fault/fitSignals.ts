import { Random } from '../dataset/random.ts';
import { MlError } from '../errors.ts';
import { classify, saidOf } from '../evaluation/faultMetrics.ts';
import { logLoss } from '../evaluation/temperature.ts';
import type { Network } from '../models/network.ts';
import { predictCells, type Weights } from '../models/predict.ts';
import { fitDrawn, type DrawnHooks } from './fitDrawn.ts';
import { packWindow, packedRows, type SpectraShape } from './signal/spectra.ts';
import { reachOf, unvaried, variedWindow, type Variation } from './signal/vary.ts';
import { drawWindows, type Signal, type SignalWindows, type Stretch } from './signals.ts';

/** How a network of signals is trained. */
export interface SignalTraining {
  readonly seed: number;
  readonly epochs: number;
  /** Windows drawn anew for each epoch. */
  readonly windowsPerEpoch: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly l2: number;
  readonly variation: Variation;
}

export interface SignalEpoch {
  readonly epoch: number;
  readonly loss: number;
  readonly valLoss: number;
  readonly valMacroF1: number;
  readonly ms: number;
}

export interface SignalHooks extends DrawnHooks {
  epoch(record: SignalEpoch): void;
  now(): number;
}

/** Windows that are packed and predicted at once. */
const CHUNK = 256;

/** Windows as the network sees them, row-major [windows, packedRows, channels]. */
export const packWindows = (signals: readonly Signal[], { signals: owners, starts }: SignalWindows, shape: SpectraShape, variation: Variation, random: Random): Float32Array => {
  const channels = signals[0]?.channels.length ?? 0;
  const size = packedRows(shape) * channels;
  const cells = new Float32Array(owners.length * size);
  owners.forEach((owner, at) => {
    const signal = signals[owner];
    if (signal !== undefined) packWindow(variedWindow(signal.channels, starts[at] ?? 0, shape.samples, variation, random), shape, cells, at * size);
  });
  return cells;
};

/** Logits of windows, row-major [windows, classes]. */
export const predictSignals = async (network: Network, weights: Weights, signals: readonly Signal[], windows: SignalWindows, shape: SpectraShape, variation: Variation = unvaried, random = Random.of(0, 'unvaried')): Promise<Float32Array> => {
  const logits = new Float32Array(windows.starts.length * network.head.outputs);
  for (let from = 0; from < windows.starts.length; from += CHUNK) {
    const part = { signals: windows.signals.subarray(from, from + CHUNK), starts: windows.starts.subarray(from, from + CHUNK) };
    logits.set(await predictCells(network, weights, packWindows(signals, part, shape, variation, random), part.starts.length), from * network.head.outputs);
  }
  return logits;
};

/** The class of each window. */
export const labelsOfWindows = (signals: readonly Signal[], windows: SignalWindows): Float32Array => Float32Array.from(windows.signals, (owner) => signals[owner]?.label ?? Number.NaN);

/**
 * Trains a network to tell the classes of signals apart: windows at random places of the training stretches, varied at random, as many of
 * each class. The same seed gives the same weights.
 * @throws MlError 'cancelled', 'training-diverged', 'too-little-data' when no stretch is as long as a window
 */
export const fitSignals = async (network: Network, shape: SpectraShape, signals: readonly Signal[], stretches: { readonly training: readonly Stretch[]; readonly validation: SignalWindows }, training: SignalTraining, hooks: SignalHooks): Promise<Weights> => {
  const { head } = network;
  const { seed, epochs, batch: count, learningRate, l2, variation } = training;
  const reach = reachOf(shape.samples, variation);
  if (!stretches.training.some(({ from, to }) => to - from >= reach)) throw new MlError('too-little-data', `No recording leaves a stretch of ${reach} samples to learn from. Record longer, or take shorter windows.`);
  const truth = labelsOfWindows(signals, stretches.validation);
  const names = Array.from({ length: head.outputs }, (_, at) => String(at));
  let startedAt = hooks.now();
  return fitDrawn(network, {
    meanTarget: names.map(() => 1 / head.outputs),
    batch: (random) => {
      const windows = drawWindows(signals, stretches.training, count, reach, random);
      const targets = Float32Array.from([...labelsOfWindows(signals, windows)].flatMap((label) => head.target(label)));
      return { count, cells: packWindows(signals, windows, shape, variation, random), targets, weights: new Float32Array(count).fill(1) };
    },
    epochDone: async (epoch, loss, weights) => {
      const logits = await predictSignals(network, weights, signals, stretches.validation, shape);
      hooks.epoch({ epoch, loss, valLoss: logLoss(logits, truth, head.outputs, 1), valMacroF1: classify(saidOf(logits, head.outputs), truth, names).macroF1, ms: hooks.now() - startedAt });
      startedAt = hooks.now();
    },
  }, { seed, epochs, learningRate, l2, batchesPerEpoch: Math.max(1, Math.round(training.windowsPerEpoch / count)) }, hooks);
};
