import type { TrainingConfig } from '../documents/config.ts';
import type { Ground, Normalisation } from '../documents/model.ts';
import { MlError } from '../errors.ts';
import { normalisedRows, missingShare, type NormalisedRows } from '../dataset/gather.ts';
import { chooseMasks, withMasks } from '../dataset/masks.ts';
import { fitGround } from '../dataset/sensors/ground.ts';
import { fitLikeness } from '../dataset/sensors/likeness.ts';
import { noiseOf } from '../dataset/sensors/noise.ts';
import { chooseInputs } from '../dataset/sensors/inputs.ts';
import { faultClasses, faultLabels } from '../dataset/faults.ts';
import { defaultRulCap, failureLabels, rulLabels } from '../dataset/labels.ts';
import { fitNormalisation, normalise } from '../dataset/normalisation.ts';
import { unitsIn, type Dataset } from '../dataset/table.ts';
import { minimumHistory, selectWindows, windowsOf, type Windows } from '../dataset/windows.ts';
import { buildNetwork, type Network } from '../models/network.ts';

/** Share of the cells of a training window that may be missing. */
const MOST_MISSING = 0.5;
const FEWEST_WINDOWS = 16;

/** Everything between a frozen dataset and the first epoch: what was learnt about the data from its training part alone. */
export interface Prepared {
  readonly dataset: Dataset;
  /** Without nulls where the task needs a value. */
  readonly config: TrainingConfig;
  /** Over the dataset's sensors. */
  readonly normalisation: Normalisation;
  /** Sensors of the dataset that feed the network, by index. */
  readonly inputs: readonly number[];
  /** Inputs, by position among them, that have a mask behind the inputs. */
  readonly masks: readonly number[];
  readonly leftOut: { name: string; reason: string }[];
  /** Classes of `fault`, 'healthy' first; empty for other tasks. */
  readonly classes: readonly string[];
  readonly labels: Float32Array;
  /** All rows of the dataset, normalised: [rows, inputs + masks]. */
  readonly rows: NormalisedRows;
  /** Measurement noise of each input, [inputs] (see `noiseOf`). */
  readonly noise: Float32Array;
  readonly healthy: number[];
  readonly ground: Ground;
  readonly training: Windows;
  readonly validation: Windows;
  readonly network: Network;
}

const resolve = (dataset: Dataset, config: TrainingConfig): TrainingConfig => {
  if (config.task === 'rul') return { ...config, rulCap: config.rulCap ?? defaultRulCap(dataset.document) };
  if ((config.task === 'failure' || config.task === 'fault') && config.horizon === null) throw new MlError('input-invalid', `Task '${config.task}' needs a horizon in steps of the dataset; none was given.`);
  return config;
};

const labelsOf = ({ document }: Dataset, { task, rulCap, horizon }: TrainingConfig, classes: readonly string[]): Float32Array => {
  if (task === 'rul' && rulCap !== null) return rulLabels(document, rulCap);
  if (task === 'failure' && horizon !== null) return failureLabels(document, horizon);
  if (task === 'fault' && horizon !== null) return faultLabels(document, horizon, classes);
  throw new MlError('task-not-supported', `Task '${task}' has no labels yet; 'rul', 'failure' and 'fault' can be trained.`);
};

/** Mean normalised value of each input over the first quarter of the units' rows; 0, the mean, where nothing was measured. */
const healthyMeans = (dataset: Dataset, units: readonly number[], rows: NormalisedRows): number[] => {
  const sums = new Float64Array(rows.inputs);
  const counts = new Float64Array(rows.inputs);
  for (const index of units) {
    const unit = dataset.document.units[index];
    if (unit === undefined) continue;
    for (let row = unit.offset; row < unit.offset + Math.ceil(unit.rows / 4); row++)
      for (let input = 0; input < rows.inputs; input++) {
        const value = rows.values[row * rows.inputs + input] ?? Number.NaN;
        if (Number.isNaN(value)) continue;
        sums[input] = (sums[input] ?? 0) + value;
        counts[input] = (counts[input] ?? 0) + 1;
      }
  }
  return Array.from(sums, (sum, input) => sum / Math.max(1, counts[input] ?? 0));
};

