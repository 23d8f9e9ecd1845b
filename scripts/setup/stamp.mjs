import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { localCache } from './paths.mjs';
import { isMissing } from './report.mjs';

/**
 * @typedef {object} Stamp what stands when a step was done and verified
 * @property {string} key the hash of what the step's result follows from
 * @property {Record<string, string>} details for the record: versions, origins, hashes
 */

/** @param {string} name */
const fileOf = (name, folder = join(localCache, 'setup')) => join(folder, `${name}.json`);

/**
 * @param {string} name
 * @param {string} [folder]
 * @returns {Stamp | null} null when it was never written or can't be read as one
 */
export function readStamp(name, folder) {
  try {
    const stamp = JSON.parse(readFileSync(fileOf(name, folder), 'utf8'));
    return typeof stamp?.key === 'string' && typeof stamp?.details === 'object' ? stamp : null;
  } catch (error) {
    // A stamp that is no JSON says nothing; the step is then simply done again.
    if (isMissing(error) || error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * @param {string} name
 * @param {Stamp} stamp
 * @param {string} [folder]
 */
export function writeStamp(name, stamp, folder) {
  writeWhole(fileOf(name, folder), `${JSON.stringify(stamp, null, 2)}\n`);
}

/**
 * @param {string} name
 * @param {string} [folder]
 */
export function removeStamp(name, folder) {
  rmSync(fileOf(name, folder), { force: true });
}

/**
 * Writes a file so that it is there whole or not at all: temporary name, sync, rename.
 * @param {string} file
 * @param {string} text
 */
export function writeWhole(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  const handle = openSync(temporary, 'w');
  writeSync(handle, text);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(temporary, file);
}
