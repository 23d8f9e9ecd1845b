import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../contract/errors.ts';
import { asAppError } from './sqlite-error.ts';
import { troubleOf } from './trouble.ts';

export type Connection = Database.Database;

/** Below it a reset of the write-ahead log can corrupt the file. */
const LEAST_SQLITE = '3.51.3';

/** Milliseconds to wait for a lock: a backup or a checker may hold one for a moment. */
export const BUSY_TIMEOUT_MS = 5_000;

const isAtLeast = (version: string, least: string): boolean => {
  const parts = version.split('.').map(Number);
  for (const [i, want] of least.split('.').map(Number).entries()) {
    const have = parts[i] ?? 0;
    if (have !== want) return have > want;
  }
  return true;
};

/** The version of the SQLite that is linked in. @throws AppError('internal') when it is older than the plant's file can trust. */
export const assertSqliteVersion = (connection: Connection): string => {
  const version = String(connection.prepare<[], unknown>('SELECT sqlite_version()').pluck().get());
  if (!isAtLeast(version, LEAST_SQLITE)) {
    throw new AppError('internal', `SQLite ${version} is linked in, expected ${LEAST_SQLITE} or newer: older ones can corrupt a write-ahead log; run the set-up again`, { version });
  }
  return version;
};

/**
 * Write-ahead logging. Its index lies in a file of its own, which can't be made on a full disk: then it is kept in memory, and this process
 * is the only one that can read the plant.
 */
const useWriteAheadLog = (connection: Connection): void => {
  try {
    connection.pragma('journal_mode = WAL');
    // The mode is written in the file already where the plant isn't new; the index is made by the first look.
    connection.pragma('schema_version');
  } catch (thrown) {
    if (!(thrown instanceof Database.SqliteError) || !(thrown.code.startsWith('SQLITE_IOERR') || thrown.code.startsWith('SQLITE_FULL') || thrown.code.startsWith('SQLITE_CANTOPEN'))) throw thrown;
    connection.pragma('locking_mode = EXCLUSIVE');
    connection.pragma('journal_mode = WAL');
    connection.pragma('schema_version');
  }
};

const open = (file: string, readOnly: boolean): Connection => {
  if (readOnly) return new Database(file, { timeout: BUSY_TIMEOUT_MS, readonly: true, fileMustExist: true });
  mkdirSync(dirname(file), { recursive: true });
  return new Database(file, { timeout: BUSY_TIMEOUT_MS });
};

/**
 * Opens one database file for reading and writing, making it and its folder when missing. Commits are on the disk when they return (WAL, FULL).
 * @param readOnly opened for reading alone; the file must be there
 * @throws AppError('file-unreadable' | 'plant-damaged' | 'plant-locked' | 'disk-full')
 */
export const openConnection = (file: string, readOnly = false): Connection => {
  let connection: Connection | undefined;
  try {
    connection = open(file, readOnly);
    assertSqliteVersion(connection);
    if (!readOnly) {
      // Pages that are freed can be given back to the disk a few at a time. Says nothing to a file that has tables already.
      connection.pragma('auto_vacuum = INCREMENTAL');
      useWriteAheadLog(connection);
      connection.pragma('synchronous = FULL');
      connection.pragma('journal_size_limit = 67108864');
    }
    connection.pragma('foreign_keys = ON');
    connection.pragma('cache_size = -16000');
    connection.pragma('temp_store = MEMORY');
    // A page that was overwritten shows in the places of its cells before anything is read from them.
    connection.pragma('cell_size_check = ON');
    return connection;
  } catch (thrown) {
    connection?.close();
    throw openingError(thrown, file);
  }
};

const openingError = (thrown: unknown, file: string): unknown => {
  const known = asAppError(thrown, `opening ${file}`);
  if (known !== thrown || thrown instanceof AppError) return known;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError('file-unreadable', `the plant's database ${file} can't be opened (${reason}); check that the folder exists and can be written`, { file }, thrown);
};

/**
 * Runs `work` so that everything in it commits together: a transaction of its own (IMMEDIATE), or a savepoint of the one under way.
 * @throws what `work` throws, after everything it wrote was undone; SQLite's own errors as AppError
 */
export const inTransaction = <T>(connection: Connection, doing: string, work: () => T): T => {
  try {
    return connection.transaction(work).immediate();
  } catch (thrown) {
    throw troubleOf(connection, thrown, doing);
  }
};
