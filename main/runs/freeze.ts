import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { machineCleaning } from '../../ml/dataset/cleaning/rows.ts';
import { MODES_NEEDED, modesWithEnough } from '../../ml/dataset/faults.ts';
import { splitByMode } from '../../ml/dataset/faultSplit.ts';
import { fingerprintOf } from '../../ml/dataset/fingerprint.ts';
import { chooseStep } from '../../ml/dataset/grid.ts';
import { FAILURES_NEEDED } from '../../ml/dataset/lives.ts';
import { keepTogether, splitInTime, splitUnits } from '../../ml/dataset/split.ts';
import { minimumHistory } from '../../ml/dataset/windows.ts';
import type { DatasetCleaning } from '../../ml/documents/cleaning.ts';
import type { TrainingConfig } from '../../ml/documents/config.ts';
import { DatasetDocument, type DatasetSensor, type DatasetUnit } from '../../ml/documents/dataset.ts';
import { AppError } from '../contract/errors.ts';
import type { AssetId } from '../contract/values.ts';
import { createTurns } from '../engine/turns.ts';
import { healthyGrid, splitHealthy } from './healthy.ts';
import { labelsMissing, tooFewModes, tooShort } from './labels.ts';
import { commonSensors, withHolds } from './sensors.ts';
import { collectMachine, failedLives, joined, machinesOf, medianLife, unitOf, type CollectedUnits, type MachineLives, type UnitStore } from './units.ts';

/** Machines with failures from which on whole machines validate, not single lives of them. */
const MACHINES_TO_SPLIT = 5;
/** A sensor measured in a smaller share of the rows is empty. */
const EMPTY_SHARE = 0.01;

/** What lies in a run's folder (ml/documents/dataset.ts). */
export const datasetFiles = (folder: string) => ({ values: join(folder, 'dataset.bin'), document: join(folder, 'dataset.json') });
export const isFrozen = (folder: string): boolean => existsSync(datasetFiles(folder).document);

/** Grid of a machine type's dataset. @throws AppError('no-labels' | 'too-little-data') saying how many failures there are and how many are needed */
export const gridOf = (machines: readonly MachineLives[], machineType: string): Pick<DatasetDocument, 'axis' | 'step' | 'unit' | 'stepInUnit'> & { life: number } => {
  const failed = failedLives(machines);
  const first = machines[0];
  if (first === undefined || failed.length < FAILURES_NEEDED) throw labelsMissing(machineType, failed.length);
  const { axis } = first.asset;
  const life = medianLife(failed);
  const step = chooseStep(axis, failed.map((one) => (one.failureAt ?? one.end) - one.start), axis === 'time' ? Math.min(...machines.map(({ interval }) => interval)) : null);
  return { axis, step, life, ...unitOf(axis, step, life) };
};

const failureGrid = (machines: readonly MachineLives[], machineType: string): Pick<DatasetDocument, 'axis' | 'step' | 'unit' | 'stepInUnit'> => {
  const { life: _life, ...grid } = gridOf(machines, machineType);
  return grid;
};

