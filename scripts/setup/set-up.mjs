import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { localCache, setupKey } from './paths.mjs';
import { described, SetupProblem } from './problem.mjs';
import { writeProvenance } from './provenance.mjs';
import { say } from './report.mjs';
import { readStamp, removeStamp, writeStamp } from './stamp.mjs';
import { perform } from './step.mjs';
import { debianPackages } from './steps/debian.mjs';
import { electron } from './steps/electron.mjs';
import { npmPackages } from './steps/npm-packages.mjs';
import { selfCheck } from './steps/self-check.mjs';
import { tensorflow } from './steps/tensorflow.mjs';

/** In this order: each step may use what the ones before it made. */
const engineSteps = [debianPackages('engine'), npmPackages, tensorflow, selfCheck];
const windowSteps = [debianPackages('window'), electron];

/** A command line without a window tries again to set the window up after so long. */
const windowRetryMs = 24 * 3600 * 1000;

/**
 * Whether all of it was done by just this set-up and what it made is there: a few milliseconds.
 * @param {{ window: boolean }} needs
 * @returns {boolean}
 */
export function isSetUp({ window }) {
  const complete = readStamp('complete');
  if (complete?.key !== setupKey() || !npmPackages.holds() || !tensorflow.holds()) return false;
  const { windowFailedAt } = complete.details;
  if (windowFailedAt === undefined) return !window || electron.holds();
  return !window && Date.now() - Date.parse(windowFailedAt) < windowRetryMs;
}

/**
 * Does what is still missing, one process at a time.
 * @param {{ window?: boolean }} [needs] without the window, its steps are tried but may fail
 * @throws {SetupProblem}
 */
export async function setUp({ window = true } = {}) {
  requirePlatform();
  await withLock(join(localCache, 'set-up.lock'), 'set-up', async () => {
    const started = Date.now();
    removeStamp('complete');
    let done = 0;
    for (const step of engineSteps) done += (await perform(step)) === 'done' ? 1 : 0;
    const windowProblem = await windowPart(window);
    writeProvenance([...engineSteps, ...windowSteps]);
    const details = windowProblem ? { windowFailedAt: new Date().toISOString() } : {};
    writeStamp('complete', { key: setupKey(), details });
    if (done > 0) say(`set-up complete after ${((Date.now() - started) / 1000).toFixed(0)} s`);
  });
}

/**
 * @param {boolean} mustHold
 * @returns {Promise<string | null>} why there is no window, null when there is one
 */
async function windowPart(mustHold) {
  try {
    for (const step of windowSteps) await perform(step);
    return null;
  } catch (error) {
    if (mustHold || !(error instanceof SetupProblem)) throw error;
    say(`the window can't be set up; the command line works without it. ${described(error)}`);
    return error.message;
  }
}

function requirePlatform() {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 20) throw new SetupProblem(`this is Node ${process.version}`, 'Node 20 or newer is needed to start.');
  if (process.platform !== 'linux' || process.arch !== 'x64' || !existsSync('/proc/self')) {
    throw new SetupProblem(`this is ${process.platform} on ${process.arch}`, 'The set-up knows Linux on x64 so far.');
  }
}
