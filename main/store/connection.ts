import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../contract/errors.ts';
import { asAppError } from './sqlite-error.ts';

export type Connection = Database.Database;

/** Below it a reset of the write-ahead log can corrupt the file. */
const LEAST_SQLITE = '3.51.3';

/** Milliseconds to wait for a lock: a backup or a checker may hold one for a moment. */
const BUSY_TIMEOUT_MS = 5_000;

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
 * Opens one database file for reading and writing, making it and its folder when missing. Commits are on the disk when they return (WAL, FULL).
 * @throws AppError('file-unreadable' | 'plant-damaged' | 'plant-locked' | 'disk-full')
 */
export const openConnection = (file: string): Connection => {
  let connection: Connection | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true });
    connection = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    assertSqliteVersion(connection);
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
    connection.pragma('foreign_keys = ON');
    connection.pragma('journal_size_limit = 67108864');
    connection.pragma('cache_size = -16000');
    connection.pragma('temp_store = MEMORY');
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
    throw asAppError(thrown, doing);
  }
};
