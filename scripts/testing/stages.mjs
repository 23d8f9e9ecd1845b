import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bundledNode, localCache, nodeModules, root } from '../setup/paths.mjs';
import { playwrightCounts, vitestCounts } from './counts.mjs';

/**
 * @typedef {object} Stage one thing that must hold
 * @property {string} name
 * @property {string[]} needs files without which there is nothing to run yet
 * @property {string[]} args of the bundled Node
 * @property {number} limitMinutes after which it counts as failed
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} [results] file that `count` reads, removed before
 * @property {(results: string) => import('./counts.mjs').Counts} [count] where it is many tests; a
 *   stage without it is one
 */

export const resultsFolder = join(localCache, 'test');
const vitestResults = join(resultsFolder, 'vitest.json');
const playwrightResults = join(resultsFolder, 'playwright.json');

/** @param {...string} path */
const tool = (...path) => join(nodeModules, ...path);

/** @returns {Stage[]} what reads the sources without running them */
export function staticChecks() {
  return [
    ...typeChecks(),
    {
      name: 'svelte-check',
      needs: ['renderer/index.html', 'tsconfig.renderer.json'],
      args: [tool('svelte-check', 'bin', 'svelte-check'), '--tsconfig', './tsconfig.renderer.json', '--fail-on-warnings', '--output', 'human'],
      limitMinutes: 5,
    },
    {
      name: 'eslint',
      needs: ['eslint.config.js'],
      args: [tool('eslint', 'bin', 'eslint.js'), '.', '--max-warnings', '0'],
      limitMinutes: 10,
    },
    {
      name: 'dependency-cruiser',
      needs: ['.dependency-cruiser.cjs'],
      args: [tool('dependency-cruiser', 'bin', 'dependency-cruise.mjs'), '--config', '.dependency-cruiser.cjs', ...present('main', 'ml', 'renderer', 'scripts', 'e2e')],
      limitMinutes: 5,
    },
  ];
}

/** @returns {Stage[]} one for each runtime; the renderer's is svelte-check */
function typeChecks() {
  const projects = readdirSync(root).filter((name) => /^tsconfig\.\w+\.json$/.test(name) && !/base|renderer/.test(name));
  return [...projects, ...present('e2e/tsconfig.json')].map((project) => ({
    name: `types: ${project.replace(/^tsconfig\.|\.json$/g, '')}`,
    needs: [],
    args: [tool('typescript', 'bin', 'tsc'), '--noEmit', '-p', project],
    limitMinutes: 5,
  }));
}

/** @type {Stage} */
export const vitest = {
  name: 'vitest',
  needs: ['vitest.config.ts'],
  args: [tool('vitest', 'vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestResults}`],
  limitMinutes: 20,
  results: vitestResults,
  count: vitestCounts,
};

/** @type {Stage} in real windows, on the package */
export const playwright = {
  name: 'playwright',
  needs: ['e2e/playwright.config.ts'],
  args: [tool('@playwright', 'test', 'cli.js'), 'test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json'],
  env: { PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightResults },
  limitMinutes: 20,
  results: playwrightResults,
  count: playwrightCounts,
};

/**
 * @param {...string} paths
 * @returns {string[]} those that are there
 */
function present(...paths) {
  return paths.filter((path) => existsSync(join(root, path)));
}

/**
 * @param {Stage} stage
 * @returns {string[]} what is missing to run it
 */
export function lacking(stage) {
  return [...stage.needs.filter((path) => !existsSync(join(root, path))), ...(existsSync(bundledNode) ? [] : [bundledNode])];
}
