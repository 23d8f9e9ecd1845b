import { fitNormalisation } from '../../dataset/normalisation.ts';
import { unitsIn } from '../../dataset/table.ts';
import type { Normalisation } from '../../documents/model.ts';
import type { HonestyFinding } from '../../documents/honesty.ts';
import { meanOf, spreadOf } from '../statistics.ts';
import { columnOf, columnsOf, findingOf, sensorName, usedUnits, type Subject } from '../subject.ts';

/** Means of lives of independent rows differ by spread / sqrt(rows) at least; a twentieth of that is no chance. */
const OF_CHANCE = 0.05;
const FEWEST_LIVES = 4;
const FEWEST_VALUES = 30;

interface Extremes {
  readonly low: number;
  readonly high: number;
  /** Rows that hold the lowest, and the highest: many where a sensor is at its stop. */
  readonly atStops: number;
  readonly different: number;
  /** Whether the lowest, or the highest, stands in the first row: a counter begins at 0 without any scaling. */
  readonly lowFirst: boolean;
  readonly highFirst: boolean;
}

const extremesOf = (values: Float64Array): Extremes => {
  const known = values.filter(Number.isFinite);
  const low = known.reduce((a, b) => Math.min(a, b), Infinity);
  const high = known.reduce((a, b) => Math.max(a, b), -Infinity);
  return { low, high, atStops: known.filter((value) => value === low || value === high).length, different: new Set(known).size, lowFirst: known[0] === low, highFirst: known[0] === high };
};

/** Whether every life has the same mean and spread, beyond chance; the figure is against what chance would leave. */
const standardised = (columns: readonly Float64Array[]): number => {
  const means = columns.map(meanOf);
  const spreads = columns.map(spreadOf);
  const spread = meanOf(spreads);
  const rows = meanOf(columns.map((column) => column.length));
  if (!(spread > 0)) return 1;
  return Math.max(spreadOf(means) / (spread / Math.sqrt(rows)), spreadOf(spreads) / (spread / Math.sqrt(2 * rows)));
};

/** Whether every life reaches the same lowest or the same highest value, met once in each; the figure is the spread of these. */
const stretched = (columns: readonly Float64Array[]): number => {
  const extremes = columns.map(extremesOf);
  const range = meanOf(extremes.map(({ low, high }) => high - low));
  if (!(range > 0) || extremes.some(({ atStops, different }) => atStops > 3 || different < FEWEST_VALUES)) return 1;
  const alike = (ends: readonly number[], first: readonly boolean[]): number => (first.filter((one) => one).length > first.length / 2 ? 1 : spreadOf(ends) / range);
  return Math.min(alike(extremes.map(({ low }) => low), extremes.map(({ lowFirst }) => lowFirst)), alike(extremes.map(({ high }) => high), extremes.map(({ highFirst }) => highFirst)));
};

/** Whether every life ends at the same value, though they wander: scaled by what was read last. The figure is the spread of these ends. */
const endsAlike = (columns: readonly Float64Array[]): number => {
  const ends = columns.map((column) => column.findLast(Number.isFinite) ?? Number.NaN);
  const extremes = columns.map(extremesOf);
  const held = columns.some((column, at) => column.filter((value) => value === ends[at]).length > 2);
  if (held || extremes.some(({ different }) => different < FEWEST_VALUES)) return 1;
  return spreadOf(ends) / meanOf(extremes.map(({ low, high }) => high - low));
};

