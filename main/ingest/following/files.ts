import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import { membersOf } from '../reading/archive.ts';
import { stemOf } from '../shape/naming.ts';

/** A file that a source reads. */
export interface FoundFile {
  path: string;
  size: number;
  /** Milliseconds since 1970, of the last change. */
  changed: number;
  /** Its number in the file system: a renamed file keeps it. A number of our own where the file is ours, and is never renamed. */
  inode: number;
  isOurs: boolean;
  /** It lies in an archive. */
  isMember?: boolean;
  /** Name of the folder in the followed folder that it lies in; null: in the followed folder itself. */
  subfolder: string | null;
}

const isGone = (thrown: unknown): boolean => thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR');

/**
 * Opens a file that was found. Null where another one has its name by now: between the look and the opening it was rotated, and what is read
 * must never be taken for the file that was there. Its number is what is opened. Throws what the file system throws.
 */
export const openFound = async (found: FoundFile): Promise<FileHandle | null> => {
  let handle: FileHandle;
  try {
    handle = await open(found.path, 'r');
  } catch (thrown) {
    if (isGone(thrown)) return null;
    throw thrown;
  }
  if (found.isOurs || (await handle.stat()).ino === found.inode) return handle;
  await handle.close();
  return null;
};

/** The first bytes of a file that was found; null where it isn't there any more. */
export const headOfFound = async (found: FoundFile, count: number): Promise<Buffer | null> => {
  const handle = await openFound(found);
  if (!handle) return null;
  try {
    const bytes = Buffer.alloc(count);
    const { bytesRead } = await handle.read(bytes, 0, count, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
};

const logFile = /\.(?:csv|tsv|txt|dat|log|asc|prn)(?:\.\d+)?(?:\.(?:gz|zip))?$|\.\d+\.(?:csv|tsv|txt|dat|log|asc)(?:\.(?:gz|zip))?$|\.zip$/i;

const fileAt = async (path: string, subfolder: string | null): Promise<FoundFile | null> => {
  try {
    const stats = await stat(path);
    return stats.isFile() ? { path, size: stats.size, changed: stats.mtimeMs, inode: stats.ino, isOurs: false, subfolder } : null;
  } catch (thrown) {
    // Renamed or deleted between the listing and the look at it: the next round sees what has become of it.
    if (isGone(thrown)) return null;
    throw thrown;
  }
};

/** A folder is listed again at least each so many rounds: some shares don't tell when names in them change. */
const roundsToList = 15;
/** A change of the folder's time this close to the listing may hide a later one. Milliseconds. */
const coarseTime = 3000;
/** A file that changed within so many rounds is looked at in each. */
const warmRounds = 120;
/** Of the others, at most so many are looked at in a round, in turn: a thousand idle files cost next to nothing. */
const idleLooks = 200;
const isArchive = /\.zip$/i;
/** An archive that changed less than so long ago may still be written. Milliseconds. */
const archiveRest = 2000;

interface Folder {
  path: string;
  subfolder: string | null;
  changed: number;
  listedAt: number;
  listedRound: number;
  names: string[];
}

interface Known {
  file: FoundFile;
  /** Round in which it was last seen to change. */
  round: number;
}

/**
 * What lies at a followed place, round by round, with as few looks at the file system as will do. A file: itself and those that it was
 * rotated to. A folder: its logs, and those of the folders in it where that is wanted.
 */
export class Place {
  private readonly path: string;
  private readonly isFolder: boolean;
  private readonly deep: boolean;
  private readonly known = new Map<string, Known>();
  private readonly folders = new Map<string, Folder>();
  /** Archives as they were opened last, and numbers for the files in them, which have none of the file system's. */
  private readonly archives = new Map<string, { size: number; changed: number; members: FoundFile[] }>();
  private readonly numbers = new Map<string, number>();
  private round = 0;
  private turn = 0;

  constructor(path: string, isFolder: boolean, deep: boolean) {
    this.path = path;
    this.isFolder = isFolder;
    this.deep = isFolder && deep;
  }

  /** All files that are there, oldest first, so that a rotated file is finished before its successor. Throws what the file system throws. */
  async look(now: number): Promise<FoundFile[]> {
    this.round++;
    const root = this.isFolder ? this.path : dirname(this.path);
    const due = new Set<string>();
    await this.lookInto(root, null, now, due);
    const files: FoundFile[] = [];
    for (const path of this.due(due)) await this.lookAt(path);
    for (const { file } of this.known.values()) if (isArchive.test(file.path)) files.push(...(await this.unpacked(file, now)));
      else files.push(file);
    return files.sort((a, b) => a.changed - b.changed || (a.path < b.path ? -1 : 1));
  }

  /** The files in an archive that stands still; the archive itself where it can't be opened, so that it is told. */
  private async unpacked(file: FoundFile, now: number): Promise<FoundFile[]> {
    const known = this.archives.get(file.path);
    if (known?.size === file.size && known.changed === file.changed) return known.members;
    // Half an archive can't be opened: its list of files stands at its end.
    if (Math.abs(now - file.changed) < archiveRest) return [];
    const found = await membersOf(file.path).catch((thrown: unknown) => (thrown instanceof AppError ? null : Promise.reject(AppError.of(thrown))));
    const members = found?.map(({ path }) => ({ ...file, path, inode: this.numberOf(path), isOurs: true, isMember: true })) ?? [file];
    this.archives.set(file.path, { size: file.size, changed: file.changed, members });
    return members;
  }

  private numberOf(path: string): number {
    const number = this.numbers.get(path) ?? -1 - this.numbers.size;
    this.numbers.set(path, number);
    return number;
  }

  /** Lists a folder where its names may have changed; what may be new or renamed is due to be looked at. */
  private async lookInto(path: string, subfolder: string | null, now: number, due: Set<string>): Promise<void> {
    const stats = await stat(path);
    const folder = this.folders.get(path) ?? { path, subfolder, changed: NaN, listedAt: -Infinity, listedRound: -Infinity, names: [] };
    this.folders.set(path, folder);
    const isSettled = folder.changed === stats.mtimeMs && folder.listedAt - stats.mtimeMs > coarseTime && this.round - folder.listedRound < roundsToList;
    if (!isSettled) {
      const isSame = folder.changed === stats.mtimeMs;
      const entries = await readdir(path, { withFileTypes: true });
      folder.names = entries.filter((entry) => !entry.isDirectory() && this.isWanted(entry.name)).map((entry) => entry.name);
      this.forgetGone(folder, new Set(folder.names.map((name) => join(path, name))));
      // Behind the names that stayed may stand other files now.
      for (const name of folder.names) if (!isSame || !this.known.has(join(path, name))) due.add(join(path, name));
      if (this.deep && subfolder === null) this.setSubfolders(entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => entry.name));
      folder.changed = stats.mtimeMs;
      folder.listedAt = now;
      folder.listedRound = this.round;
    }
    if (subfolder === null)
      for (const below of [...this.folders.values()])
        if (below.subfolder !== null) await this.lookBelow(below, now, due);
  }

  private async lookBelow(below: Folder, now: number, due: Set<string>): Promise<void> {
    try {
      await this.lookInto(below.path, below.subfolder, now, due);
    } catch (thrown) {
      if (!isGone(thrown)) throw thrown;
      this.forgetGone(below, new Set());
      this.folders.delete(below.path);
    }
  }

  private setSubfolders(names: readonly string[]): void {
    const paths = new Set(names.map((name) => join(this.path, name)));
    for (const folder of [...this.folders.values()]) {
      if (folder.subfolder === null || paths.has(folder.path)) continue;
      this.forgetGone(folder, new Set());
      this.folders.delete(folder.path);
    }
    for (const name of names) {
      const path = join(this.path, name);
      if (!this.folders.has(path)) this.folders.set(path, { path, subfolder: name, changed: NaN, listedAt: -Infinity, listedRound: -Infinity, names: [] });
    }
  }

  private forgetGone({ path, subfolder }: Folder, there: ReadonlySet<string>): void {
    for (const [known, { file }] of this.known) if (file.subfolder === subfolder && dirname(known) === path && !there.has(known)) this.known.delete(known);
  }

  private isWanted(name: string): boolean {
    if (this.isFolder) return !name.startsWith('.') && logFile.test(name);
    if (name === basename(this.path)) return true;
    const stem = stemOf(this.path);
    return name.startsWith(stem) && /^[._-]?[\d._T-]+(?:\.|$)/.test(name.slice(stem.length)) && logFile.test(name);
  }

  /** Those that are due anyway, those that changed lately, and some of the others in turn. */
  private due(due: Set<string>): Set<string> {
    const idle: string[] = [];
    for (const [path, { round }] of this.known) {
      if (due.has(path)) continue;
      if (this.round - round <= warmRounds) due.add(path);
      else idle.push(path);
    }
    for (let i = 0; i < Math.min(idleLooks, idle.length); i++) {
      const path = idle[(this.turn + i) % idle.length];
      if (path !== undefined) due.add(path);
    }
    this.turn = idle.length > 0 ? (this.turn + idleLooks) % idle.length : 0;
    return due;
  }

  private async lookAt(path: string): Promise<void> {
    const subfolder = this.folders.get(dirname(path))?.subfolder ?? null;
    const file = await fileAt(path, subfolder);
    const before = this.known.get(path);
    if (!file) this.known.delete(path);
    else if (before?.file.size !== file.size || before.file.changed !== file.changed || before.file.inode !== file.inode) this.known.set(path, { file, round: this.round });
  }
}
