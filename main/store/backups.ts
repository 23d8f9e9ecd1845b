import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Micros } from '../contract/values.ts';
import type { Backup } from '../contract/storage.ts';
import { writeInPlace } from './place.ts';
import { json } from './statement.ts';

/** Where backups that are made by themselves lie in a plant's folder. */
export const BACKUP_FOLDER = 'backups';
const LIST_FILE = 'backups.json';
/** Entries kept: more than anybody looks through. */
const ENTRIES = 200;

const Entry = z.strictObject({ file: z.string(), at: Micros, bytes: z.number(), isAutomatic: z.boolean() });
type Entry = z.infer<typeof Entry>;

/** First bytes of every SQLite file. */
const MAGIC = 'SQLite format 3\0';

const beginsLikeBackup = (file: string): boolean => {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch {
    // Moved, or on a disk that isn't there now.
    return false;
  }
  try {
    const first = Buffer.alloc(MAGIC.length);
    return readSync(handle, first) === MAGIC.length && first.toString('latin1') === MAGIC;
  } finally {
    closeSync(handle);
  }
};

/**
 * The backups that were made of this plant and found whole, newest first. The list is a file beside the backups, not a table: it is needed
 * when the database can't be opened.
 */
export const listBackups = (folder: string): Backup[] => {
  const file = join(folder, BACKUP_FOLDER, LIST_FILE);
  if (!existsSync(file)) return [];
  const parsed = json(z.array(Entry)).safeParse(readFileSync(file, 'utf8'));
  const entries = parsed.success ? parsed.data : [];
  return entries.map((entry) => ({ ...entry, isThere: beginsLikeBackup(entry.file) })).sort((a, b) => b.at - a.at);
};

const write = (folder: string, entries: readonly Entry[]): void => {
  writeInPlace(join(folder, BACKUP_FOLDER, LIST_FILE), `${JSON.stringify(entries.slice(0, ENTRIES))}\n`);
};

/** Adds one that has just been made and looked at. */
export const noteBackup = (folder: string, made: Omit<Backup, 'isThere'>): void => {
  const others = listBackups(folder).filter(({ file }) => file !== made.file);
  write(folder, [made, ...others.map(({ isThere: _, ...entry }) => entry)]);
};

/** Takes those away from the list that were removed. */
export const dropBackups = (folder: string, files: ReadonlySet<string>): void => {
  write(folder, listBackups(folder).flatMap(({ isThere: _, ...entry }) => (files.has(entry.file) ? [] : [entry])));
};
