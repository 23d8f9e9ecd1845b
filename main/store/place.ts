import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../contract/errors.ts';

/**
 * Makes a folder and those above it. One by one: Node's own recursive way never ends where the system says of a place that can't be made
 * that it is not there, as Linux does below /proc.
 * @throws AppError('file-unreadable')
 */
export const makeFolder = (folder: string): void => {
  if (existsSync(folder) && statSync(folder).isDirectory()) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (thrown) {
    // Another process may have been quicker.
    if (existsSync(folder) && statSync(folder).isDirectory()) return;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError('file-unreadable', `the folder ${folder} can't be made (${reason}); choose a place that can be written`, { folder }, thrown);
  }
};

/** Makes a rename or a new name in this folder last through a power cut. A no-op where folders can't be synced (Windows). */
export const syncFolder = (folder: string): void => {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

/** What was written to a file lasts through a power cut from here on. */
export const syncFile = (file: string): void => {
  const handle = openSync(file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

/** Gives a finished file its name: synced first, so that the name never stands for half a file. */
export const putInPlace = (temporary: string, file: string): void => {
  syncFile(temporary);
  renameSync(temporary, file);
  syncFolder(dirname(file));
};

/** Writes a small file whole or not at all. */
export const writeInPlace = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.part`;
  writeFileSync(temporary, text);
  putInPlace(temporary, file);
};
