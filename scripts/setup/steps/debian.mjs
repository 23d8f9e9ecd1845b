import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { command } from '../command.mjs';
import { hashOf } from '../paths.mjs';
import { SetupProblem } from '../problem.mjs';
import { pins } from '../pins.mjs';
import { reporting, say } from '../report.mjs';

/** @typedef {import('../pins.mjs').Wanted} Wanted */

/**
 * The Debian packages of one part of the app.
 * @param {'engine' | 'window'} part
 * @returns {import('../step.mjs').Step}
 */
export function debianPackages(part) {
  const wanted = pins.debian[part];
  return {
    name: `debian-${part}`,
    title: `Debian packages of the ${part}`,
    part,
    key: () => hashOf(JSON.stringify(wanted)),
    holds: () => missing(wanted).length === 0,
    run: () => install(wanted),
  };
}

/**
 * @param {readonly Wanted[]} wanted
 * @returns {Wanted[]} those of which no package is installed and whose program is not there either
 */
export function missing(wanted) {
  const installed = installedPackages(wanted.flatMap((one) => one.packages));
  return wanted.filter((one) => !one.packages.some((name) => installed.has(name)) && !(one.command && onPath(one.command)));
}

/**
 * @param {readonly string[]} names
 * @returns {Set<string>}
 */
function installedPackages(names) {
  const asked = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...names], { encoding: 'utf8' });
  // It also fails when a name is unknown, yet prints the others; without dpkg there is no output.
  const lines = (asked.stdout ?? '').split('\n');
  return new Set(lines.filter((line) => line.endsWith(' installed')).map((line) => line.split(' ')[0] ?? ''));
}

/** @param {string} program */
function onPath(program) {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/**
 * @param {readonly Wanted[]} wanted
 * @returns {Promise<Record<string, string>>}
 */
async function install(wanted) {
  const lacking = missing(wanted);
  const firstNames = lacking.map((one) => one.packages[0] ?? '').join(' ');
  if (lacking.length > 0) {
    say(`${wanted.length - lacking.length} of ${wanted.length} there; to install: ${firstNames}`);
    if (!onPath('apt-get')) {
      throw new SetupProblem('this system has no apt-get', `Install what these Debian packages hold: ${firstNames}.`);
    }
    await installMissing(lacking, `Run it yourself, then start again: apt-get update && apt-get install --no-install-recommends ${firstNames}`);
    const still = missing(wanted);
    if (still.length > 0) {
      throw new SetupProblem(`apt-get installed no ${still.map((one) => one.packages.join(' or ')).join(', ')}`, `Install them by hand.`);
    }
  }
  return versions(wanted);
}

/**
 * @param {readonly Wanted[]} lacking
 * @param {string} remedy
 */
async function installMissing(lacking, remedy) {
  if (needsUpdate()) await apt(['update'], 'package lists', remedy);
  const args = (/** @type {string[]} */ names) => ['install', '-y', '--no-install-recommends', ...names];
  try {
    await apt(args(available(lacking)), 'packages', remedy);
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    say('apt-get could not; once more with fresh package lists');
    await apt(['update'], 'package lists', remedy);
    await apt(args(available(lacking)), 'packages', remedy);
  }
}

/** Whether apt knows no package yet, as on a new image. */
function needsUpdate() {
  const lists = '/var/lib/apt/lists';
  return !existsSync(lists) || !readdirSync(lists).some((name) => name.includes('_Packages'));
}

/**
 * @param {readonly Wanted[]} lacking
 * @returns {string[]} of each the name that this release has
 */
function available(lacking) {
  return lacking.map((one) => one.packages.find(hasCandidate) ?? one.packages[0] ?? '');
}

/** @param {string} name */
function hasCandidate(name) {
  const asked = spawnSync('apt-cache', ['policy', name], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  return /Candidate: (?!\(none\))/.test(asked.stdout ?? '');
}

/**
 * @param {readonly string[]} args
 * @param {string} what
 * @param {string} remedy
 */
async function apt(args, what, remedy) {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && !onPath('sudo')) throw new SetupProblem('Debian packages are missing, and this is neither root nor is sudo there', remedy);
  const settings = ['env', 'DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C', 'apt-get', '-o', 'DPkg::Lock::Timeout=600', ...args];
  const terminal = process.stdin.isTTY === true;
  const all = isRoot ? settings : ['sudo', ...(terminal ? [] : ['-n']), ...settings];
  // Each package is unpacked, then set up.
  let total = 0;
  let done = 0;
  // A package manager that is killed leaves half-configured packages: it may finish, and the next
  // one waits for its lock.
  /** @param {string} line */
  const onLine = (line) => {
    if (/^Need to get/.test(line)) say(`  ${line}`);
    total = Number(/(\d+) newly installed/.exec(line)?.[1] ?? total);
    if (/^(Unpacking|Setting up)/.test(line)) done += 0.5;
  };
  say(`  apt-get ${args.join(' ')}`);
  await reporting(() => (total === 0 ? null : `${Math.floor(done)} of ${total} ${what}`), () => command(all[0] ?? '', all.slice(1), { remedy, onLine, terminal, outlives: true }));
}

/**
 * @param {readonly Wanted[]} wanted
 * @returns {Record<string, string>}
 */
function versions(wanted) {
  const names = wanted.flatMap((one) => one.packages);
  const asked = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${Version} ${db:Status-Status}\n', ...names], { encoding: 'utf8' });
  const installed = (asked.stdout ?? '').split('\n').filter((line) => line.endsWith(' installed'));
  return Object.fromEntries(installed.map((line) => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? '']));
}
