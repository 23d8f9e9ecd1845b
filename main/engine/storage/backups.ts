import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { dropBackups, BACKUP_FOLDER, listBackups, noteBackup } from '../../store/backups.ts';
import type { Plant } from '../../store/plant.ts';
import { marginOf, spaceOf } from '../../store/space.ts';
import type { Clock } from '../clock.ts';
import type { JobContext } from '../jobs.ts';
import type { StorageMonitor } from './monitor.ts';

/** Backups made by themselves that are kept: a week, one a day. */
const KEPT = 7;

const newestOf = (folder: string): { file: string; at: ReturnType<Clock['now']>; bytes: number } | null => {
  const [newest] = listBackups(folder).filter(({ isThere }) => isThere);
  return newest === undefined ? null : { file: newest.file, at: newest.at, bytes: newest.bytes };
};

/** Tells since when there is a good backup. */
export const tellNewest = (folder: string, monitor: StorageMonitor): void => monitor.backedUp(newestOf(folder));

/** Copies the plant into a file and keeps its name. The work of a job. */
export const createBackups = (plant: Plant, clock: Clock, monitor: StorageMonitor) => {
  const backup = async (file: string, { signal, progress }: JobContext, isAutomatic: boolean): Promise<{ file: string; bytes: number }> => {
    const at = clock.now();
    const bytes = await plant.backup(file, { signal, progress });
    noteBackup(plant.folder, { file, at, bytes, isAutomatic });
    tellNewest(plant.folder, monitor);
    return { file, bytes };
  };

  /** Removes the oldest of those that were made by themselves: more than a week's, and where the disk gets full, more than one. */
  const rotate = (): void => {
    const own = listBackups(plant.folder).filter(({ isAutomatic }) => isAutomatic);
    const space = spaceOf(plant.folder);
    let free = space?.free ?? Infinity;
    const gone = new Set<string>();
    for (const [place, { file, bytes, isThere }] of [...own.entries()].reverse()) {
      const isCrowded = place > 0 && free < 2 * marginOf(space?.total ?? 0) + bytes;
      if (isThere && place < KEPT && !isCrowded) continue;
      rmSync(file, { force: true });
      gone.add(file);
      if (isThere) free += bytes;
    }
    if (gone.size > 0) dropBackups(plant.folder, gone);
  };

  return {
    backup: (file: string, context: JobContext) => backup(file, context, false),
    /** The day's backup, into the plant's own folder. */
    daily: async (context: JobContext): Promise<unknown> => {
      const stamp = new Date(clock.now() / 1000).toISOString().slice(0, 19).replaceAll(':', '');
      rotate();
      const made = await backup(join(plant.folder, BACKUP_FOLDER, `plant-${stamp}.backup`), context, true);
      rotate();
      return made;
    },
  };
};
export type Backups = ReturnType<typeof createBackups>;
