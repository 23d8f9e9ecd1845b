import { basename, dirname, join } from 'node:path';
import { existsSync } from 'node:fs';
import { AppError } from '../contract/errors.ts';
import type { Plant } from '../store/plant.ts';
import { readChunks } from './reading/bytes.ts';
import { stemOf } from './shape/naming.ts';

/** Text of a file, unpacked where it is compressed; whole in memory, as these files are small. */
const textOf = async (path: string): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const chunk of readChunks(path, 0)) parts.push(chunk);
  return Buffer.concat(parts).toString('latin1');
};

const rulName = /^RUL[_-](.+?)\.txt(?:\.gz)?$/i;

/** True for the file that tells the true remaining life of a test file's units: RUL_FD001.txt. */
export const isRulFile = (path: string): boolean => rulName.test(basename(path));

/** The file of true remaining lives that lies beside a test file, or null. */
export const rulBeside = (testFile: string): string | null => {
  const match = /^test[_-](.+)$/i.exec(stemOf(testFile));
  if (!match) return null;
  return ['.txt', '.txt.gz'].map((ending) => join(dirname(testFile), `RUL_${match[1] ?? ''}${ending}`)).find((path) => existsSync(path)) ?? null;
};

/** What a C-MAPSS file's name and neighbours say about its units' ends, in a sentence; null where they say nothing. */
export const endsOfUnits = (path: string): string | null => {
  if (/^train/i.test(stemOf(path))) return "the units of a train file ran to failure, by the set's definition: each gets a failure event at its last cycle";
  const beside = rulBeside(path);
  return beside === null ? null : `${basename(beside)} tells how many cycles each unit had left: each gets a failure event that many cycles after its last`;
};

/** Remaining cycles of units 1, 2, 3, ... after the last cycle of each. Throws file-not-understood where a line is no whole number. */
export const readRul = async (path: string): Promise<number[]> => {
  const lines = (await textOf(path)).split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, index) => {
    const value = Number(line.trim());
    if (!Number.isInteger(value) || value < 0) throw new AppError('file-not-understood', `${path}, line ${index + 1}: a number of cycles was expected, '${line.trim()}' was found`, { path, line: index + 1 });
    return value;
  });
};

/** Name of the line of assets that a file of remaining lives speaks about. */
export const testLineOf = (rulFile: string): string => `test_${rulName.exec(basename(rulFile))?.[1] ?? ''}`;

/** Position of the newest reading of an asset; null where it has none. */
const lastCycle = (plant: Plant, asset: Parameters<Plant['series']['infos']>[0]): number | null => {
  const lasts = plant.series.infos(asset).flatMap((info) => (info.last === null ? [] : [info.last]));
  return lasts.length === 0 ? null : Math.max(...lasts);
};

/**
 * Failure events of the units of one line: a train file's units ran to failure, so each failed at its last cycle (`remaining` null);
 * a test file's unit k fails `remaining[k - 1]` cycles after its last. Returns how many were new.
 */
export const addUnitFailures = (plant: Plant, line: string, remaining: readonly number[] | null): number => {
  const parent = plant.assets.list().find((asset) => asset.name === line && asset.parent === null);
  if (!parent) return 0;
  const before = plant.events.list({ kind: 'failure' }).length;
  const events = plant.assets.list().flatMap((asset) => {
    if (asset.parent !== parent.id) return [];
    const last = lastCycle(plant, asset.id);
    const unit = Number(/-(\d+)$/.exec(asset.name)?.[1] ?? NaN);
    const left = remaining === null ? 0 : remaining[unit - 1];
    if (last === null || left === undefined) return [];
    const start = last + left;
    return [{ asset: asset.id, kind: 'failure' as const, mode: 'UNK', start, end: null, knownAt: start, comment: null }];
  });
  plant.transaction(() => plant.events.addFromFile(events));
  return plant.events.list({ kind: 'failure' }).length - before;
};
