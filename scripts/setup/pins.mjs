import { readFileSync } from 'node:fs';

/**
 * @typedef {object} Wanted a Debian package under its names of several releases
 * @property {string[]} packages
 * @property {string} [command] a program that does as well
 */

/**
 * @typedef {object} Pins what is fetched from outside package-lock.json, each by version and hash
 * @property {{ package: string, version: string, file: string, python: string, platform: string, bytes: number, sha256: string }} tensorflow
 * @property {{ package: string, packageVersion: string, file: string, archive: string, folder: string, executable: string, version: string, bytes: number, sha256: string }} electronFallback
 * @property {string} sqliteAtLeast
 * @property {Record<'engine' | 'window', Wanted[]>} debian
 */

/** @type {Pins} */
export const pins = JSON.parse(readFileSync(new URL('./pins.json', import.meta.url), 'utf8'));
