import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { codeOf } from '../../ml/models/heads/conditions.ts';
import type { Cycles } from '../../ml/fault/cycles.ts';
import { AppError } from '../contract/errors.ts';

/** All sensors of the rig; those whose files are there are used. */
const SENSORS = ['PS1', 'PS2', 'PS3', 'PS4', 'PS5', 'PS6', 'EPS1', 'FS1', 'FS2', 'TS1', 'TS2', 'TS3', 'TS4', 'VS1', 'SE', 'CE', 'CP'];

/** Columns of profile.txt that are to be told, in its order. */
export const CONDITIONS = ['cooler', 'valve', 'pump', 'accumulator'] as const;

const textOf = (folder: string, name: string): string | null => {
  const plain = join(folder, `${name}.txt`);
  if (existsSync(plain)) return readFileSync(plain, 'utf8');
  return existsSync(`${plain}.gz`) ? gunzipSync(readFileSync(`${plain}.gz`)).toString('utf8') : null;
};

const rowsOf = (text: string, name: string): Float64Array[] =>
  text.split('\n').filter((line) => line.trim() !== '').map((line, at) => {
    const row = Float64Array.from(line.trim().split(/\s+/), Number);
    if (row.some(Number.isNaN)) throw new AppError('file-not-understood', `Line ${at + 1} of ${name} should be numbers: '${line.slice(0, 60)}'.`);
    return row;
  });

/** Channels that a step of a fast sensor gives at most. */
const MOST_PARTS = 10;

/** A channel of the common grid: one value a step, from the samples of one part of that step alone. */
interface Channel {
  readonly sensor: number;
  readonly rows: readonly Float64Array[];
  /** Samples of a step, and of its part [from, to). */
  readonly width: number;
  readonly from: number;
  readonly to: number;
}

const mean = (samples: Float64Array): number => samples.reduce((sum, value) => sum + value, 0) / samples.length;

/** A sensor at the grid's own rate is one channel; a faster one has a channel for each part of a step, the mean of the samples in it. */
const channelsOf = (name: string, sensor: number, rows: readonly Float64Array[], steps: number): Channel[] => {
  const samples = rows[0]?.length ?? 0;
  if (samples % steps !== 0) throw new AppError('file-not-understood', `${name} has ${samples} samples a cycle, which ${steps} steps don't divide.`);
  const width = samples / steps;
  const parts = Math.min(MOST_PARTS, width);
  return Array.from({ length: parts }, (_, part) => ({ sensor, rows, width, from: Math.round((part * width) / parts), to: Math.round(((part + 1) * width) / parts) }));
};

/** The cycles of the rig on a common grid, and what state each condition was in. */
export interface HydraulicData {
  readonly cycles: Cycles;
  readonly sensors: string[];
  readonly missing: string[];
  /** Names of the states of each condition, lowest first. */
  readonly states: string[][];
  /** State of each condition by cycle: [conditions][cycles]. */
  readonly truth: Int32Array[];
}

/**
 * Reads the files of UCI 447. The grid is that of the slowest sensor (1 Hz); a step takes nothing from after its end.
 * @throws AppError 'not-found' | 'file-not-understood'
 */
export const readHydraulic = (folder: string): HydraulicData => {
  const text = textOf(folder, 'profile');
  if (text === null) throw new AppError('not-found', `${folder} has no profile.txt, which tells the condition in each cycle. Give the folder of the hydraulic files with --data.`, { folder });
  const profile = rowsOf(text, 'profile.txt');
  const found = SENSORS.flatMap((name) => {
    const own = textOf(folder, name);
    return own === null ? [] : [{ name, rows: rowsOf(own, name) }];
  });
  if (found.length === 0) throw new AppError('not-found', `${folder} has none of the sensors' files (${SENSORS.join(', ')}).`, { folder });
  for (const { name, rows } of found) if (rows.length !== profile.length) throw new AppError('file-not-understood', `${name} has ${rows.length} cycles, profile.txt ${profile.length}.`);
  const steps = Math.min(...found.map(({ rows }) => rows[0]?.length ?? 0));
  const channels = found.flatMap(({ name, rows }, sensor) => channelsOf(name, sensor, rows, steps));
  const values = new Float32Array(profile.length * steps * channels.length);
  channels.forEach(({ rows, width, from, to }, channel) => rows.forEach((row, cycle) => {
    for (let step = 0; step < steps; step++) values[(cycle * steps + step) * channels.length + channel] = mean(row.subarray(step * width + from, step * width + to));
  }));
  const levels = CONDITIONS.map((_, at) => [...new Set(profile.map((row) => row[at] ?? 0))].sort((a, b) => a - b));
  const truth = levels.map((own, at) => Int32Array.from(profile, (row) => own.indexOf(row[at] ?? 0)));
  const sizes = levels.map(({ length }) => length);
  const codes = Int32Array.from(profile, (_, cycle) => codeOf(truth.map((states) => states[cycle] ?? 0), sizes));
  return { cycles: { values, steps, channels: channels.length, sensorOf: channels.map(({ sensor }) => sensor), codes }, sensors: found.map(({ name }) => name), missing: SENSORS.filter((name) => !found.some((one) => one.name === name)), states: levels.map((own) => own.map(String)), truth };
};
