import { existsSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import { BACKUP_FOLDER } from './backups.ts';
import { syncFolder, writeInPlace } from './place.ts';
import { json } from './statement.ts';

/** What a plant's database is called in its folder. */
export const DATABASE_FILE = 'plant.db';

/** What of a plant's folder is kept beside the database. */
export const KEPT_FOLDERS = ['models', 'runs'] as const;

const SWAP_FILE = 'swap.json';
/** kept: what is appended to the names of what was there. */
const Swap = z.strictObject({ stage: z.string(), kept: z.string() });
type Swap = z.infer<typeof Swap>;

/** Endings of a database's files: the log goes with it. */
export const DATABASE_ENDINGS = ['', '-wal', '-shm'] as const;

/** Folders and files that the plant itself writes, beside its database; its backups may lie anywhere else. */
const OWN: ReadonlySet<string> = new Set([...KEPT_FOLDERS, 'inbox', 'logs', 'lock.db', 'lock.pid', 'engine.json', 'reserve.bin', SWAP_FILE]);

/** A file that is written for people must never take the place of one that the plant lives on. @throws AppError('input-invalid') when it would */
export const assertNoneOfPlant = (folder: string, file: string): void => {
  const place = dirname(resolve(file));
  const inFolder = relative(realpathSync(folder), join(existsSync(place) ? realpathSync(place) : place, basename(file)));
  const [first = ''] = inFolder.split(sep);
  // On some systems names that differ in case alone are one.
  const name = first.toLowerCase();
  if (inFolder === '' || OWN.has(name) || name.startsWith(DATABASE_FILE)) throw new AppError('input-invalid', `${file} is one of the plant's own files; choose another name`, { file });
};

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

/** What a restore, a rebuild, a backup or a small file was being made under when the power went. */
const LEFT = [/^(restore|rebuild)-.*\.part$/, /\.(json|bin|backup)\.\d+\.part(-journal|-wal|-shm)?$/];

/** Takes away what was being made and never will be: it may be as large as the plant. */
const removeLeft = (folder: string): void => {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (!LEFT.some((pattern) => pattern.test(name))) continue;
    try {
      rmSync(join(folder, name), { recursive: true, force: true });
    } catch {
      // It only takes room: a folder that can't be written to says so itself, and the next start tries again.
    }
  }
};

/**
 * Ends a swap that was begun: each staged thing takes its place, what was there is kept beside it. Can be cut at any moment and done again.
 * To be called under the plant's lock, with the database closed; where no swap was begun, what was cut before it could be is taken away.
 */
export const completeSwap = (folder: string): void => {
  const swap = swapOf(folder);
  if (swap !== null) finish(folder, swap);
  removeLeft(folder);
  removeLeft(join(folder, BACKUP_FOLDER));
};

const finish = (folder: string, swap: Swap): void => {
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
