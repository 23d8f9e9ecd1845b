import type { AnomalyModel, DetectorSettings } from '../documents/anomaly.ts';
import { DetectorSettings as Settings } from '../documents/anomaly.ts';
import type { TrainingConfig } from '../documents/config.ts';
import type { AnomalyMetrics, Baseline } from '../documents/metrics.ts';
import type { ModelDocument, Normalisation } from '../documents/model.ts';
import { MlError } from '../errors.ts';
import { fitNormalisation } from '../dataset/normalisation.ts';
import { unitsIn, type Dataset } from '../dataset/table.ts';
import { encodeWeights } from '../models/weights.ts';
import type { Identity, TrainedModel, TrainHooks } from '../training/train.ts';
import { channelsFor, fitDetector, followWith, type Detector } from './detector.ts';
import type { FitWatch } from './fit.ts';
import { filledRows, stretchesIn, watchedSensors } from './healthy.ts';
import { fitPrincipalMonitor, monitorScore } from './monitoring.ts';
import { windowEnds, type Rows, type Stretch } from './windows.ts';

/** Batches at least, however few windows there are. */
const FEWEST_STEPS = 300;
/** Rows of a slice beyond window and smoothing, as windows: so far back it is told since when a machine has been anomalous. */
const LOOK_BACK = 2;
/** A rival's limit: this many standard deviations of one sensor. */
const LIMIT_OF_ONE = 4;

/** A plant's detector: as wide and long as the run's configuration says; levels are not followed, so that wear is seen. */
const settingsOf = (config: TrainingConfig, windows: number): DetectorSettings => {
  const perEpoch = Math.ceil(Math.min(windows, config.windowsPerEpoch) / config.batch);
  return Settings.parse({
    window: config.window,
    filters: config.filters,
    smoothing: Math.max(1, config.window >> 1),
    lag: config.window,
    follows: false,
    steps: Math.max(FEWEST_STEPS, config.epochs * perEpoch),
    batch: config.batch,
    learningRate: config.learningRate,
  });
};

/** Tells the epochs of a run: the batches dealt out evenly, the loss of each epoch the mean over its own. */
const epochWatch = (steps: number, config: TrainingConfig, hooks: TrainHooks): FitWatch => {
  const started = hooks.now();
  let epoch = 0;
  let [sum, count, since] = [0, 0, started];
  return {
    step: async (done, loss) => {
      await hooks.breathe();
      if (hooks.signal.aborted) throw new MlError('cancelled', `Training was cancelled after ${epoch} epochs.`, { epochsDone: epoch });
      sum += loss;
      count++;
      if (done < Math.ceil(((epoch + 1) * steps) / config.epochs)) return;
      const now = hooks.now();
      epoch++;
      hooks.epoch({ epoch, loss: sum / count, valLoss: null, valMetric: null, learningRate: config.learningRate, ms: now - since });
      [sum, count, since] = [0, 0, now];
    },
  };
};

const rowsIn = (stretches: readonly Stretch[]): number => stretches.reduce((all, { from, to }) => all + to - from, 0);

/** Scores of every row of the stretches that has one. */
const scoresOf = async (detector: Detector, rows: Rows, stretches: readonly Stretch[]): Promise<number[]> => {
  const channels = await channelsFor(detector, rows, stretches);
  const scores: number[] = [];
  for (const stretch of stretches) followWith(detector, channels, stretch, (_row, score) => scores.push(score));
  return scores;
};

const shareAbove = (scores: readonly number[]): number => (scores.length === 0 ? 0 : scores.filter((score) => score > 1).length / scores.length);

const metricsOf = (units: number, points: number, threshold: number, falseAlarmRate: number): AnomalyMetrics => ({ kind: 'anomaly', units, points, threshold, falseAlarmRate, labelled: null });

