import type { Evaluation } from '../documents/metrics.ts';
import { MlError } from '../errors.ts';
import { faultLabels } from '../dataset/faults.ts';
import { failureLabels, rulLabels } from '../dataset/labels.ts';
import { unitsIn, type Dataset } from '../dataset/table.ts';
import { minimumHistory, selectWindows, windowsByUnit, windowsOf, type Windows } from '../dataset/windows.ts';
import { calibratedValues, evaluatePoints } from '../evaluation/evaluate.ts';
import { rmse } from '../evaluation/rmse.ts';
import { predictWindows } from '../models/predict.ts';
import { normaliseFor, type Predictor } from './predictor.ts';

/** How the model did on one unit of a dataset. Values in the model's unit, or probabilities. */
export interface UnitResult {
  readonly asset: string;
  readonly points: number;
  /** Over the unit's windows; null for `failure`. */
  readonly rmse: number | null;
  /** At the unit's last window. */
  readonly predicted: number | null;
  readonly truth: number | null;
}

export interface EvaluationOnUnseen {
  readonly evaluation: Evaluation;
  readonly perUnit: UnitResult[];
}

/** The dataset's rows with the model's sensors in the model's order; a sensor that the dataset lacks is NaN. */
const alignSensors = (predictor: Predictor, { document, values }: Dataset): Float32Array => {
  const places = predictor.document.sensors.map(({ name }) => document.sensors.findIndex((sensor) => sensor.name === name));
  const missing = predictor.document.sensors.filter((_, at) => places[at] === -1).map(({ name }) => name);
  if (missing.length > 0) throw new MlError('input-invalid', `The data lack sensors that model ${predictor.document.id} needs: ${missing.join(', ')}. Import them, or map them to these names.`);
  const width = document.sensors.length;
  const aligned = new Float32Array(document.rows * places.length);
  for (let row = 0; row < document.rows; row++) places.forEach((place, at) => (aligned[row * places.length + at] = values[row * width + place] ?? Number.NaN));
  return aligned;
};

/** Which windows of a unit are judged: every one, or its last alone (the protocol of C-MAPSS). */
export type Judged = 'all' | 'last';

/** Truth at every row, [rows], for the model's task. */
const labelsFor = ({ document: { config, fault } }: Predictor, { document }: Dataset): Float32Array =>
  fault !== null ? faultLabels(document, config.horizon ?? 0, fault.classes) : config.task === 'failure' ? failureLabels(document, config.horizon ?? 0) : rulLabels(document, config.rulCap ?? Number.POSITIVE_INFINITY);

const lastOfEach = (windows: Windows): Windows => selectWindows(windows, [...windowsByUnit(windows).values()].flatMap((own) => own.slice(-1)));

/**
 * Metrics of a model, and of its naive rivals, on the 'test' units of a dataset that it has not seen.
 * With `last`, no unit is left out however short it is: its window is padded.
 * @throws MlError 'input-invalid' when a sensor is missing, 'no-labels' when no window's truth is known
 */
export const evaluateOn = async (predictor: Predictor, dataset: Dataset, judged: Judged): Promise<EvaluationOnUnseen> => {
  const { document: model, network, weights } = predictor;
  const { config } = model;
  const rows = normaliseFor(predictor, alignSensors(predictor, dataset));
  const labels = labelsFor(predictor, dataset);
  const every = windowsOf(dataset.document, unitsIn(dataset.document, 'test'), labels, 1, judged === 'last' ? 1 : minimumHistory(config.window));
  const windows = judged === 'last' ? lastOfEach(every) : every;
  if (windows.ends.length === 0) throw new MlError('no-labels', 'None of these data has a known outcome to judge the model by. Import the events (failures) of these machines.');
  const outputs = await predictWindows(network, weights, rows, windows);
  const predicted = calibratedValues(outputs.map((output) => network.head.value(output)), model);
  const points = { document: dataset.document, rows, windows, window: config.window };
  const scale = config.task === 'rul' ? model.stepInUnit : 1;
  const perUnit = [...windowsByUnit(windows).entries()].map(([unit, own]): UnitResult => {
    const last = own[own.length - 1] ?? 0;
    return {
      asset: dataset.document.units[unit]?.asset ?? String(unit),
      points: own.length,
      rmse: config.task === 'rul' ? scale * rmse(own.map((at) => predicted[at] ?? 0), own.map((at) => windows.labels[at] ?? 0)) : null,
      predicted: (predicted[last] ?? 0) * scale,
      truth: (windows.labels[last] ?? 0) * scale,
    };
  });
  return { evaluation: evaluatePoints(points, config, predicted, model, model.baselines), perUnit };
};