/** Takes out the sensors that say nothing: empty, or constant throughout. */
const withoutSilent = ({ units, values, rows }: CollectedUnits, sensors: DatasetSensor[], leftOut: DatasetDocument['leftOut']): CollectedUnits & { sensors: DatasetSensor[] } => {
  const width = sensors.length;
  const kept = sensors.flatMap((sensor, place) => {
    let [low, high, measured] = [Infinity, -Infinity, 0];
    for (let row = 0; row < rows; row++) {
      const value = values[row * width + place] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      measured++;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    const silent = measured < EMPTY_SHARE * rows ? 'empty' : low === high ? 'constant' : null;
    if (silent !== null) leftOut.push({ name: sensor.name, reason: silent });
    return silent === null ? [place] : [];
  });
  const narrow = new Float32Array(rows * kept.length);
  for (let row = 0; row < rows; row++) kept.forEach((place, column) => (narrow[row * kept.length + column] = values[row * width + place] ?? Number.NaN));
  return { units, values: narrow, rows, sensors: kept.flatMap((place) => sensors[place] ?? []) };
};

/** Which units validate: whole machines where there are enough that failed, else the last lives of each; never parts of a life. */
export const split = (units: readonly Omit<DatasetUnit, 'split'>[], { seed, validationShare, window }: Pick<TrainingConfig, 'seed' | 'validationShare' | 'window'>, step: number): DatasetUnit[] => {
  const failed = new Set(units.filter((unit) => unit.end === 'failure').map((unit) => unit.asset));
  if (failed.size < MACHINES_TO_SPLIT) {
    const parts = keepTogether(units, splitInTime(units, validationShare), step, window);
    return units.map((unit, i) => ({ ...unit, split: parts[i] ?? 'train' }));
  }
  const machines = [...new Set(units.map((unit) => unit.asset))];
  const parts = splitUnits(machines.map((asset) => ({ asset, end: failed.has(asset) ? ('failure' as const) : ('censored' as const) })), seed, validationShare);
  const partOf = new Map(machines.map((asset, i) => [asset, parts[i] ?? 'train']));
  return units.map((unit) => ({ ...unit, split: partOf.get(unit.asset) ?? 'train' }));
};

/** The same where kinds of faults are told apart: every class on both sides. */
const splitForFaults = (units: readonly Omit<DatasetUnit, 'split'>[], machineType: string, { seed, validationShare, window }: TrainingConfig, step: number): DatasetUnit[] => {
  const modes = modesWithEnough({ units });
  if (modes.length < MODES_NEEDED) throw tooFewModes(machineType, modes);
  const parts = keepTogether(units, splitByMode(units, seed, validationShare), step, window);
  return units.map((unit, i) => ({ ...unit, split: parts[i] ?? 'train' }));
};

/**
 * What a task learns from and what it validates on.
 * @param known failures that are known, with or without readings before them
 */
const partsOf = (units: readonly Omit<DatasetUnit, 'split'>[], machineType: string, config: TrainingConfig, step: number, known: number): DatasetUnit[] => {
  if (config.task === 'anomaly') return splitHealthy(units, machineType, config, step);
  const failures = units.filter((unit) => unit.end === 'failure').length;
  if (failures < FAILURES_NEEDED) throw tooShort(machineType, known, failures, config.window);
  return config.task === 'fault' ? splitForFaults(units, machineType, config, step) : split(units, config, step);
};

/** Whole or not at all: a temporary name, synced, renamed. */
const writeWhole = async (file: string, bytes: Uint8Array | string): Promise<void> => {
  try {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(`${file}.new`, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(`${file}.new`, file);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError('disk-full', `${file} could not be written (${reason}); make room on the disk and start the run again`, { file }, thrown);
  }
};

/** The cleaning recipes of machines as numbers; null where none does anything. @param step of the grid */
export type SettleCleaning = (assets: readonly AssetId[], step: number, signal: AbortSignal) => Promise<DatasetCleaning | null>;

export interface FreezeHooks {
  readonly signal: AbortSignal;
  readonly settleCleaning: SettleCleaning;
  progress(done: number, total: number): void;
}

const sha256 = (...parts: (Uint8Array | string)[]): string => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');

/**
 * Freezes the lives of all machines of a type into a run's folder: a run is trained from that alone.
 * @throws AppError('no-labels' | 'too-little-data' | 'cancelled' | 'disk-full')
 */
export const freeze = async (plant: UnitStore, machineType: string, config: TrainingConfig, folder: string, { signal, progress, settleCleaning }: FreezeHooks): Promise<DatasetDocument> => {
  const machines = machinesOf(plant, machineType);
  const grid = config.task === 'anomaly' ? healthyGrid(machines, machineType) : failureGrid(machines, machineType);
  const { sensors: inAll, leftOut } = commonSensors(machines, config.leaveOut);
  const common = withHolds(plant, machines, inAll, grid.step);
  if (common.length === 0) throw new AppError('too-little-data', `the machines of type '${machineType}' have no sensor in common; give the same measurement the same name on each`, { machineType });
  const cleaning = await settleCleaning(machines.map(({ asset }) => asset.id), grid.step, signal);
  const parts: CollectedUnits[] = [];
  for (const [done, machine] of machines.entries()) {
    progress(done, machines.length);
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) throw AppError.of(signal.reason);
    parts.push(await collectMachine(plant, machine, common, { step: grid.step, least: minimumHistory(config.window) }, machineCleaning(cleaning, plant.assets.pathOf(machine.asset.id)), createTurns(signal)));
  }
  const { units, values, rows, sensors } = withoutSilent(joined(parts), common, leftOut);
  if (sensors.length === 0) throw new AppError('too-little-data', `every sensor of the machines of type '${machineType}' is empty or constant: nothing can be learned from them; import readings that vary`, { machineType });
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const document = DatasetDocument.parse({
    version: 1, task: config.task, machineType, ...grid, sensors, rows, leftOut,
    units: partsOf(units, machineType, config, grid.step, failedLives(machines).length),
    cleaning, fingerprint: fingerprintOf(bytes, cleaning, sha256),
  });
  const files = datasetFiles(folder);
  await writeWhole(files.values, bytes);
  await writeWhole(files.document, `${JSON.stringify(document)}\n`);
  progress(machines.length, machines.length);
  return document;
};

/** dataset.json of a run. @throws AppError('file-unreadable') */
export const readFrozen = async (folder: string): Promise<DatasetDocument> => {
  const file = datasetFiles(folder).document;
  try {
    return DatasetDocument.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError('file-unreadable', `the frozen dataset ${file} can't be read (${reason}); start a new run`, { file }, thrown);
  }
};
