import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { command } from '../command.mjs';
import { bundledNode, hashOf } from '../paths.mjs';
import { pins } from '../pins.mjs';
import { SetupProblem } from '../problem.mjs';
import { say } from '../report.mjs';
import { npmPackages } from './npm-packages.mjs';
import { tensorflow } from './tensorflow.mjs';

const script = fileURLToPath(new URL('../self-check.mjs', import.meta.url));

/** @type {import('../step.mjs').Step} */
export const selfCheck = {
  name: 'self-check',
  title: 'self-check of the native parts',
  part: 'engine',
  key: () => hashOf(npmPackages.key(), tensorflow.key(), pins.sqliteAtLeast, readFileSync(script)),
  holds: () => npmPackages.holds() && tensorflow.holds(),
  run: check,
};

/** @returns {Promise<Record<string, string>>} */
async function check() {
  const printed = await command(bundledNode, [script], {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
    remedy: 'Remove node_modules and the folder native in the cache folder named above, then start again. If it fails again, report it.',
  });
  /** @type {Record<string, string>} */
  const found = JSON.parse(printed);
  if (!atLeast(found['sqlite'] ?? '', pins.sqliteAtLeast)) {
    throw new SetupProblem(`SQLite is ${found['sqlite']}, at least ${pins.sqliteAtLeast} is needed`, 'Remove node_modules and start again.');
  }
  say(`  Node ${found['node']}, SQLite ${found['sqlite']}, tfjs ${found['tfjs']} on TensorFlow ${found['tensorflow']}`);
  return found;
}

/**
 * @param {string} version
 * @param {string} least
 * @returns {boolean} the dotted version is not older
 */
export function atLeast(version, least) {
  const [a, b] = [version, least].map((text) => text.split('.').map(Number));
  for (let part = 0; part < 3; part++) {
    const difference = (a?.[part] ?? 0) - (b?.[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
