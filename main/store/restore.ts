import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../contract/errors.ts';
import { openConnection } from './connection.ts';
import { assertOpens, migrationsFolder, readMigrations } from './migrate.ts';
import { putInPlace } from './place.ts';
import { DATABASE_FILE } from './plant.ts';

const ENDINGS = ['', '-wal', '-shm'];

/** The copy, looked at whole before it takes the plant's place. */
const assertPlant = (copy: string, file: string): void => {
  const connection = openConnection(copy);
  try {
    assertOpens(connection, readMigrations(migrationsFolder()));
    const problems = connection.prepare<[], unknown>('PRAGMA integrity_check').pluck().all().map(String);
    if (problems.join() !== 'ok') throw new AppError('plant-damaged', `the backup ${file} is damaged: ${problems[0] ?? ''}`, { file });
  } finally {
    connection.close();
  }
};

/**
 * Makes a backup the plant's database, under the plant's lock. The backup is checked first; the database that was there is kept beside it.
 * @param stamp what the kept database's name ends with
 * @returns where the database of before lies; null when there was none
 * @throws AppError('file-unreadable'), 'plant-damaged' when it is no backup of a plant, 'plant-newer'; the plant is as it was then
 */
export const restoreFrom = (file: string, folder: string, stamp: string): string | null => {
  const database = join(folder, DATABASE_FILE);
  const copy = `${database}.${process.pid}.part`;
  try {
    copyFileSync(file, copy);
    assertPlant(copy, file);
    const kept = existsSync(database) ? `${database}.before-restore-${stamp}` : null;
    if (kept !== null) for (const ending of ENDINGS) if (existsSync(`${database}${ending}`)) renameSync(`${database}${ending}`, `${kept}${ending}`);
    putInPlace(copy, database);
    return kept;
  } catch (thrown) {
    const error = AppError.of(thrown);
    if (error.code === 'plant-newer') throw error;
    const isOurs = error.code === 'plant-damaged';
    throw new AppError(isOurs ? error.code : 'file-unreadable', `${file} can't be restored (${error.message.replaceAll(copy, file)}); the plant is as it was: choose a file that 'backup' wrote`, { file }, thrown);
  } finally {
    for (const ending of ENDINGS) rmSync(`${copy}${ending}`, { force: true });
  }
};
