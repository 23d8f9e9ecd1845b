import { closeSync, constants, existsSync, fstatSync, ftruncateSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../../contract/errors.ts';
import type { Rebuilt } from '../../contract/storage.ts';
import type { WorkHooks } from '../backup.ts';
import { openConnection, type Connection } from '../connection.ts';
import { lookThrough } from '../look.ts';
import { migrate, migrationsFolder, migrationsIn, readMigrations } from '../migrate.ts';
import { makeFolder, syncFile } from '../place.ts';
import { assertRoom } from '../space.ts';
import { asAppError } from '../sqlite-error.ts';
import { DATABASE_ENDINGS, DATABASE_FILE, swapIn } from '../swap.ts';
import { mendReferences } from './references.ts';
import { copyReadings, recount } from './readings.ts';
import { copyRecords, type Salvaged } from './records.ts';

export interface SalvageOptions {
  /** What the names of what was there end with. */
  readonly stamp: string;
  /** Microseconds since 1970. */
  readonly now: number;
  readonly hooks?: WorkHooks;
}

/** Places in the header of a SQLite file (https://www.sqlite.org/fileformat.html). */
const PAGE_SIZE_AT = 16;
const PAGES_AT = 28;
const LARGEST_ROOT_AT = 52;
const INCREMENTAL_AT = 64;

/**
 * Makes a damaged copy readable for what it holds. One that was cut is as long again as its header says: what is missing reads as damaged pages.
 * And its map of pages, which only vacuuming needs, is not consulted: where a page of the map is gone, all that it speaks of could not be read else.
 */
const makeReadable = (file: string): void => {
  const handle = openSync(file, 'r+');
  try {
    const head = Buffer.alloc(100);
    readSync(handle, head, 0, 100, 0);
    const pageSize = head.readUInt16BE(PAGE_SIZE_AT) === 1 ? 65_536 : head.readUInt16BE(PAGE_SIZE_AT);
    if (head.toString('latin1', 0, 15) !== 'SQLite format 3' || pageSize < 512) return;
    const bytes = pageSize * head.readUInt32BE(PAGES_AT);
    if (fstatSync(handle).size < bytes) ftruncateSync(handle, bytes);
    for (const at of [LARGEST_ROOT_AT, INCREMENTAL_AT]) writeSync(handle, Buffer.alloc(4), 0, 4, at);
  } finally {
    closeSync(handle);
  }
};

/** A copy to read from: opening a database may move its log into it, and the damaged one stays as it was found. */
const copyToRead = async (folder: string, stage: string): Promise<string> => {
  const copy = join(stage, 'damaged.db');
  for (const ending of DATABASE_ENDINGS) {
    const file = join(folder, `${DATABASE_FILE}${ending}`);
    // The log's index is made anew.
    if (ending !== '-shm' && existsSync(file)) await copyFile(file, `${copy}${ending}`, constants.COPYFILE_FICLONE);
  }
  makeReadable(copy);
  return copy;
};

const unreadable = (folder: string, cause: unknown): AppError =>
  new AppError('plant-damaged', `nothing of the plant in ${folder} can be read any more: the beginning of its database is gone; restore a backup`, { folder }, cause);

const openDamaged = (file: string, folder: string): Connection => {
  try {
    const from = openConnection(file);
    from.pragma('foreign_keys = OFF');
    from.prepare('SELECT count(*) FROM sqlite_schema').get();
    return from;
  } catch (thrown) {
    throw unreadable(folder, thrown);
  }
};

/** Runs through the steps; other work goes on in between, and whoever watches hears of it. */
const run = async (steps: Generator<void, void, void>, salvaged: Salvaged, hooks: WorkHooks): Promise<void> => {
  for (const _ of steps) {
    hooks.progress?.('reading', salvaged.rows + salvaged.readings, null);
    await nextTurn();
  }
};

/** What was made must be whole before it takes the plant's place. */
const assertRebuilt = async (to: Connection, folder: string, hooks: WorkHooks): Promise<void> => {
  const problems: string[] = [];
  for (const { done, total } of lookThrough(to, 'whole', problems)) {
    hooks.progress?.('checking', done, total);
    await nextTurn();
  }
  if (problems.length > 0) throw new AppError('plant-damaged', `the plant can't be rebuilt (${problems[0] ?? ''}); restore a backup`, { folder });
};

const copyAll = async (from: Connection, to: Connection, hooks: WorkHooks): Promise<Salvaged> => {
  const salvaged: Salvaged = { rows: 0, readings: 0, lost: [] };
  to.pragma('foreign_keys = OFF');
  await run(copyRecords(from, to, salvaged), salvaged, hooks);
  await run(copyReadings(from, to, salvaged), salvaged, hooks);
  mendReferences(from, to, salvaged.lost);
  return salvaged;
};

/**
 * Makes a new database of all that can still be read of a damaged one, which stays beside it as it was found. To be called under the plant's
 * lock, with the database closed.
 * @throws AppError('plant-damaged') when nothing can be read, 'disk-full'; the plant is as it was then
 */
export const salvagePlant = async (folder: string, { stamp, now, hooks = {} }: SalvageOptions): Promise<Rebuilt> => {
  const name = `rebuild-${stamp}.part`;
  const stage = join(folder, name);
  let from: Connection | undefined;
  let to: Connection | undefined;
  try {
    makeFolder(stage);
    assertRoom(folder, 2 * statSync(join(folder, DATABASE_FILE)).size, 'rebuilding');
    hooks.progress?.('copying', 0, null);
    const damaged = await copyToRead(folder, stage);
    from = openDamaged(damaged, folder);
    to = openConnection(join(stage, DATABASE_FILE));
    migrate(to, migrationsIn(from, readMigrations(migrationsFolder())), now);
    const salvaged = await copyAll(from, to, hooks);
    to.pragma('foreign_keys = ON');
    // From here on it is a plant of an older version at the most.
    migrate(to, readMigrations(migrationsFolder()), now);
    await run(recount(from, to), salvaged, hooks);
    await assertRebuilt(to, folder, hooks);
    from.close();
    to.close();
    for (const ending of ['', ...DATABASE_ENDINGS]) rmSync(`${damaged}${ending}`, { force: true });
    syncFile(join(stage, DATABASE_FILE));
    const kept = swapIn(folder, name, `damaged-${stamp}`);
    return { kept: kept ?? '', rowsSaved: salvaged.rows, readingsSaved: salvaged.readings, lost: salvaged.lost };
  } catch (thrown) {
    from?.close();
    to?.close();
    rmSync(stage, { recursive: true, force: true });
    throw asAppError(thrown, 'rebuilding the plant');
  }
};
