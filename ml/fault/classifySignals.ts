import { Random } from '../dataset/random.ts';
import type { Baseline, FaultMetrics } from '../documents/metrics.ts';
import { MlError } from '../errors.ts';
import { faultMetrics } from '../evaluation/faultMetrics.ts';
import { softmaxRows } from '../evaluation/softmax.ts';
import { fitTemperature } from '../evaluation/temperature.ts';
import { sizeOf } from '../models/layout.ts';
import type { Network } from '../models/network.ts';
import type { Weights } from '../models/predict.ts';
import { fitSignals, labelsOfWindows, packWindows, predictSignals, type SignalHooks, type SignalTraining } from './fitSignals.ts';
import { fitSignalBaselines, scoreSignalBaselines, spectrumFeatures, type SignalBaselines } from './signalBaselines.ts';
import { buildSignalNetwork } from './signalNetwork.ts';
import { spectraShape, type SpectraShape } from './signal/spectra.ts';
import { unvaried } from './signal/vary.ts';
import { splitBy, splitSignals, windowsIn, type Signal, type SignalSplit, type SignalWindows } from './signals.ts';

const LONGEST_WINDOW = 2048;
const SHORTEST_WINDOW = 128;
/** Windows that the shortest training recording must hold where stretches of recordings validate, so that gaps and varied windows fit; and where whole ones do. */
const LEAST_WINDOWS = { stretch: 24, recording: 2 };
/** Distance of the seeds of two runs, more than a run has members. */
const MEMBER_SEEDS = 1000;
/** Windows that the naive rivals are fitted on at most. */
const MOST_FITTED = 4000;

/** The longest window, a power of two, of which every training recording holds enough. @throws MlError 'too-little-data' */
export const windowFor = (signals: readonly Signal[]): number => {
  const shortest = Math.min(...signals.map(({ channels }) => channels[0]?.length ?? 0));
  const least = LEAST_WINDOWS[splitBy(signals)];
  for (let window = LONGEST_WINDOW; window >= SHORTEST_WINDOW; window /= 2) if (shortest >= least * window) return window;
  throw new MlError('too-little-data', `The shortest recording has ${shortest} samples; ${least * SHORTEST_WINDOW} are needed. Record longer, or three recordings of each class.`, { samples: shortest });
};

/** A trained classifier of vibration signals. */
export interface SignalClassifier {
  readonly classes: readonly string[];
  readonly shape: SpectraShape;
  readonly network: Network;
  /** Of each member; their mean logits speak (deep ensemble; Lakshminarayanan, Pritzel and Blundell 2017). */
  readonly members: readonly Weights[];
  readonly temperature: number;
  readonly baselines: SignalBaselines;
  readonly split: SignalSplit;
  readonly validation: FaultMetrics;
  readonly parameters: number;
}

const featuresOf = (signals: readonly Signal[], windows: SignalWindows, shape: SpectraShape) =>
  spectrumFeatures(packWindows(signals, windows, shape, unvaried, Random.of(0, 'unvaried')), shape, signals[0]?.channels.length ?? 0);

const thinned = ({ signals, starts }: SignalWindows, most: number): SignalWindows => {
  const stride = Math.ceil(starts.length / most);
  return { signals: signals.filter((_, at) => at % stride === 0), starts: starts.filter((_, at) => at % stride === 0) };
};

const fitRivals = (signals: readonly Signal[], windows: SignalWindows, shape: SpectraShape, classes: number): SignalBaselines => {
  const { features, width } = featuresOf(signals, windows, shape);
  return fitSignalBaselines(features, labelsOfWindows(signals, windows), width, classes);
};

/** What a classifier is made of besides its recordings. */
export type SignalOptions = Omit<SignalTraining, 'windowsPerEpoch'> & { readonly windowsPerClass: number; readonly members: number };

/** Mean logits of the members, row-major [windows, classes]. */
const meanLogits = async ({ network, members, shape }: Pick<SignalClassifier, 'network' | 'members' | 'shape'>, signals: readonly Signal[], windows: SignalWindows): Promise<Float32Array> => {
  const mean = new Float32Array(windows.starts.length * network.head.outputs);
  for (const weights of members) (await predictSignals(network, weights, signals, windows, shape)).forEach((logit, at) => (mean[at] = (mean[at] ?? 0) + logit / members.length));
  return mean;
};

