import type { ModelDocument } from '../documents/model.ts';
import type { NoForecast, Prediction } from '../documents/prediction.ts';
import { MlError } from '../errors.ts';
import { gatherWindow } from '../dataset/gather.ts';
import { intervalOf } from '../evaluation/conformal.ts';
import { sigmoid } from '../evaluation/platt.ts';
import { softmax } from '../evaluation/softmax.ts';
import { driversOf } from '../explain/occlusion.ts';
import { predictCells } from '../models/predict.ts';
import { groundless } from './ground.ts';
import { normaliseFor, type Predictor } from './predictor.ts';

/** The newest rows of one asset on the model's grid, oldest first: row-major [rows, sensors], NaN where nothing was measured. */
export interface RawSlice {
  readonly rows: number;
  readonly values: Float32Array;
}

const nothing = { rul: null, failure: null, fault: null, anomaly: null };
const none = (noForecast: NoForecast): Prediction => ({ ...nothing, drivers: [], noForecast });

/** A kind of fault is named where it is more likely than all others together. */
const LIKELY = 0.5;

const wordFault = ({ classes, temperature }: NonNullable<ModelDocument['fault']>, logits: Float32Array, horizon: number): NonNullable<Prediction['fault']> => {
  const shares = softmax(logits, temperature);
  const told = classes.map((name, at) => ({ name, p: shares[at] ?? 0 }));
  return { horizon, classes: told, likely: told.find(({ p }) => p >= LIKELY)?.name ?? null };
};

/** The head's values as the model's document words them: an interval in the model's unit, a calibrated probability, kinds of fault. */
const wordPrediction = ({ document }: Predictor, values: Float32Array): Pick<Prediction, 'rul' | 'failure' | 'fault' | 'anomaly'> => {
  const { config, stepInUnit, conformal, calibration, fault } = document;
  const horizon = (config.horizon ?? 0) * stepInUnit;
  if (fault !== null) return { ...nothing, fault: wordFault(fault, values, horizon) };
  const value = values[0] ?? Number.NaN;
  if (config.task === 'failure') {
    const p = calibration === null ? sigmoid(value) : sigmoid(calibration.a * value + calibration.b);
    return { ...nothing, failure: { horizon, p } };
  }
  const cap = config.rulCap ?? value;
  const { low, high } = conformal === null ? { low: 0, high: cap } : intervalOf(conformal, value, cap);
  return { ...nothing, rul: { median: value * stepInUnit, low: low * stepInUnit, high: high * stepInUnit } };
};

/**
 * One prediction a slice, in the order given, in one batch. Where a slice gives no ground, the reason instead.
 * @throws MlError 'input-invalid' when a slice's length is not rows * sensors
 */
export const predictSlices = async (predictor: Predictor, slices: readonly RawSlice[]): Promise<Prediction[]> => {
  const { document, network, weights } = predictor;
  const size = network.window * network.inputs;
  const { outputs } = network.head;
  const looked = slices.map(({ rows, values }) => {
    if (values.length !== rows * document.sensors.length)
      throw new MlError('input-invalid', `A slice for model ${document.id} should hold ${rows} rows of ${document.sensors.length} sensors, but holds ${values.length} values.`);
    const normalised = normaliseFor(predictor, values);
    return { normalised, noForecast: groundless(predictor, normalised) };
  });
  const grounded = looked.flatMap(({ noForecast }, at) => (noForecast === null ? [at] : []));
  const cells = new Float32Array(grounded.length * size);
  grounded.forEach((slice, at) => {
    const rows = looked[slice]?.normalised;
    if (rows !== undefined) gatherWindow(rows, rows.values.length / rows.inputs - 1, 0, network.window, cells, at * size);
  });
  const raw = await predictCells(network, weights, cells, grounded.length);
  const values = raw.map((output) => network.head.value(output));
  const drivers = await driversOf(predictor, cells, raw);
  const answers = new Map(grounded.map((slice, at) => [slice, { ...wordPrediction(predictor, values.subarray(at * outputs, (at + 1) * outputs)), drivers: drivers[at] ?? [], noForecast: null }]));
  return looked.map(({ noForecast }, slice) => answers.get(slice) ?? none(noForecast ?? { reason: 'too-short', detail: 'no rows' }));
};
