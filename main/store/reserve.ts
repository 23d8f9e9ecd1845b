import { existsSync, rmSync, statSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

const RESERVE_FILE = 'reserve.bin';
const PIECE = Buffer.alloc(2 ** 20);
/** More than alarms and their acknowledgements need for days. */
const MOST_BYTES = 32 * 2 ** 20;

/** Bytes that are held: a part of what is kept free anyway, in the plant's own hands. */
export const reserveBytes = (kept: number): number => Math.min(MOST_BYTES, kept);

/** Room that is held by a file, so that no other program can fill it: given back when the disk is full, for what must still be written then. */
export const heldBytes = (folder: string): number => statSync(join(folder, RESERVE_FILE), { throwIfNoEntry: false })?.size ?? 0;

/** Gives the room back. */
export const releaseReserve = (folder: string): void => {
  rmSync(join(folder, RESERVE_FILE), { force: true });
};

/** Takes the room; written for real, since a file of zeros that was only declared has none. */
export const holdReserve = async (folder: string, bytes: number): Promise<void> => {
  const file = join(folder, RESERVE_FILE);
  if (existsSync(file)) return;
  const temporary = `${file}.${process.pid}.part`;
  const out = await open(temporary, 'w');
  try {
    for (let written = 0; written < bytes; written += PIECE.length) {
      await out.write(PIECE);
      await nextTurn();
    }
    await out.sync();
  } catch (thrown) {
    rmSync(temporary, { force: true });
    throw thrown;
  } finally {
    await out.close();
  }
  await rename(temporary, file);
};