/** The rivals on the same rows: one limit on one sensor, and principal components. */
const rivals = (rows: Rows, training: readonly Stretch[], validation: readonly Stretch[], units: number): Baseline[] => {
  const { values, inputs } = rows;
  const joined = new Float32Array(rowsIn(training) * inputs);
  let at = 0;
  for (const { from, to } of training) {
    joined.set(values.subarray(from * inputs, to * inputs), at);
    at += (to - from) * inputs;
  }
  const monitor = fitPrincipalMonitor(joined, inputs);
  const share = (anomalous: (row: Float32Array) => boolean): number => {
    let count = 0;
    for (const { from, to } of validation) for (let row = from; row < to; row++) if (anomalous(values.subarray(row * inputs, (row + 1) * inputs))) count++;
    return count / Math.max(1, rowsIn(validation));
  };
  const points = rowsIn(validation);
  return [
    { name: 'limits-only', metrics: metricsOf(units, points, LIMIT_OF_ONE, share((row) => row.some((value) => Math.abs(value) > LIMIT_OF_ONE))) },
    { name: 't2+q', metrics: metricsOf(units, points, 1, share((row) => monitorScore(monitor, row) > 1)) },
  ];
};

const cutTo = (normalisation: Normalisation, needed: readonly number[]): Normalisation => {
  const cut = (table: number[][]): number[][] => table.map((row) => needed.map((sensor) => row[sensor] ?? 0));
  return { ...normalisation, conditionSensors: normalisation.conditionSensors.map((sensor) => needed.indexOf(sensor)), mean: cut(normalisation.mean), std: cut(normalisation.std) };
};

const modelOf = ({ settings, limit, relations, wander }: Detector): AnomalyModel => ({ limit, settings, relations: [...relations], ...wander, rows: settings.window * (1 + LOOK_BACK) + settings.smoothing });

/**
 * Trains a detector on the healthy running of a frozen dataset ('train' units), judges it on later healthy running that it has
 * not seen ('validation' units) and writes its document. Nothing is chosen on the validation part.
 * @throws MlError 'too-little-data', 'training-diverged', 'cancelled'
 */
export const trainAnomaly = async (dataset: Dataset, config: TrainingConfig, identity: Identity, hooks: TrainHooks): Promise<TrainedModel> => {
  const { document, values } = dataset;
  const { window } = config;
  const normalisation = fitNormalisation(dataset, unitsIn(document, 'train'));
  const { inputs, leftOut } = watchedSensors(dataset, normalisation);
  if (inputs.length === 0) throw new MlError('too-little-data', 'Every sensor is constant or empty. Import sensors that vary.');
  const training = stretchesIn(document, values, 'train', window);
  const validation = stretchesIn(document, values, 'validation', window);
  const rows = filledRows(normalisation, values, document.sensors.length, inputs, [...training, ...validation]);
  const windows = windowEnds(training, window).length;
  const settings = settingsOf(config, windows);
  const detector = await fitDetector(rows, training, settings, config.seed, epochWatch(settings.steps, config, hooks));
  hooks.evaluating();
  const scores = await scoresOf(detector, rows, validation);
  const units = unitsIn(document, 'validation').length;
  const weights = { parameters: detector.parameters, statistics: new Float32Array() };
  const bytes = encodeWeights(weights);
  const needed = document.sensors.map((_, sensor) => sensor).filter((sensor) => inputs.includes(sensor) || normalisation.conditionSensors.includes(sensor));
  const model: ModelDocument = {
    version: 1,
    id: identity.model,
    task: 'anomaly',
    machineType: document.machineType,
    axis: document.axis,
    step: document.step,
    unit: document.unit,
    stepInUnit: document.stepInUnit,
    sensors: needed.flatMap((sensor) => document.sensors[sensor] ?? []),
    inputs: inputs.map((sensor) => needed.indexOf(sensor)),
    masks: [],
    normalisation: cutTo(normalisation, needed),
    leftOut: [...document.leftOut, ...leftOut],
    config,
    cleaning: document.cleaning,
    conformal: null,
    threshold: null,
    calibration: null,
    fault: null,
    anomaly: modelOf(detector),
    healthy: inputs.map(() => 0),
    ground: { low: inputs.map(() => -Number.MAX_VALUE), high: inputs.map(() => Number.MAX_VALUE), outsideShare: 1, missingShare: 0.5 },
    baselines: [],
    parameters: detector.parameters.length,
    weights: detector.network.parameters.map(({ name, shape }) => ({ name, shape: [...shape] })),
    weightsSha256: identity.sha256(bytes),
    backend: identity.backend,
    versions: identity.versions,
    fingerprint: document.fingerprint,
    bestEpoch: config.epochs,
    evaluation: { metrics: metricsOf(units, scores.length, detector.limit, shareAbove(scores)), baselines: rivals(rows, training, validation, units) },
  };
  return { document: model, weights: bytes };
};
