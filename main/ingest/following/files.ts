import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { stemOf } from '../shape/naming.ts';

/** A file that a source reads. */
export interface FoundFile {
  path: string;
  size: number;
  /** Milliseconds since 1970, of the last change. */
  changed: number;
  /** Its number in the file system: a renamed file keeps it. */
  inode: number;
}

const logFile = /\.(?:csv|tsv|txt|dat|log|asc|prn)(?:\.\d+)?(?:\.gz)?$|\.\d+\.(?:csv|tsv|txt|dat|log|asc)(?:\.gz)?$/i;

const found = async (path: string): Promise<FoundFile | null> => {
  try {
    const stats = await stat(path);
    return stats.isFile() ? { path, size: stats.size, changed: stats.mtimeMs, inode: stats.ino } : null;
  } catch (thrown) {
    // Renamed or deleted between the listing and the look at it: the next round sees what has become of it.
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return null;
    throw thrown;
  }
};

const oldestFirst = (files: FoundFile[]): FoundFile[] => files.toSorted((a, b) => a.changed - b.changed || (a.path < b.path ? -1 : 1));

/** The logs of a folder, oldest first, so that a rotated file is finished before its successor. Throws what the file system throws. */
export const filesOfFolder = async (folder: string): Promise<FoundFile[]> => {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.') && logFile.test(name));
  const files = await Promise.all(names.map((name) => found(join(folder, name))));
  return oldestFirst(files.filter((file) => file !== null));
};

/** A followed file and those that it was rotated to: same stem, with a number or a date behind it. Throws what the file system throws. */
export const filesOfLog = async (path: string): Promise<FoundFile[]> => {
  const itself = await stat(path).catch((thrown: unknown) => {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return null;
    throw thrown;
  });
  const stem = stemOf(path);
  const names = (await readdir(dirname(path))).filter((name) => name !== basename(path) && name.startsWith(stem) && /^[._-]?[\d._T-]+(?:\.|$)/.test(name.slice(stem.length)) && logFile.test(name));
  const rotated = await Promise.all(names.map((name) => found(join(dirname(path), name))));
  const files = oldestFirst(rotated.filter((file) => file !== null));
  return itself?.isFile() === true ? [...files, { path, size: itself.size, changed: itself.mtimeMs, inode: itself.ino }] : files;
};
