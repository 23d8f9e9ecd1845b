import { appendFileSync, closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, readSync, fstatSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { MachineKind } from './kinds.ts';
import { MachineState, type MachinePlan, type PlantLogEntry } from './machine.ts';

/** state.json: where every machine stands, so that the plant goes on after a restart. */
export const PlantState = z.strictObject({
  version: z.literal(1),
  /** End of the newest row, in milliseconds since 1970. */
  at: z.number(),
  machines: z.record(z.string(), MachineState),
});
export type PlantState = z.infer<typeof PlantState>;

/** The files of a plant folder. plant.json is written last of all: where it stands, the history is whole. */
export const pathsOf = (folder: string) => ({
  logs: join(folder, 'logs'),
  log: (machine: string) => join(folder, 'logs', `${machine}.csv`),
  events: join(folder, 'events.csv'),
  state: join(folder, 'state.json'),
  manifest: join(folder, 'plant.json'),
});

const isoSeconds = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;
const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const logHeader = (kind: MachineKind): string => `${['time', ...kind.sensors.map(({ name, unit }) => `${name} [${unit}]`)].join(',')}\n`;
/** A reading as a logger prints it: no minus before a zero. */
const printed = (value: number, decimals: number): string => (Math.abs(value) < 0.5 / 10 ** decimals ? 0 : value).toFixed(decimals);
export const logRow = (kind: MachineKind, at: number, readings: readonly number[]): string =>
  `${isoSeconds(at)},${readings.map((value, i) => printed(value, kind.sensors[i]?.decimals ?? 2)).join(',')}\n`;

export const eventsHeader = 'asset,kind,mode,start,end,knownAt,comment\n';
export const eventRow = (entry: PlantLogEntry): string =>
  `${[quoted(entry.asset), entry.kind, entry.mode, isoSeconds(entry.start), entry.end === null ? '' : isoSeconds(entry.end), isoSeconds(entry.knownAt), quoted(entry.comment)].join(',')}\n`;

/** Writes under a temporary name, syncs, renames: whoever reads finds the old file or the new one, never a part. */
export const writeWhole = (file: string, text: string): void => {
  const temporary = `${file}.new`;
  const handle = openSync(temporary, 'w');
  writeSync(handle, text);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(temporary, file);
};

/** Removes what an unfinished first start has left, and makes the folders. */
export const clearFolder = (folder: string): void => {
  const paths = pathsOf(folder);
  for (const path of [paths.logs, paths.events, paths.state]) rmSync(path, { recursive: true, force: true });
  mkdirSync(paths.logs, { recursive: true });
};

export const writeLog = (file: string, text: string): void => writeFileSync(file, text);
export const append = (file: string, text: string): void => appendFileSync(file, text);

/** What a power cut left of a last line is cut off. Returns the last whole line, or null when there is none. */
export const mendLastLine = (file: string): string | null => {
  if (!existsSync(file)) return null;
  const handle = openSync(file, 'r+');
  const { size } = fstatSync(handle);
  const tail = Buffer.alloc(Math.min(size, 4096));
  readSync(handle, tail, 0, tail.length, size - tail.length);
  const end = tail.lastIndexOf(10);
  ftruncateSync(handle, size - tail.length + end + 1);
  closeSync(handle);
  const start = tail.lastIndexOf(10, end - 1);
  return end < 0 ? null : tail.toString('utf8', start + 1, end);
};

export const readState = (folder: string): PlantState => PlantState.parse(JSON.parse(readFileSync(pathsOf(folder).state, 'utf8')));
export const writeState = (folder: string, state: PlantState): void => writeWhole(pathsOf(folder).state, JSON.stringify(state));

/** plant.json: what stands where, for whoever follows the logs. */
export const manifestOf = (plan: readonly MachinePlan[], kindOf: (machine: MachinePlan) => MachineKind, seed: number) => ({
  version: 1,
  site: 'Demo plant',
  zone: 'UTC',
  seed,
  events: 'events.csv',
  machines: plan.map((machine) => ({
    name: machine.name,
    type: machine.type,
    area: machine.area,
    line: machine.line,
    log: `logs/${machine.name}.csv`,
    sensors: kindOf(machine).sensors.map(({ name, unit }) => ({ name, unit })),
  })),
});
