import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import { assertWhole, type WorkHooks } from './backup.ts';
import { openConnection, type Connection } from './connection.ts';
import { assertOpens, migrationsFolder, readMigrations } from './migrate.ts';
import { makeFolder, syncFile } from './place.ts';
import { assertRoom } from './space.ts';
import { query } from './statement.ts';
import { DATABASE_FILE, swapIn } from './swap.ts';

const StoredFile = z.strictObject({ id: z.int(), path: z.string(), bytes: z.int(), sha256: z.string() });
const Part = z.strictObject({ id: z.int(), body: z.instanceof(Uint8Array) });

/** A path that stays in the folders that a backup has. */
const SAFE_PATH = /^(models|runs)(\/(?!\.\.?\/)[^/\0\\]+)+$/;

const writeFile = (copy: Connection, stored: z.infer<typeof StoredFile>, file: string): void => {
  const next = query(copy, Part, 'SELECT id, body FROM backup_part WHERE file = ? AND id > ? ORDER BY id LIMIT 1');
  const hash = createHash('sha256');
  makeFolder(dirname(file));
  const handle = openSync(file, 'w');
  try {
    for (let part = next.one(stored.id, 0); part !== undefined; part = next.one(stored.id, part.id)) {
      hash.update(part.body);
      // Not writeSync: that may write less than it was given, and says so in a number alone.
      writeFileSync(handle, part.body);
    }
  } finally {
    closeSync(handle);
  }
  if (hash.digest('hex') !== stored.sha256) throw new AppError('plant-damaged', `the file ${stored.path} in the backup isn't what was put there`, { path: stored.path });
  syncFile(file);
};

/** Takes the files out of the copy, into the stage. A bare database, as backups were once, has none. */
const unpack = async (copy: Connection, stage: string): Promise<void> => {
  const has = copy.prepare<[], unknown>("SELECT count(*) FROM sqlite_schema WHERE name = 'backup_file'").pluck().get();
  if (has !== 1) return;
  for (const stored of query(copy, StoredFile, 'SELECT id, path, bytes, sha256 FROM backup_file ORDER BY id').all()) {
    if (!SAFE_PATH.test(stored.path)) throw new AppError('plant-damaged', `the backup holds a file by the name ${JSON.stringify(stored.path)}, which is none of a plant's`);
    writeFile(copy, stored, join(stage, stored.path));
    await nextTurn();
  }
  copy.exec('DROP TABLE backup_part; DROP TABLE backup_file');
  copy.pragma('incremental_vacuum');
};

/**
 * Makes a backup ready beside the plant, which stays as it is and may be open: copied, looked at whole, unpacked.
 * @returns name of the stage, a folder in the plant's folder, for `swapIn`
 * @throws AppError('file-unreadable' | 'disk-full'), 'plant-damaged' when it is no backup of a plant or a damaged one, 'plant-newer', 'cancelled'
 */
export const stageBackup = async (file: string, folder: string, stamp: string, hooks: WorkHooks = {}): Promise<string> => {
  const name = `restore-${stamp}.part`;
  const stage = join(folder, name);
  const copy = join(stage, DATABASE_FILE);
  let connection: Connection | undefined;
  try {
    makeFolder(stage);
    // Once as it is, and once more what is unpacked from it, at the most.
    assertRoom(folder, 2 * statSync(file).size, 'restoring');
    hooks.progress?.('copying', 0, null);
    await copyFile(file, copy);
    connection = openConnection(copy);
    assertOpens(connection, readMigrations(migrationsFolder()));
    await assertWhole(connection, 'the backup', hooks);
    await unpack(connection, stage);
    connection.close();
    syncFile(copy);
    return name;
  } catch (thrown) {
    connection?.close();
    rmSync(stage, { recursive: true, force: true });
    throw refusal(AppError.of(thrown), file, copy);
  }
};

const refusal = (error: AppError, file: string, copy: string): AppError => {
  if (error.code === 'plant-newer' || error.code === 'disk-full' || error.code === 'cancelled') return error;
  const code = error.code === 'plant-damaged' ? error.code : 'file-unreadable';
  return new AppError(code, `${file} can't be restored (${error.message.replaceAll(copy, file)}); the plant is as it was: choose a file that 'backup' wrote`, { file }, error);
};

/**
 * Makes a backup the plant, under the plant's lock and with the database closed. The backup is looked at first; what was there is kept beside it.
 * @param stamp what the names of what was there end with
 * @returns where the database of before lies; null when there was none
 * @throws AppError('file-unreadable' | 'disk-full'), 'plant-damaged' when it is no backup of a plant, 'plant-newer'; the plant is as it was then
 */
export const restoreFrom = async (file: string, folder: string, stamp: string, hooks: WorkHooks = {}): Promise<string | null> => {
  if (!existsSync(file)) throw new AppError('file-unreadable', `${file} does not exist`, { file });
  const stage = await stageBackup(file, folder, stamp, hooks);
  hooks.progress?.('replacing', 0, null);
  return swapIn(folder, stage, `before-restore-${stamp}`);
};
