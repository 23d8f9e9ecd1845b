import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { startGroup } from '../run-until-end.mjs';
import { bundledNode } from '../setup/paths.mjs';
import { lacking, resultsFolder } from './stages.mjs';
import { settled } from './counts.mjs';

/**
 * @typedef {object} Outcome
 * @property {string} name
 * @property {import('./counts.mjs').Counts} counts
 * @property {number} seconds
 * @property {string} [note] why it was not run, or did not end by itself
 */

/**
 * Runs a stage to its end or its limit; its output goes to this process's.
 * @param {import('./stages.mjs').Stage} stage
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<Outcome>}
 */
export async function runStage(stage, env = process.env) {
  const missing = lacking(stage);
  if (missing.length > 0) return { name: stage.name, counts: { passed: 0, failed: 0, skipped: 0 }, seconds: 0, note: `not run: there is no ${missing.join(', ')}` };
  heading(stage.name);
  if (stage.results) {
    mkdirSync(resultsFolder, { recursive: true });
    rmSync(stage.results, { force: true });
  }
  const started = Date.now();
  const { ok, note } = await ran(stage, { ...env, ...stage.env });
  const counted = stage.count && stage.results && existsSync(stage.results) ? stage.count(stage.results) : null;
  const noResults = stage.count && !counted && ok ? { note: 'it wrote no results' } : {};
  const counts = settled(ok && !('note' in noResults), counted);
  return { name: stage.name, counts, seconds: (Date.now() - started) / 1000, ...note, ...noResults };
}

/** @param {string} name */
export function heading(name) {
  process.stdout.write(`\n=== ${name}\n`);
}

/** @type {Set<() => Promise<void>>} of the running stages, for Ctrl-C */
const running = new Set();

/** Ends the running stages with all their processes. */
export async function endStages() {
  await Promise.all([...running].map((end) => end()));
}

/**
 * @param {import('./stages.mjs').Stage} stage
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ ok: boolean, note: { note?: string } }>}
 */
async function ran(stage, env) {
  const group = startGroup(bundledNode, stage.args, env);
  const end = () => group.end(3000);
  running.add(end);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void end();
  }, stage.limitMinutes * 60_000);
  try {
    const code = await group.ended;
    // What a test left running must not disturb the next stage.
    await group.end(0);
    return { ok: code === 0 && !late, note: late ? { note: `ended after its limit of ${stage.limitMinutes} min` } : {} };
  } finally {
    clearTimeout(timer);
    running.delete(end);
  }
}
