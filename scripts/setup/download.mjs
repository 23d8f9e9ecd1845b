import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { withLock } from './lock.mjs';
import { removeLeftovers } from './native-cache.mjs';
import { userCache } from './paths.mjs';
import { SetupProblem } from './problem.mjs';
import { megabytes, reporting, say, sizeOf } from './report.mjs';

/**
 * @typedef {object} Pin a file that is fetched once and known by its hash
 * @property {string} title
 * @property {string} file
 * @property {number} bytes
 * @property {string} sha256
 * @property {string} remedy what to do when it can't be fetched
 */

const attempts = 3;

/**
 * @param {string} file
 * @returns {Promise<string>} SHA-256, hexadecimal
 */
export async function sha256Of(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/**
 * The pinned file in the user's download cache; fetched when it is not there, or not whole.
 * @param {Pin} pin
 * @param {(folder: string, progress: () => number) => Promise<void>} fetchInto fetches into an empty
 *   folder; `progress` counts the bytes that have come
 * @param {string} [cache]
 * @returns {Promise<string>} the path of the verified file
 * @throws {SetupProblem} when it can't be had whole
 */
export async function pinnedFile(pin, fetchInto, cache = join(userCache(), 'downloads')) {
  const folder = join(cache, pin.sha256);
  const kept = join(folder, pin.file);
  return withLock(join(cache, `${pin.sha256}.lock`), pin.title, async () => {
    if (existsSync(kept)) {
      if ((await sha256Of(kept)) === pin.sha256) {
        say(`${pin.title}: ${megabytes(pin.bytes)} are in the download cache`);
        return kept;
      }
      say(`${pin.title}: the cached file is broken (${statSync(kept).size} of ${pin.bytes} bytes); fetching it anew`);
      rmSync(kept);
    }
    mkdirSync(folder, { recursive: true });
    removeLeftovers(folder, 'fetching-');
    await fetchVerified(pin, kept, fetchInto);
    return kept;
  });
}

/**
 * @param {Pin} pin
 * @param {string} kept
 * @param {(folder: string, progress: () => number) => Promise<void>} fetchInto
 */
async function fetchVerified(pin, kept, fetchInto) {
  let problem = '';
  for (let attempt = 1; attempt <= attempts; attempt++) {
    if (attempt > 1) say(`${pin.title}: attempt ${attempt} of ${attempts}, because: ${problem.trim().split('\n').at(-1)}`);
    const temporary = mkdtempSync(join(kept, '..', 'fetching-'));
    try {
      say(`${pin.title}: fetching ${megabytes(pin.bytes)}`);
      const come = () => Math.min(sizeOf(temporary), pin.bytes);
      await reporting(() => `${megabytes(come())} of ${megabytes(pin.bytes)}`, () => fetchInto(temporary, come));
      const file = join(temporary, pin.file);
      const found = existsSync(file) ? await sha256Of(file) : `nothing (there: ${readdirSync(temporary).join(', ') || 'no file'})`;
      if (found === pin.sha256) return renameSync(file, kept);
      problem = `what came is not the pinned file: expected SHA-256 ${pin.sha256}, received ${found}`;
    } catch (error) {
      if (!(error instanceof SetupProblem)) throw error;
      problem = error.message;
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  }
  throw new SetupProblem(`${pin.title} can't be fetched: ${problem}`, `${pin.remedy} Or put the file there by hand: ${kept}`);
}