/**
 * Learns the classes of recordings: stretches or whole recordings validate (`splitSignals`), everything is chosen and calibrated on those.
 * @throws MlError 'too-little-data', 'cancelled', 'training-diverged'
 */
export const trainSignals = async (signals: readonly Signal[], classes: readonly string[], { windowsPerClass, members: count, ...options }: SignalOptions, hooks: SignalHooks): Promise<SignalClassifier> => {
  const shape = spectraShape(windowFor(signals));
  const split = splitSignals(signals, shape.samples, options.seed);
  const windows = windowsIn(split.validation, shape.samples);
  const network = buildSignalNetwork(shape, signals[0]?.channels.length ?? 0, classes.length, 'both');
  const members: Weights[] = [];
  for (let member = 0; member < count; member++) members.push(await fitSignals(network, shape, signals, { training: split.training, validation: windows }, { ...options, seed: options.seed * MEMBER_SEEDS + member, windowsPerEpoch: windowsPerClass * classes.length }, hooks));
  const logits = await meanLogits({ network, members, shape }, signals, windows);
  const truth = labelsOfWindows(signals, windows);
  const temperature = fitTemperature(logits, truth, classes.length);
  return {
    classes,
    shape,
    network,
    members,
    temperature,
    split,
    baselines: fitRivals(signals, thinned(windowsIn(split.training, shape.samples), MOST_FITTED), shape, classes.length),
    validation: faultMetrics(softmaxRows(logits, classes.length, temperature), truth, windows.signals, classes, null, null),
    parameters: count * sizeOf(network.parameters),
  };
};

/** How a classifier, and its naive rivals, did on recordings that it has not seen. */
export interface JudgedSignals {
  readonly metrics: FaultMetrics;
  readonly baselines: Baseline[];
  /** One entry a recording: mean probability of each class over its windows, and the share of windows told rightly. */
  readonly recordings: { readonly name: string; readonly truth: string; readonly said: string; readonly windows: number; readonly accuracy: number; readonly probabilities: Record<string, number> }[];
}

/** Judges windows one after the other, none overlapping, and each recording as a whole. @throws MlError 'too-little-data' when no recording is as long as a window */
export const judgeSignals = async (classifier: SignalClassifier, signals: readonly Signal[]): Promise<JudgedSignals> => {
  const { classes, shape, temperature, baselines } = classifier;
  const windows = windowsIn(signals.map(({ channels }, signal) => ({ signal, from: 0, to: channels[0]?.length ?? 0 })), shape.samples);
  if (windows.starts.length === 0) throw new MlError('too-little-data', `No test recording has ${shape.samples} samples, a whole window.`);
  const truth = labelsOfWindows(signals, windows);
  const shares = softmaxRows(await meanLogits(classifier, signals, windows), classes.length, temperature);
  const metricsOf = (scores: Float32Array): FaultMetrics => faultMetrics(scores, truth, windows.signals, classes, null, null);
  const { features } = featuresOf(signals, windows, shape);
  const recordings = signals.flatMap(({ name, label }, index) => {
    const own = [...windows.signals.keys()].filter((at) => windows.signals[at] === index);
    if (own.length === 0) return [];
    const mean = classes.map((_, at) => own.reduce((sum, window) => sum + (shares[window * classes.length + at] ?? 0), 0) / own.length);
    const right = own.filter((window) => classes.every((_, at) => (shares[window * classes.length + label] ?? 0) >= (shares[window * classes.length + at] ?? 0))).length;
    return [{ name, truth: classes[label] ?? '', said: classes[mean.indexOf(Math.max(...mean))] ?? '', windows: own.length, accuracy: right / own.length, probabilities: Object.fromEntries(classes.map((one, at) => [one, mean[at] ?? 0])) }];
  });
  return { metrics: metricsOf(shares), baselines: scoreSignalBaselines(baselines, features).map(({ name, scores }) => ({ name, metrics: metricsOf(scores) })), recordings };
};