const rowsOfUnits = (dataset: Dataset, units: readonly number[], rows: NormalisedRows): NormalisedRows => {
  const parts = units.flatMap((index) => {
    const unit = dataset.document.units[index];
    return unit === undefined ? [] : [rows.values.subarray(unit.offset * rows.inputs, (unit.offset + unit.rows) * rows.inputs)];
  });
  const values = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    values.set(part, at);
    at += part.length;
  }
  return { ...rows, values };
};

const measured = (rows: NormalisedRows, windows: Windows, window: number): Windows => {
  if (!rows.gaps) return windows;
  const kept = [...windows.ends.keys()].filter((at) => missingShare(rows, windows.ends[at] ?? 0, windows.firsts[at] ?? 0, window) <= MOST_MISSING);
  return selectWindows(windows, kept);
};

const checkWindows = (config: TrainingConfig, classes: readonly string[], training: Windows, validation: Windows): void => {
  if (training.ends.length < FEWEST_WINDOWS || validation.ends.length === 0)
    throw new MlError('too-little-data', `Training needs ${FEWEST_WINDOWS} labelled windows of ${config.window} steps and one to validate; there are ${training.ends.length} and ${validation.ends.length}. Record longer runs, or take a shorter window.`, { training: training.ends.length, validation: validation.ends.length });
  if (config.task === 'failure' && (!training.labels.includes(1) || !training.labels.includes(0)))
    throw new MlError('no-labels', `With a horizon of ${config.horizon ?? 0} steps every training window has the same label. Choose a horizon that some windows lie within and some don't.`);
  const without = config.task === 'fault' ? classes.filter((_, at) => !training.labels.includes(at)) : [];
  if (without.length > 0) throw new MlError('no-labels', `No training window is of ${without.map((name) => `'${name}'`).join(', ')}. Choose another horizon than ${config.horizon ?? 0} steps, or record more failures of these kinds.`);
};

/**
 * Labels, normalisation, inputs, ground and windows of a frozen dataset; all but the labels from its training units alone.
 * @throws MlError 'too-little-data', 'no-labels', 'input-invalid', 'task-not-supported'
 */
export const prepare = (dataset: Dataset, wanted: TrainingConfig): Prepared => {
  const { document, values } = dataset;
  const trainingUnits = unitsIn(document, 'train');
  const config = resolve(dataset, wanted);
  const classes = config.task === 'fault' ? faultClasses(document) : [];
  const labels = labelsOf(dataset, config, classes);
  const normalisation = fitNormalisation(dataset, trainingUnits);
  const { inputs, leftOut } = chooseInputs(dataset, trainingUnits, normalisation, labels, classes.length);
  if (inputs.length === 0) throw new MlError('too-little-data', 'Every sensor is constant or empty in the training part. Import sensors that vary.');
  const measuredRows = normalisedRows(normalise(normalisation, values, document.sensors.length, inputs), inputs.length);
  const masks = chooseMasks(rowsOfUnits(dataset, trainingUnits, measuredRows), config.maskInputs);
  const rows = withMasks(measuredRows, masks);
  const history = minimumHistory(config.window);
  const windows = (units: number[], stride: number): Windows => measured(rows, windowsOf(document, units, labels, stride, history), config.window);
  const training = windows(trainingUnits, config.stride);
  const validation = windows(unitsIn(document, 'validation'), config.stride);
  checkWindows(config, classes, training, validation);
  return {
    dataset,
    config,
    normalisation,
    inputs,
    masks,
    leftOut: [...document.leftOut, ...leftOut],
    classes,
    labels,
    rows,
    noise: noiseOf(document, trainingUnits, rows, inputs.length),
    healthy: healthyMeans(dataset, trainingUnits, rows),
    ground: { ...fitGround(rowsOfUnits(dataset, trainingUnits, rows)), likeness: fitLikeness(document, rows, config.window) },
    training,
    validation,
    network: buildNetwork(config, rows.inputs, classes.length),
  };
};
