import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { AppError } from '../contract/errors.ts';
import type { DatasetDocument, DatasetUnit } from '../../ml/documents/dataset.ts';
import { datasetOf, type Dataset } from '../../ml/dataset/table.ts';

/** Columns of a C-MAPSS line after unit and cycle: three settings and 21 sensors (Saxena et al. 2008). */
const sensorNames = [...Array.from({ length: 3 }, (_, at) => `setting${at + 1}`), ...Array.from({ length: 21 }, (_, at) => `s${at + 1}`)];

const readText = (folder: string, name: string): string => {
  const plain = join(folder, name);
  if (existsSync(plain)) return readFileSync(plain, 'utf8');
  const packed = `${plain}.gz`;
  if (existsSync(packed)) return gunzipSync(readFileSync(packed)).toString('utf8');
  throw new AppError('not-found', `Neither ${plain} nor ${packed} is there. Give the folder of the C-MAPSS text files with --data.`, { file: plain });
};

const numbersOf = (line: string): number[] => line.trim().split(/\s+/).map(Number);

/** Units as they stand one after the other in a C-MAPSS text file, and their rows. */
export interface Trajectories {
  readonly names: string[];
  /** Rows of each unit. */
  readonly rows: number[];
  /** Row-major [all rows, 24]. */
  readonly values: Float32Array;
}

/**
 * Reads train_FDxxx.txt or test_FDxxx.txt (or .gz).
 * @throws AppError 'not-found', or 'file-not-understood' for a line without 26 numbers
 */
export const readTrajectories = (folder: string, name: string): Trajectories => {
  const lines = readText(folder, name).split('\n').filter((line) => line.trim() !== '');
  const width = sensorNames.length;
  const values = new Float32Array(lines.length * width);
  const names: string[] = [];
  const rows: number[] = [];
  lines.forEach((line, at) => {
    const numbers = numbersOf(line);
    if (numbers.length !== width + 2 || numbers.some(Number.isNaN)) throw new AppError('file-not-understood', `Line ${at + 1} of ${name} should be ${width + 2} numbers: '${line.slice(0, 80)}'.`);
    const unit = String(numbers[0]);
    if (names[names.length - 1] !== unit) {
      names.push(unit);
      rows.push(0);
    }
    rows[rows.length - 1] = (rows[rows.length - 1] ?? 0) + 1;
    values.set(numbers.slice(2), at * width);
  });
  return { names, rows, values };
};

/** Reads RUL_FDxxx.txt: remaining cycles after the last row of each test unit. */
export const readTruth = (folder: string, name: string): number[] =>
  readText(folder, name).split('\n').filter((line) => line.trim() !== '').map((line) => Number(line.trim()));

/**
 * Trajectories as a dataset on the axis of cycles.
 * @param split which part each unit belongs to
 * @param remaining cycles that each unit lives on after its last row
 */
export const cmapssDataset = ({ names, rows, values }: Trajectories, split: (unit: number) => DatasetUnit['split'], remaining: (unit: number) => number): Dataset => {
  let offset = 0;
  const units = names.map((asset, index): DatasetUnit => {
    const count = rows[index] ?? 0;
    const unit: DatasetUnit = { asset, offset, rows: count, start: 1, end: 'failure', failureAt: count + remaining(index), split: split(index) };
    offset += count;
    return unit;
  });
  const document: DatasetDocument = {
    version: 1,
    task: 'rul',
    machineType: 'turbofan',
    axis: 'cycle',
    step: 1,
    unit: 'cycles',
    stepInUnit: 1,
    sensors: sensorNames.map((name) => ({ name, unit: null })),
    units,
    rows: offset,
    fingerprint: '',
    leftOut: [],
    cleaning: null,
  };
  return datasetOf(document, values);
};
