import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { lifeRatio, type OperatingCondition } from '../../ml/degradation/iso281.ts';
import type { AxisFeatures, VibrationHistory } from '../../ml/degradation/history.ts';
import { AppError } from '../contract/errors.ts';

/** The three operating conditions of the PRONOSTIA rig, by the first figure of a bearing's name (Nectoux et al. 2012). */
const conditions: Readonly<Record<string, OperatingCondition>> = {
  1: { speedRpm: 1800, loadN: 4000 },
  2: { speedRpm: 1650, loadN: 4200 },
  3: { speedRpm: 1500, loadN: 5000 },
};
const reference: OperatingCondition = { speedRpm: 1800, loadN: 4000 };

const featureColumns = ['h_rms_g', 'h_peak_g', 'h_kurtosis', 'v_rms_g', 'v_peak_g', 'v_kurtosis'];

/** A bearing's features, and the seconds between two snapshots. */
export interface Bearing {
  readonly history: VibrationHistory;
  readonly stepSeconds: number;
}

const textOf = (path: string): string => (path.endsWith('.gz') ? gunzipSync(readFileSync(path)).toString('utf8') : readFileSync(path, 'utf8'));

const understood = (condition: boolean, message: string, file: string): void => {
  if (!condition) throw new AppError('file-not-understood', message, { file });
};

/** Seconds of a clock time hh:mm:ss.ffffff. */
const clockSeconds = (clock: string): number => clock.split(':').reduce((sum, part) => 60 * sum + Number(part), 0);

/** Median step between two snapshots; a step over midnight is one among many. */
const stepOf = (clocks: readonly string[]): number => {
  const seconds = clocks.map(clockSeconds);
  const steps = seconds.slice(1).map((value, at) => value - (seconds[at] ?? 0)).sort((one, other) => one - other);
  return steps[steps.length >> 1] ?? Number.NaN;
};

const axisOf = (table: readonly Float64Array[], first: number): AxisFeatures => ({
  rms: table[first] ?? new Float64Array(),
  peak: table[first + 1] ?? new Float64Array(),
  kurtosis: table[first + 2] ?? new Float64Array(),
});

/**
 * One features file: a header and a line a snapshot.
 * @throws AppError 'file-not-understood' when a column is missing or a value isn't a positive number
 */
export const readBearing = (path: string, name: string): Bearing => {
  const [header = '', ...lines] = textOf(path).split(/\r?\n/).filter((line) => line.trim() !== '');
  const columns = header.split(',');
  const places = featureColumns.map((column) => columns.indexOf(column));
  const clock = columns.indexOf('clock');
  understood(clock >= 0 && places.every((place) => place >= 0), `${path} should have the columns clock, ${featureColumns.join(', ')}; it has ${columns.join(', ')}.`, path);
  understood(lines.length >= 2, `${path} has ${lines.length} snapshots; 2 are needed at least.`, path);
  const rows = lines.map((line) => line.split(','));
  const table = places.map((place) => Float64Array.from(rows, (row) => Number(row[place])));
  table.forEach((values, at) => {
    const bad = values.findIndex((value) => !(value > 0 && Number.isFinite(value)));
    understood(bad === -1, `Line ${bad + 2} of ${path}: ${featureColumns[at] ?? ''} should be a positive number.`, path);
  });
  const stepSeconds = stepOf(rows.map((row) => row[clock] ?? ''));
  understood(stepSeconds > 0, `The clock of ${path} doesn't move on.`, path);
  const condition = conditions[/^Bearing(\d)_/.exec(name)?.[1] ?? ''];
  return {
    stepSeconds,
    history: { name, rows: lines.length, axes: [axisOf(table, 0), axisOf(table, 3)], lifeScale: condition === undefined ? 1 : lifeRatio(condition, reference) },
  };
};

/**
 * All bearings of a folder of features files (.csv, or .csv.gz), by name.
 * @throws AppError 'not-found' when the folder isn't there or holds none
 */
export const readBearings = (folder: string): Bearing[] => {
  if (!existsSync(folder)) throw new AppError('not-found', `${folder} is not there. Give the folder that holds features_train and features_test_truncated with --data.`, { file: folder });
  const names = readdirSync(folder).filter((name) => /\.csv(\.gz)?$/.test(name)).sort();
  if (names.length === 0) throw new AppError('not-found', `There is no .csv in ${folder}.`, { file: folder });
  return names.map((name) => readBearing(join(folder, name), name.replace(/\.csv(\.gz)?$/, '')));
};

/** 'Bearing1_3', 'bearing1_3' and '1_3' are the same bearing. */
export const bearingKey = (name: string): string => name.trim().replace(/^"|"$/g, '').replace(/^bearing[ _-]?/i, '');

/**
 * The truth: csv with the columns bearing and rul_s.
 * @returns seconds by `bearingKey`
 * @throws AppError 'not-found', or 'file-not-understood'
 */
export const readRemaining = (path: string): Map<string, number> => {
  if (!existsSync(path)) throw new AppError('not-found', `${path} is not there. Give the csv with the columns bearing and rul_s with --truth.`, { file: path });
  const [header = '', ...lines] = textOf(path).split(/\r?\n/).filter((line) => line.trim() !== '');
  const columns = header.split(',').map((column) => column.trim().replace(/^"|"$/g, ''));
  const bearing = columns.indexOf('bearing');
  const remaining = columns.indexOf('rul_s');
  understood(bearing >= 0 && remaining >= 0, `${path} should have the columns bearing and rul_s; it has ${columns.join(', ')}.`, path);
  return new Map(lines.map((line, at): [string, number] => {
    const cells = line.split(',');
    const seconds = Number(cells[remaining]);
    understood(seconds > 0 && Number.isFinite(seconds), `Line ${at + 2} of ${path}: rul_s should be a positive number of seconds.`, path);
    return [bearingKey(cells[bearing] ?? ''), seconds];
  }));
};
