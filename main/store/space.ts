import { statfsSync } from 'node:fs';
import { AppError } from '../contract/errors.ts';

/** Room on the disk that a folder lies on, in bytes. */
export interface Space {
  /** What this process may still write. */
  readonly free: number;
  readonly total: number;
}

const MIB = 2 ** 20;
const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** @returns null where the system doesn't tell (the folder is gone, a share is away) */
export const spaceOf = (folder: string): Space | null => {
  try {
    const { bavail, blocks, bsize } = statfsSync(folder);
    return { free: bavail * bsize, total: blocks * bsize };
  } catch {
    // Not knowing is an answer: nothing is refused for it, and a write that fails says so itself.
    return null;
  }
};

/** Below so many free bytes people are warned: a twentieth of the disk, 32 MiB to 1 GiB. */
export const marginOf = (total: number): number => clamp(total / 20, 32 * MIB, 1024 * MIB);

/**
 * Below so many free bytes no more readings are taken: a hundredth of the disk, 8 to 128 MiB. It is left for what must still be written on a
 * full disk: alarms and their acknowledgements, and moving the write-ahead log into the database.
 */
export const reserveOf = (total: number): number => clamp(total / 100, 8 * MIB, 128 * MIB);

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;

/** @throws AppError('disk-full') when `folder` hasn't room for `bytes` more */
export const assertRoom = (folder: string, bytes: number, doing: string): void => {
  const space = spaceOf(folder);
  if (space === null || space.free >= bytes) return;
  throw new AppError('disk-full', `${doing} needs ${megabytes(bytes)} on the disk of ${folder}, and ${megabytes(space.free)} are free; free some space or choose another disk`, { folder, needed: bytes, free: space.free });
};