const scaledLives = (subject: Subject): HonestyFinding[] => {
  const { dataset } = subject.prepared;
  const units = usedUnits(dataset).filter(({ unit }) => unit.rows >= FEWEST_VALUES);
  if (units.length < FEWEST_LIVES) return [];
  const found = columnsOf(subject.prepared).flatMap((sensor) => {
    const columns = units.map(({ unit }) => columnOf(dataset, unit, sensor));
    const byMoments = standardised(columns);
    const byRange = stretched(columns);
    const byEnd = endsAlike(units.flatMap(({ unit }, at) => (unit.end === 'failure' ? (columns[at] ?? []) : [])));
    const figure = Math.min(byMoments, byRange, byEnd);
    return byMoments <= OF_CHANCE || Math.min(byRange, byEnd) <= 1e-4 ? [{ name: sensorName(dataset, sensor), figure }] : [];
  });
  if (found.length === 0) return [];
  const names = found.map(({ name }) => name);
  return [findingOf('scaled-over-life', { columns: names, figure: Math.max(...found.map(({ figure }) => figure)), limit: OF_CHANCE, measure: 'differences of mean and spread between the lives, against what chance leaves', what: `${names.join(', ')}: every life was scaled by itself, its end included, which is not known while the machine runs.`, remedy: 'Import the readings as they were measured; Millwright scales them by the training lives.' })];
};

/** Whether values have mean 0 and spread 1, or run from 0 to 1, far more exactly than parts of them do. */
const scaledAsOne = (all: Float64Array, training: Float64Array): boolean => {
  const tolerance = Math.max(OF_CHANCE / Math.sqrt(all.length), 2e-5);
  const isUnit = (values: Float64Array): boolean => Math.abs(meanOf(values)) <= tolerance && Math.abs(spreadOf(values) - 1) <= tolerance;
  if (isUnit(all)) return !isUnit(training);
  const [whole, part] = [extremesOf(all), extremesOf(training)];
  const runs = ({ low, high }: Extremes): boolean => Math.abs(low) <= 1e-6 && Math.abs(high - 1) <= 1e-6;
  return runs(whole) && !runs(part) && whole.atStops <= 4 && whole.different >= FEWEST_VALUES;
};

const scaledTogether = (subject: Subject): HonestyFinding[] => {
  const { dataset } = subject.prepared;
  const units = usedUnits(dataset);
  const sensors = columnsOf(subject.prepared);
  const joined = (sensor: number, training: boolean): Float64Array => Float64Array.from(units.flatMap(({ unit }) => (training && unit.split !== 'train' ? [] : [...columnOf(dataset, unit, sensor)])));
  const found = sensors.filter((sensor) => scaledAsOne(joined(sensor, false), joined(sensor, true)));
  if (found.length < Math.max(1, sensors.length / 3)) return [];
  const names = found.map((sensor) => sensorName(dataset, sensor));
  return [findingOf('scaler-saw-validation', { columns: names, figure: found.length, limit: Math.max(1, sensors.length / 3), measure: 'columns with mean 0 and spread 1, or from 0 to 1, over training and validation lives together', what: `${names.join(', ')} were scaled by all lives, those that validate included.`, remedy: 'Import the readings as they were measured; Millwright scales them by the training lives.' })];
};

const differs = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]): boolean =>
  a.length !== b.length || a.some((row, at) => row.length !== b[at]?.length || row.some((value, column) => Math.abs(value - (b[at]?.[column] ?? Number.NaN)) > 1e-6 * Math.max(1e-12, Math.abs(value))));

const foreignScaler = ({ prepared }: Subject): HonestyFinding[] => {
  const own: Normalisation = fitNormalisation(prepared.dataset, unitsIn(prepared.dataset.document, 'train'));
  if (!differs(prepared.normalisation.mean, own.mean) && !differs(prepared.normalisation.std, own.std)) return [];
  return [findingOf('scaler-saw-validation', { figure: 1, limit: 0, measure: 'scaling differs from the one that the training lives alone give', what: "The model's scaling is not the one that its training lives give: it has seen other lives.", remedy: 'Train again; the scaling has to be learnt from the training lives alone.' })];
};

/** Scaling that has seen what it must not: a life's own end, or the validation lives. */
export const scalingThatSawTooMuch = (subject: Subject): HonestyFinding[] => [...scaledLives(subject), ...scaledTogether(subject), ...foreignScaler(subject)];
