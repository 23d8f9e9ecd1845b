import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { KEPT_FOLDERS } from './backup.ts';
import { syncFolder, writeInPlace } from './place.ts';
import { json } from './statement.ts';

/** What a plant's database is called in its folder. */
export const DATABASE_FILE = 'plant.db';

const SWAP_FILE = 'swap.json';
/** kept: what is appended to the names of what was there. */
const Swap = z.strictObject({ stage: z.string(), kept: z.string() });
type Swap = z.infer<typeof Swap>;

/** Endings of a database's files: the log goes with it. */
export const DATABASE_ENDINGS = ['', '-wal', '-shm'] as const;

const swapOf = (folder: string): Swap | null => {
  const file = join(folder, SWAP_FILE);
  if (!existsSync(file)) return null;
  const parsed = json(Swap).safeParse(readFileSync(file, 'utf8'));
  return parsed.success ? parsed.data : null;
};

const move = (from: string, to: string): void => {
  // What was moved before a power cut is not moved again.
  if (existsSync(from) && !existsSync(to)) renameSync(from, to);
};

/**
 * Ends a swap that was begun: each staged thing takes its place, what was there is kept beside it. Can be cut at any moment and done again.
 * To be called under the plant's lock, with the database closed; does nothing where no swap was begun.
 */
export const completeSwap = (folder: string): void => {
  const swap = swapOf(folder);
  if (swap === null) return;
  const stage = join(folder, swap.stage);
  if (existsSync(join(stage, DATABASE_FILE))) {
    for (const ending of DATABASE_ENDINGS) move(join(folder, `${DATABASE_FILE}${ending}`), join(folder, `${DATABASE_FILE}.${swap.kept}${ending}`));
    renameSync(join(stage, DATABASE_FILE), join(folder, DATABASE_FILE));
  }
  for (const name of KEPT_FOLDERS) {
    if (!existsSync(join(stage, name))) continue;
    move(join(folder, name), join(folder, `${name}.${swap.kept}`));
    renameSync(join(stage, name), join(folder, name));
  }
  syncFolder(folder);
  rmSync(stage, { recursive: true, force: true });
  rmSync(join(folder, SWAP_FILE), { force: true });
};

/**
 * Puts what lies in the folder `stage` in the plant's place, as a whole even through a power cut: it is written down first, and opening the
 * plant ends what was begun.
 * @param stage name of a folder in the plant's folder; all in it is synced
 * @param kept what is appended to the names of what was there: 'before-restore-2026...'
 * @returns where the database of before lies; null when there was none
 */
export const swapIn = (folder: string, stage: string, kept: string): string | null => {
  const before = existsSync(join(folder, DATABASE_FILE)) ? join(folder, `${DATABASE_FILE}.${kept}`) : null;
  writeInPlace(join(folder, SWAP_FILE), JSON.stringify({ stage, kept } satisfies Swap));
  completeSwap(folder);
  return before;
};
