import { existsSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../contract/errors.ts';
import type { Connection } from './connection.ts';
import { putInPlace } from './place.ts';
import { asAppError } from './sqlite-error.ts';

/** Pages a turn: other work of the process goes on between two turns. */
const PAGES_A_TURN = 1000;

/**
 * Copies the open database to `file` while it is in use (SQLite's online backup), under a temporary name until it is whole.
 * @throws AppError('disk-full' | 'file-unreadable')
 */
export const backupTo = async (connection: Connection, file: string): Promise<void> => {
  const temporary = `${file}.${process.pid}.part`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await connection.backup(temporary, { progress: () => PAGES_A_TURN });
    putInPlace(temporary, file);
  } catch (thrown) {
    if (existsSync(temporary)) rmSync(temporary);
    const known = asAppError(thrown, `writing the backup ${file}`);
    if (known instanceof AppError) throw known;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError('file-unreadable', `the backup ${file} can't be written (${reason}); choose a folder that exists and can be written`, { file }, thrown);
  }
};
