import { setImmediate as breathe } from 'node:timers/promises';
import { loadTfjsNode } from '../../ml/backend/tfjs.ts';
import { judgeSignals, trainSignals, type SignalOptions } from '../../ml/fault/classifySignals.ts';
import type { Signal } from '../../ml/fault/signals.ts';
import { AppError } from '../contract/errors.ts';
import { readSignalFiles, type SignalClass, type SignalFile } from './signalFiles.ts';

export interface FaultOptions {
  readonly trainFolder: string;
  readonly testFolder: string;
  readonly classes: readonly SignalClass[];
  /** Samples a second, where it is known: only to tell how long a window is. */
  readonly rate: number | null;
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** Chosen on the training files of the gearbox alone (see README.md). */
const OPTIONS: Omit<SignalOptions, 'seed'> = { members: 3, epochs: 6, windowsPerClass: 512, batch: 64, learningRate: 2e-3, l2: 1e-4, variation: { colour: 0.6, speed: 0.05, noise: 0.5, silence: 0.2 } };

/** Recordings as signals over `names`; a channel that a recording lacks is silent. */
const signalsOf = (files: readonly SignalFile[], names: readonly string[], classes: readonly SignalClass[]): Signal[] =>
  files.map(({ name, className, channels }) => {
    const samples = Math.max(...[...channels.values()].map(({ length }) => length));
    return { name, label: classes.findIndex((one) => one.name === className), channels: names.map((channel) => channels.get(channel) ?? new Float32Array(samples)) };
  });

/** A test recording that is a training recording would measure nothing. */
const refuseTwins = (training: readonly SignalFile[], test: readonly SignalFile[]): void => {
  for (const { name, sha256 } of test) {
    const twin = training.find((one) => one.sha256 === sha256);
    if (twin !== undefined) throw new AppError('input-invalid', `The test file ${name} holds the same recording as the training file ${twin.name}: what has been learned can't be tested on itself. Give other test files.`, { file: name });
  }
};

const commonNames = (files: readonly SignalFile[]): string[] => {
  const [first] = files;
  const names = (first?.names ?? []).filter((name) => files.every(({ channels }) => channels.has(name)));
  if (names.length === 0) throw new AppError('input-invalid', `The training files have no channel in common: ${files.map((file) => `${file.name} (${file.names.join(', ')})`).join('; ')}. Name the same channel the same in each.`);
  return names;
};

/**
 * Kinds of faults in raw signals: learned from the training files alone, then judged on the test files.
 * @returns the document that the command line prints
 * @throws AppError when files are not there or not understood, MlError when there is too little to learn from
 */
export const benchmarkFault = async ({ trainFolder, testFolder, classes, rate, seed, say }: FaultOptions): Promise<Record<string, unknown>> => {
  const backend = await loadTfjsNode();
  const trainingFiles = readSignalFiles(trainFolder, classes, 'training');
  const names = commonNames(trainingFiles);
  // Read before the training so that what is wrong with them is told at once; nothing but the refusal is made of them until it is over.
  const testFiles = readSignalFiles(testFolder, classes, 'test');
  refuseTwins(trainingFiles, testFiles);
  for (const { name, channels } of testFiles) if (!names.some((channel) => channels.has(channel))) throw new AppError('input-invalid', `The test file ${name} has none of the channels ${names.join(', ')}.`, { file: name });
  const training = signalsOf(trainingFiles, names, classes);
  say(`${training.length} recordings of ${classes.length} classes, channels ${names.join(', ')}`);
  const started = performance.now();
  const classifier = await trainSignals(training, classes.map(({ name }) => name), { ...OPTIONS, seed }, {
    epoch: ({ epoch, loss, valLoss, valMacroF1, ms }) => say(`epoch ${epoch}: loss ${loss.toFixed(4)}, validation ${valLoss.toFixed(4)} (macro-F1 ${valMacroF1.toFixed(3)}), ${ms.toFixed(0)} ms`),
    breathe: () => breathe(),
    signal: new AbortController().signal,
    now: () => performance.now(),
  });
  const trainSeconds = (performance.now() - started) / 1000;
  const { metrics, baselines, recordings } = await judgeSignals(classifier, signalsOf(testFiles, names, classes));
  const { samples } = classifier.shape;
  return {
    accuracy: metrics.accuracy,
    macroF1: metrics.macroF1,
    perFileAccuracy: metrics.byUnit?.accuracy ?? null,
    macroF1ByFile: metrics.byUnit?.macroF1 ?? null,
    confusion: metrics.confusion,
    confusionByFile: metrics.byUnit?.confusion ?? null,
    classes: metrics.classes,
    perClass: metrics.perClass,
    windows: metrics.points,
    files: recordings,
    trainSeconds,
    baselines: baselines.map(({ name, metrics: rival }) => (rival.kind === 'fault' ? { name, accuracy: rival.accuracy, macroF1: rival.macroF1, perFileAccuracy: rival.byUnit?.accuracy ?? null, macroF1ByFile: rival.byUnit?.macroF1 ?? null } : { name })),
    window: { samples, milliseconds: rate === null ? null : (1000 * samples) / rate },
    channels: names,
    validation: { by: classifier.split.by, macroF1: classifier.validation.macroF1, accuracy: classifier.validation.accuracy, windows: classifier.validation.points },
    temperature: classifier.temperature,
    parameters: classifier.parameters,
    backend: backend.name,
    seed,
  };
};
