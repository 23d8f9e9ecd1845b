import { constants, copyFileSync, linkSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { withLock } from './lock.mjs';
import { isMissing, say } from './report.mjs';
import { writeWhole } from './stamp.mjs';

/**
 * @typedef {object} Manifest what a built folder holds, written last
 * @property {Record<string, number>} files bytes by path
 * @property {Record<string, string>} details versions, hashes
 */

const manifestName = 'millwright-manifest.json';

/**
 * Builds a folder of the user's cache once for all clones. A folder without a manifest, or with a
 * file of another size than the manifest says, is built anew.
 * @param {string} folder named after the hash of its recipe
 * @param {string} what
 * @param {(temporary: string) => Promise<Record<string, string>>} build fills an empty folder
 * @returns {Promise<void>}
 */
export async function buildOnce(folder, what, build) {
  await withLock(`${folder}.lock`, what, async () => {
    if (isWhole(folder)) return say(`  built before: ${folder}`);
    removeLeftovers(dirname(folder), `${basename(folder)}.building-`);
    const temporary = mkdtempSync(`${folder}.building-`);
    try {
      const details = await build(temporary);
      const files = Object.fromEntries(filesUnder(temporary).map((path) => [path, statSync(join(temporary, path)).size]));
      writeManifest(temporary, { files, details });
      rmSync(folder, { recursive: true, force: true });
      renameSync(temporary, folder);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  });
}

/**
 * What a run that was killed has left. Called by the holder of the lock, so nobody is using it.
 * @param {string} folder
 * @param {string} prefix
 */
export function removeLeftovers(folder, prefix) {
  for (const name of readdirSync(folder).filter((one) => one.startsWith(prefix))) rmSync(join(folder, name), { recursive: true });
}

/**
 * @param {string} folder
 * @returns {Manifest | null}
 */
export function readManifest(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, manifestName), 'utf8'));
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * @param {string} folder
 * @param {Manifest} manifest
 */
function writeManifest(folder, manifest) {
  writeWhole(join(folder, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
}

/**
 * @param {string} folder
 * @returns {boolean} it has a manifest, and every file of it, each of its size
 */
export function isWhole(folder) {
  const manifest = readManifest(folder);
  if (!manifest) return false;
  return Object.entries(manifest.files).every(([path, bytes]) => statSync(join(folder, path), { throwIfNoEntry: false })?.size === bytes);
}

/**
 * @param {string} folder
 * @param {string} [below]
 * @returns {string[]} paths of files and links, relative to the folder
 */
function filesUnder(folder, below = '') {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name);
    return entry.isDirectory() ? filesUnder(folder, path) : [path];
  });
}

/**
 * Puts a built folder's files into another folder, by hard link where both lie on one disk. The
 * manifest goes in last and makes the target independent of the cache.
 * @param {string} built
 * @param {string} target
 * @param {Record<string, string>} [more] details of the target alone
 */
export function linkInto(built, target, more = {}) {
  const manifest = readManifest(built);
  if (!manifest) throw new Error(`${built} has no manifest`);
  rmSync(join(target, manifestName), { force: true });
  for (const path of Object.keys(manifest.files)) placeFile(join(built, path), join(target, path));
  writeManifest(target, { files: manifest.files, details: { ...manifest.details, ...more } });
}

/**
 * @param {string} from
 * @param {string} to
 */
function placeFile(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  const temporary = `${to}.${process.pid}.tmp`;
  rmSync(temporary, { force: true });
  if (lstatSync(from).isSymbolicLink()) symlinkSync(readlinkSync(from), temporary);
  else linkOrCopy(from, temporary);
  renameSync(temporary, to);
  // Renaming one hard link of a file over another does nothing at all, and leaves both.
  rmSync(temporary, { force: true });
}

/**
 * @param {string} from
 * @param {string} to
 */
export function linkOrCopy(from, to) {
  try {
    linkSync(from, to);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    // Another disk, a file system without links, or too many of them: then it is copied.
    if (code !== 'EXDEV' && code !== 'EPERM' && code !== 'EMLINK' && code !== 'ENOTSUP') throw error;
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
  }
}
