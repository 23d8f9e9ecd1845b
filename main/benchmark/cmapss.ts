import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { AppError } from '../contract/errors.ts';
import { loadTfjsNode } from '../../ml/backend/tfjs.ts';
import { TrainingConfig, type Preset } from '../../ml/documents/config.ts';
import { splitUnits } from '../../ml/dataset/split.ts';
import { intervalOf } from '../../ml/evaluation/conformal.ts';
import { rmse } from '../../ml/evaluation/rmse.ts';
import type { ModelDocument } from '../../ml/documents/model.ts';
import { evaluateOn, type UnitResult } from '../../ml/predictor/evaluateOn.ts';
import { openPredictor } from '../../ml/predictor/predictor.ts';
import { prepare } from '../../ml/training/prepare.ts';
import { train } from '../../ml/training/train.ts';
import { cmapssDataset, readTrajectories, readTruth } from './cmapssFiles.ts';

export interface CmapssOptions {
  readonly folder: string;
  /** FD001 .. FD004 */
  readonly subset: string;
  readonly seed: number;
  readonly preset: Preset;
  readonly say: (line: string) => void;
}

/** The protocol's cap on the training target, in cycles. */
const CAP = 125;
/** True remaining life, in cycles, from which on an interval's width matters most: stops are planned then. */
const NEAR = 50;

/** Mean width of the intervals of the units whose true remaining life is `NEAR` or less; null without one, or without intervals. */
const widthNear = ({ conformal }: ModelDocument, perUnit: readonly UnitResult[], truth: readonly number[]): number | null => {
  const widths = perUnit.flatMap(({ predicted }, unit) => {
    if (conformal === null || predicted === null || (truth[unit] ?? NEAR + 1) > NEAR) return [];
    const { low, high } = intervalOf(conformal, predicted, CAP);
    return [high - low];
  });
  return widths.length === 0 ? null : widths.reduce((sum, width) => sum + width, 0) / widths.length;
};

/** Trains on the train file alone: its units are split, and everything chosen, before the test file is opened. */
const trainOn = async ({ folder, subset, seed, preset, say }: CmapssOptions, backend: { name: string; versions: Record<string, string> }) => {
  const trajectories = readTrajectories(folder, `train_${subset}.txt`);
  const config = TrainingConfig.parse({ task: 'rul', seed, preset, rulCap: CAP });
  const split = splitUnits(trajectories.names.map((asset) => ({ asset, end: 'failure' })), seed, config.validationShare);
  const prepared = prepare(cmapssDataset(trajectories, (unit) => split[unit] ?? 'train', () => 0), config);
  say(`${subset}: ${trajectories.names.length} units, ${prepared.training.ends.length} training windows, ${prepared.inputs.length} sensors, ${prepared.normalisation.centres.length} regime(s); left out: ${prepared.leftOut.map(({ name, reason }) => `${name} (${reason})`).join(', ')}`);
  const identity = { model: `cmapss-${subset.toLowerCase()}`, backend: backend.name, versions: backend.versions, sha256: (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex') };
  return train(prepared, identity, {
    epoch: ({ epoch, loss, valLoss, valMetric, ms }) => say(`epoch ${epoch}: loss ${loss.toFixed(5)}, validation ${valLoss?.toFixed(5) ?? '-'} (RMSE ${valMetric?.toFixed(2) ?? '-'}), ${ms.toFixed(0)} ms`),
    checkpoint: () => Promise.resolve(),
    breathe: () => breathe(),
    evaluating: () => undefined,
    signal: new AbortController().signal,
    now: () => performance.now(),
  });
};

/**
 * C-MAPSS by the protocol of the command line's contract: one prediction a test unit, at its last row.
 * @returns the document that the command line prints
 * @throws AppError when the files are not there or not understood, MlError when training fails
 */
export const benchmarkCmapss = async (options: CmapssOptions): Promise<Record<string, unknown>> => {
  const { folder, subset, seed, preset } = options;
  const backend = await loadTfjsNode();
  const trainStart = performance.now();
  const model = await trainOn(options, backend);
  const trainSeconds = (performance.now() - trainStart) / 1000;
  const predictor = openPredictor(model.document, model.weights);

  const test = readTrajectories(folder, `test_${subset}.txt`);
  const truth = readTruth(folder, `RUL_${subset}.txt`);
  if (truth.length !== test.names.length) throw new AppError('file-not-understood', `RUL_${subset}.txt has ${truth.length} lines for ${test.names.length} test units.`);
  const predictStart = performance.now();
  const { evaluation, perUnit } = await evaluateOn(predictor, cmapssDataset(test, () => 'test', (unit) => truth[unit] ?? 0), 'last');
  const predictSeconds = (performance.now() - predictStart) / 1000;
  const { metrics, baselines } = evaluation;
  if (metrics.kind !== 'rul') throw new AppError('internal', 'The benchmark trains for remaining life.');
  const { document } = model;
  return {
    rmse: metrics.rmse,
    rmseUncappedTruth: rmse(perUnit.map(({ predicted }) => predicted ?? Number.NaN), truth),
    score: metrics.score,
    mae: metrics.mae,
    units: metrics.units,
    trainSeconds,
    predictSeconds,
    parameters: document.parameters,
    backend: document.backend,
    coverage90: metrics.coverage90,
    meanWidth90: metrics.meanWidth90,
    meanWidth90Near: widthNear(document, perUnit, truth),
    baselines,
    subset,
    seed,
    preset,
    rulCap: CAP,
    bestEpoch: document.bestEpoch,
    validation: document.evaluation.metrics,
    sensors: document.inputs.map((sensor) => document.sensors[sensor]?.name),
    regimes: document.normalisation.centres.length,
    config: document.config,
  };
};
