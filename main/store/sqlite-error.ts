import Database from 'better-sqlite3';
import { AppError } from '../contract/errors.ts';

const messageOf = (code: string, doing: string, original: string): ['disk-full' | 'plant-damaged' | 'plant-locked' | 'file-unreadable', string] | undefined => {
  if (code === 'SQLITE_FULL') return ['disk-full', `the disk is full: ${doing} was undone; free some space and try again`];
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return ['plant-damaged', `the plant's database is damaged (${original}) while ${doing}; restore a backup`];
  if (code.startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED') return ['plant-locked', `another process holds the plant's database while ${doing}; close it and try again`];
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_READONLY') || code === 'SQLITE_PERM')
    return ['file-unreadable', `the plant's files can't be read or written (${original}) while ${doing}; check the disk and the folder's permissions`];
  return undefined;
};

/**
 * What SQLite threw, as the error that the app's table knows; anything else comes back as it is.
 * @param doing what was under way, for the sentence: 'writing an asset'
 */
export const asAppError = (thrown: unknown, doing: string): unknown => {
  if (!(thrown instanceof Database.SqliteError)) return thrown;
  const known = messageOf(thrown.code, doing, thrown.message);
  return known === undefined ? thrown : new AppError(known[0], known[1], { sqlite: thrown.code }, thrown);
};
