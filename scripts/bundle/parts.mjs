import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf, root } from '../setup/paths.mjs';
import { provenanceFile } from '../setup/provenance.mjs';

/** @typedef {'node' | 'app' | 'compute' | 'renderer' | 'data'} PartName */

/**
 * @typedef {object} PartState
 * @property {string} key the hash of its sources' names, sizes and times
 * @property {number} files number of entry files that are there
 * @property {string[]} outputs under build/, removed before it is built again
 * @property {string[]} absent entries that are not written yet
 * @property {string | null} bundler script beside this file, null where files are only copied
 * @property {[string, string][]} copies from (absolute), to (under build/)
 */

/** @type {PartName[]} */
export const partNames = ['node', 'app', 'compute', 'renderer', 'data'];

/** Each runs in a process of its own, in the bundled Node; `reader` in a thread of the engine. */
export const programs = ['engine', 'trainer', 'scorer', 'simulator', 'benchmark', 'cli', 'reader'];

/** @type {Record<PartName, { sources: string[], entries: string[], outputs: string[], bundler: string | null, copies: [string, string][] }>} */
const parts = {
  node: {
    sources: ['main', 'ml', 'scripts/bundle', 'package.json'],
    entries: programs.map((name) => `main/${name}/start.ts`),
    outputs: [...programs, 'chunks', 'package.json'],
    bundler: 'node-programs.mjs',
    copies: [],
  },
  app: {
    sources: ['main', 'scripts/bundle', 'package.json'],
    entries: ['main/app/main.ts', 'main/app/preload.ts', 'main/app/computePreload.ts'],
    outputs: ['app'],
    bundler: 'electron-app.mjs',
    copies: [],
  },
  compute: {
    sources: ['main/compute', 'main/contract', 'main/channel', 'ml', 'scripts/bundle', 'package.json'],
    entries: ['main/compute/page.ts', 'main/compute/index.html'],
    outputs: ['compute'],
    bundler: 'compute.mjs',
    copies: [],
  },
  renderer: {
    sources: ['renderer', 'main/contract', 'main/channel', 'ml/documents', 'scripts/bundle', 'package.json'],
    entries: ['renderer/vite.config.ts', 'renderer/index.html'],
    outputs: ['renderer'],
    bundler: 'renderer.mjs',
    copies: [],
  },
  data: {
    sources: ['migrations'],
    entries: [],
    outputs: ['migrations', 'provenance.json'],
    bundler: null,
    copies: [
      [join(root, 'migrations'), 'migrations'],
      [provenanceFile, 'provenance.json'],
    ],
  },
};

/**
 * @param {PartName} name
 * @returns {PartState}
 */
export function stateOf(name) {
  const part = parts[name];
  const copied = part.copies.filter(([from]) => existsSync(from));
  const contents = copied.filter(([from]) => statSync(from).isFile()).map(([from]) => readFileSync(from));
  const absent = part.entries.filter((entry) => !existsSync(join(root, entry)));
  return {
    key: hashOf(...part.sources.flatMap((source) => traces(join(root, source))), ...contents),
    files: part.entries.length - absent.length,
    outputs: part.outputs,
    absent,
    bundler: part.bundler,
    copies: copied,
  };
}

/**
 * @param {string} path file or folder
 * @returns {string[]} name, size and time of each source file under it
 */
function traces(path) {
  const about = statSync(path, { throwIfNoEntry: false });
  if (!about) return [];
  if (about.isFile()) return [`${path} ${about.size} ${about.mtimeMs}`];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !/\.test\.ts$|^(testdata|node_modules)$/.test(entry.name))
    .flatMap((entry) => traces(join(path, entry.name)));
}
