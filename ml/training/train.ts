import type { DatasetDocument } from '../documents/dataset.ts';
import type { ModelDocument, Normalisation } from '../documents/model.ts';
import { fitBaselines } from '../evaluation/baselines/baselines.ts';
import type { Points } from '../evaluation/baselines/points.ts';
import { coverageByUnit, fitConformal } from '../evaluation/conformal.ts';
import { calibratedValues, evaluatePoints, type Calibrated } from '../evaluation/evaluate.ts';
import { fitPlatt } from '../evaluation/platt.ts';
import { bestThreshold } from '../evaluation/precisionRecall.ts';
import { fitTemperature } from '../evaluation/temperature.ts';
import { predictWindows, type Weights } from '../models/predict.ts';
import { encodeWeights } from '../models/weights.ts';
import { fit, type FitHooks } from './fit.ts';
import type { Prepared } from './prepare.ts';
import type { FitState } from './state.ts';
import { validationWindows } from './validate.ts';

const ALPHA = 0.1;

/** What a model carries that the data don't know. */
export interface Identity {
  readonly model: string;
  readonly backend: string;
  readonly versions: Record<string, string>;
  readonly sha256: (bytes: Uint8Array) => string;
}

/** A trained model as it is stored: model.json and weights.bin. */
export interface TrainedModel {
  readonly document: ModelDocument;
  readonly weights: Uint8Array;
}

export interface TrainHooks extends FitHooks {
  /** The last epoch is done; calibration and evaluation begin. */
  evaluating(): void;
}

/** Sensors that a slice must bring: inputs and condition sensors, with the normalisation cut down to them. */
const projectSensors = (document: DatasetDocument, inputs: readonly number[], normalisation: Normalisation) => {
  const needed = document.sensors.map((_, sensor) => sensor).filter((sensor) => inputs.includes(sensor) || normalisation.conditionSensors.includes(sensor));
  const cut = (table: number[][]): number[][] => table.map((row) => needed.map((sensor) => row[sensor] ?? 0));
  return {
    sensors: needed.flatMap((sensor) => document.sensors[sensor] ?? []),
    inputs: inputs.map((sensor) => needed.indexOf(sensor)),
    normalisation: { ...normalisation, conditionSensors: normalisation.conditionSensors.map((sensor) => needed.indexOf(sensor)), mean: cut(normalisation.mean), std: cut(normalisation.std) },
  };
};

/** Calibration on validation units: intervals for remaining life; probability and threshold for failure; probabilities of the kinds of fault. */
const calibrate = ({ config, classes }: Prepared, values: Float32Array, { windows }: Points): Calibrated => {
  const none = { conformal: null, calibration: null, threshold: null, fault: null };
  if (config.task === 'fault') return { ...none, fault: { classes: [...classes], temperature: fitTemperature(values, windows.labels, classes.length) } };
  if (config.task === 'rul') {
    const conformal = fitConformal({ predicted: values, truth: windows.labels, units: windows.units }, ALPHA, config.rulCap ?? 1, config.seed);
    return { ...none, conformal };
  }
  const calibration = fitPlatt(values, windows.labels);
  return { ...none, calibration, threshold: bestThreshold(calibratedValues(values, { calibration, fault: null }), windows.labels) };
};

const pointsOf = ({ dataset, rows, config }: Prepared, windows: Prepared['training']): Points => ({ document: dataset.document, rows, windows, window: config.window });

/** Calibrates and evaluates weights on the validation units, and writes the model's document. */
const describe = async (prepared: Prepared, weights: Weights, bestEpoch: number, identity: Identity): Promise<TrainedModel> => {
  const { dataset, config, network } = prepared;
  const points = pointsOf(prepared, validationWindows(prepared.validation));
  const values = (await predictWindows(network, weights, prepared.rows, points.windows)).map((output) => network.head.value(output));
  const calibrated = calibrate(prepared, values, points);
  const baselines = fitBaselines(pointsOf(prepared, prepared.training), config, prepared.classes.length);
  const coverage = calibrated.conformal === null ? null : coverageByUnit({ predicted: values, truth: points.windows.labels, units: points.windows.units }, ALPHA, config.rulCap ?? 1, config.seed);
  const { document } = dataset;
  const bytes = encodeWeights(weights);
  return {
    weights: bytes,
    document: {
      version: 1,
      id: identity.model,
      task: config.task,
      machineType: document.machineType,
      axis: document.axis,
      step: document.step,
      unit: document.unit,
      stepInUnit: document.stepInUnit,
      ...projectSensors(document, prepared.inputs, prepared.normalisation),
      masks: [...prepared.masks],
      leftOut: prepared.leftOut,
      config,
      cleaning: document.cleaning,
      ...calibrated,
      anomaly: null,
      healthy: prepared.healthy,
      ground: prepared.ground,
      baselines,
      parameters: weights.parameters.length,
      weights: [...network.parameters, ...network.statistics].map(({ name, shape }) => ({ name, shape: [...shape] })),
      weightsSha256: identity.sha256(bytes),
      backend: identity.backend,
      versions: identity.versions,
      fingerprint: document.fingerprint,
      bestEpoch,
      evaluation: evaluatePoints(points, config, calibratedValues(values, calibrated), calibrated, baselines, coverage),
    },
  };
};


/**
 * Trains on prepared data from start (or a checkpoint) to a stored model: fit, calibrate, evaluate.
 * @throws MlError as `fit` does
 */
export const train = async (prepared: Prepared, identity: Identity, hooks: TrainHooks, from?: FitState): Promise<TrainedModel> => {
  const { best, weights } = await fit(prepared, hooks, from);
  hooks.evaluating();
  return describe(prepared, best?.weights ?? weights, best?.epoch ?? 0, identity);
};
