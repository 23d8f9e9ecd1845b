import { createHash } from 'node:crypto';
import { existsSync, openSync, closeSync, readdirSync, readSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { AppError } from '../contract/errors.ts';
import type { Connection } from './connection.ts';
import { lookThrough } from './look.ts';
import { makeFolder, putInPlace } from './place.ts';
import { assertRoom } from './space.ts';
import { asAppError } from './sqlite-error.ts';
import { assertNoneOfPlant, KEPT_FOLDERS } from './swap.ts';

/** How long work tells how far it is, and hears that it is to stop. */
export interface WorkHooks {
  readonly signal?: AbortSignal | undefined;
  progress?(stage: 'copying' | 'checking' | 'replacing' | 'reading', done: number, total: number | null): void;
}

/** Pages a turn: other work of the process goes on between two turns. */
const PAGES_A_TURN = 1000;
/** A file lies in the backup in pieces: no file has to fit into memory, nor into one value of the database. */
const PIECE_BYTES = 4 * 2 ** 20;

/** Beside the plant's own tables; a version of the app that doesn't know them opens the file all the same (FORMAT.md). */
const TABLES = `
  CREATE TABLE backup_file (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL) STRICT;
  CREATE TABLE backup_part (id INTEGER PRIMARY KEY, file INTEGER NOT NULL REFERENCES backup_file(id), body BLOB NOT NULL) STRICT;
  CREATE INDEX backup_part_file ON backup_part (file, id);`;

const assertGoesOn = ({ signal }: WorkHooks): void => {
  if (signal?.aborted === true) throw AppError.of(signal.reason);
};

/** The files of the plant beside its database; half-written ones are left out. */
const filesOf = (folder: string): { path: string; file: string; bytes: number }[] =>
  KEPT_FOLDERS.flatMap((kept) => {
    const place = join(folder, kept);
    if (!existsSync(place)) return [];
    return readdirSync(place, { recursive: true, withFileTypes: true }).flatMap((entry) => {
      const file = join(entry.parentPath, entry.name);
      const bytes = entry.isFile() && !/\.(new|part)$/.test(entry.name) ? statSync(file, { throwIfNoEntry: false })?.size : undefined;
      return bytes === undefined ? [] : [{ path: relative(folder, file).split(sep).join('/'), file, bytes }];
    });
  });

/** Puts one file into the backup. */
const addFile = (copy: Connection, path: string, file: string): void => {
  const id = Number(copy.prepare("INSERT INTO backup_file (path, bytes, sha256) VALUES (?, 0, '')").run(path).lastInsertRowid);
  const hash = createHash('sha256');
  const addPart = copy.prepare('INSERT INTO backup_part (file, body) VALUES (?, ?)');
  const piece = Buffer.alloc(PIECE_BYTES);
  const handle = openSync(file, 'r');
  try {
    let bytes = 0;
    for (let read = readSync(handle, piece); read > 0; read = readSync(handle, piece)) {
      hash.update(piece.subarray(0, read));
      addPart.run(id, piece.subarray(0, read));
      bytes += read;
    }
    copy.prepare('UPDATE backup_file SET bytes = ?, sha256 = ? WHERE id = ?').run(bytes, hash.digest('hex'), id);
  } finally {
    closeSync(handle);
  }
};

const addFiles = async (copy: Connection, folder: string, hooks: WorkHooks): Promise<void> => {
  copy.exec(TABLES);
  const files = filesOf(folder);
  for (const [done, { path, file }] of files.entries()) {
    assertGoesOn(hooks);
    hooks.progress?.('copying', done, files.length);
    // One that was removed meanwhile belongs to a run that is over.
    if (existsSync(file)) copy.transaction(() => addFile(copy, path, file))();
    await nextTurn();
  }
};

/** A backup is good when all of it can be read. @throws AppError('plant-damaged') */
export const assertWhole = async (copy: Connection, what: string, hooks: WorkHooks): Promise<void> => {
  const problems: string[] = [];
  for (const { done, total } of lookThrough(copy, 'whole', problems)) {
    assertGoesOn(hooks);
    hooks.progress?.('checking', done, total);
    await nextTurn();
  }
  if (problems.length > 0) throw new AppError('plant-damaged', `${what} is damaged: ${problems[0] ?? ''}${problems.length > 1 ? `, and ${problems.length - 1} more` : ''}`);
};

const pageBytes = (connection: Connection): number => Number(connection.pragma('page_count', { simple: true })) * Number(connection.pragma('page_size', { simple: true }));

const copyDatabase = async (connection: Connection, temporary: string, hooks: WorkHooks): Promise<void> => {
  await connection.backup(temporary, {
    progress: ({ totalPages, remainingPages }) => {
      assertGoesOn(hooks);
      hooks.progress?.('copying', totalPages - remainingPages, totalPages);
      return PAGES_A_TURN;
    },
  });
};

const writingError = (thrown: unknown, file: string): unknown => {
  const known = asAppError(thrown, `writing the backup ${file}`);
  if (known instanceof AppError) return known;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  if (reason.includes('ENOSPC')) return new AppError('disk-full', `the disk is full: the backup ${file} was not written; free some space or choose another disk`, { file }, thrown);
  return new AppError('file-unreadable', `the backup ${file} can't be written (${reason}); choose a folder that exists and can be written`, { file }, thrown);
};

/**
 * Copies the whole plant into one file while it is in use: the database (SQLite's online backup) with the models and runs beside it in tables
 * of their own. It has its name once it is whole and every checksum in it was found right.
 * @returns its bytes
 * @throws AppError('disk-full' | 'file-unreadable' | 'input-invalid'), 'plant-damaged' when what would be copied is damaged, 'cancelled'
 */
export const backupTo = async (connection: Connection, folder: string, file: string, hooks: WorkHooks = {}): Promise<number> => {
  const temporary = `${file}.${process.pid}.part`;
  let copy: Connection | undefined;
  assertNoneOfPlant(folder, file);
  try {
    makeFolder(dirname(file));
    assertRoom(dirname(file), pageBytes(connection) + filesOf(folder).reduce((sum, { bytes }) => sum + bytes, 0), 'the backup');
    await copyDatabase(connection, temporary, hooks);
    copy = new Database(temporary);
    // One file, without a log beside it; what it holds is synced when it gets its name.
    copy.pragma('journal_mode = DELETE');
    copy.pragma('synchronous = OFF');
    await addFiles(copy, folder, hooks);
    await assertWhole(copy, 'the plant', hooks);
    copy.close();
    putInPlace(temporary, file);
    return statSync(file).size;
  } catch (thrown) {
    copy?.close();
    throw writingError(thrown, file);
  } finally {
    for (const ending of ['', '-journal', '-wal', '-shm']) if (existsSync(`${temporary}${ending}`)) rmSync(`${temporary}${ending}`);
  }
};
