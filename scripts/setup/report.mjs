import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const started = Date.now();

/**
 * One line about the set-up, on standard error: standard output belongs to the command's result.
 * @param {string} text
 */
export function say(text) {
  const seconds = ((Date.now() - started) / 1000).toFixed(0).padStart(3);
  process.stderr.write(`[set-up ${seconds} s] ${text}\n`);
}

/**
 * @param {number} bytes
 * @returns {string}
 */
export function megabytes(bytes) {
  return `${Math.round(bytes / 1e6)} MB`;
}

/**
 * Bytes of all files under a folder. Files may vanish while it counts (a download being renamed).
 * @param {string} folder
 * @returns {number}
 */
export function sizeOf(folder) {
  let bytes = 0;
  /** @type {import('node:fs').Dirent[]} */
  let entries = [];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += sizeOf(path);
    else if (entry.isFile()) bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}

/**
 * @param {unknown} error
 * @returns {boolean} the file or folder is not there
 */
export function isMissing(error) {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/**
 * Says every few seconds how far a piece of work is, while it runs.
 * @template T
 * @param {() => string | null} state one line, or null when there is nothing to tell
 * @param {() => Promise<T>} work
 * @param {number} everyMs
 * @returns {Promise<T>}
 */
export async function reporting(state, work, everyMs = 5000) {
  let last = '';
  const timer = setInterval(() => {
    const line = state();
    if (line !== null && line !== last) say(`  ${line}`);
    last = line ?? last;
  }, everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
