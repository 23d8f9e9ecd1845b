import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import { writeInPlace } from './place.ts';
import { json } from './statement.ts';

/** Who holds a plant and how to speak to it. */
export const Holder = z.strictObject({
  pid: z.int().positive(),
  /** Path of the socket (or named pipe) that it listens on. */
  socket: z.string(),
  contract: z.int(),
});
export type Holder = z.infer<typeof Holder>;

const LOCK_FILE = 'lock.db';
const HOLDER_FILE = 'engine.json';
/** Number of the process that took the lock last: while the lock is held, its holder. */
const PID_FILE = 'lock.pid';

/** Who holds the plant, for the sentence; a holder that has only just taken it may not have said so yet. */
const holderWords = (folder: string): string => {
  const file = join(folder, PID_FILE);
  const pid = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return /^\d+$/.test(pid) ? `process ${pid}` : 'another process';
};

/** For a sentence only: a disk without room for it must not keep the plant from being opened. */
const writePid = (folder: string): void => {
  try {
    writeFileSync(join(folder, PID_FILE), String(process.pid));
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT'))) throw thrown;
  }
};

/**
 * Takes the plant for this process alone. The lock is one of the operating system's on a file of its own (through SQLite, the same on every system),
 * so it ends with its process however that ends, and never stands in the way of readers of the plant's database.
 * @returns gives the plant free again
 * @throws AppError('plant-locked') when another process, or another part of this one, has it; 'file-unreadable' when the folder can't be written
 */
export const acquirePlantLock = (folder: string): (() => void) => {
  let lock: Database.Database | undefined;
  try {
    mkdirSync(folder, { recursive: true });
    lock = new Database(join(folder, LOCK_FILE), { timeout: 0 });
    lock.pragma('locking_mode = EXCLUSIVE');
    lock.exec('BEGIN EXCLUSIVE');
    writePid(folder);
  } catch (thrown) {
    lock?.close();
    if (thrown instanceof Database.SqliteError && thrown.code.startsWith('SQLITE_BUSY')) {
      throw new AppError('plant-locked', `the plant ${folder} is in use by ${holderWords(folder)}; try again when it has ended, or end it`, { folder }, thrown);
    }
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError('file-unreadable', `the plant's folder ${folder} can't be used (${reason}); check that it exists and can be written`, { folder }, thrown);
  }
  const held = lock;
  return () => {
    if (held.open) held.close();
  };
};

/** Says who holds the plant. To be called by the holder of the lock. */
export const writeHolder = (folder: string, holder: Holder): void => {
  writeInPlace(join(folder, HOLDER_FILE), JSON.stringify(holder));
};

/** Takes the word back when the holder closes. */
export const removeHolder = (folder: string): void => {
  rmSync(join(folder, HOLDER_FILE), { force: true });
};

/** Who last said that it holds the plant, or null. Only the lock tells whether it still does. */
export const readHolder = (folder: string): Holder | null => {
  let text: string;
  try {
    text = readFileSync(join(folder, HOLDER_FILE), 'utf8');
  } catch {
    // Nobody has opened this plant as an engine yet, or the last one closed in order.
    return null;
  }
  const parsed = json(Holder).safeParse(text);
  return parsed.success ? parsed.data : null;
};
