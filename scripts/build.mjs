// npm run build: sources -> build/, only the parts whose sources have changed.
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { partNames, stateOf } from './bundle/parts.mjs';
import { command } from './setup/command.mjs';
import { withLock } from './setup/lock.mjs';
import { removeLeftovers } from './setup/native-cache.mjs';
import { buildFolder, bundledNode, localCache, root } from './setup/paths.mjs';
import { described } from './setup/problem.mjs';
import { say } from './setup/report.mjs';
import { readStamp, removeStamp, writeStamp } from './setup/stamp.mjs';

/** @typedef {import('./bundle/parts.mjs').PartName} PartName */

/** Inside build/, so that it is exchanged together with what it speaks of. */
const stampOf = (/** @type {PartName} */ part) => `built-${part}`;

/**
 * @param {readonly PartName[]} [wanted]
 * @returns {PartName[]} whose sources have changed since they were built
 */
export function outdated(wanted = partNames) {
  return wanted.filter((part) => readStamp(stampOf(part), buildFolder)?.key !== stateOf(part).key);
}

/**
 * Builds the wanted parts that are outdated. The new build/ is made beside the old one and takes its
 * place whole: nobody ever starts half of it.
 * @param {readonly PartName[]} [wanted]
 * @throws {import('./setup/problem.mjs').SetupProblem}
 */
export async function build(wanted = partNames) {
  if (outdated(wanted).length === 0) return;
  await withLock(join(localCache, 'build.lock'), 'build', async () => {
    const parts = outdated(wanted);
    if (parts.length === 0) return;
    const started = Date.now();
    say(`building ${parts.join(', ')}`);
    removeLeftovers(localCache, 'build-');
    const next = mkdtempSync(join(localCache, 'build-next-'));
    try {
      if (existsSync(buildFolder)) cpSync(buildFolder, next, { recursive: true });
      for (const part of parts) await buildPart(part, next);
      exchange(next);
    } finally {
      rmSync(next, { recursive: true, force: true });
    }
    say(`built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  });
}

/**
 * @param {PartName} part
 * @param {string} next
 */
async function buildPart(part, next) {
  const state = stateOf(part);
  removeStamp(stampOf(part), next);
  for (const output of state.outputs) rmSync(join(next, output), { recursive: true, force: true });
  if (state.absent.length > 0) say(`  not there yet, left out: ${state.absent.join(', ')}`);
  if (state.bundler === null) {
    for (const [from, to] of state.copies) {
      mkdirSync(dirname(join(next, to)), { recursive: true });
      cpSync(from, join(next, to), { recursive: true });
    }
  } else if (state.absent.length === 0 || state.files > 0) {
    const script = fileURLToPath(new URL(`./bundle/${state.bundler}`, import.meta.url));
    await command(bundledNode, [script, next], { cwd: root, tailLines: 40, remedy: 'Mend the source named above.' });
  }
  // The key of before the build: a file changed meanwhile makes the next build do it again.
  writeStamp(stampOf(part), { key: state.key, details: {} }, next);
}

/** @param {string} next */
function exchange(next) {
  const last = join(localCache, `build-last-${process.pid}`);
  if (existsSync(buildFolder)) renameSync(buildFolder, last);
  renameSync(next, buildFolder);
  rmSync(last, { recursive: true, force: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await build();
  } catch (error) {
    say(described(error));
    process.exitCode = 1;
  }
}
