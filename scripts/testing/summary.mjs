import { join } from 'node:path';
import { writeWhole } from '../setup/stamp.mjs';
import { resultsFolder } from './stages.mjs';

/** Read by .ci/run for its last line. */
export const summaryFile = join(resultsFolder, 'summary.json');

/** @typedef {import('./run-stage.mjs').Outcome} Outcome */

/**
 * @param {readonly Outcome[]} outcomes
 * @returns {import('./counts.mjs').Counts}
 */
export function totals(outcomes) {
  const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ which) => outcomes.reduce((all, one) => all + one.counts[which], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

/** @param {readonly Outcome[]} outcomes */
export function writeSummary(outcomes) {
  writeWhole(summaryFile, `${JSON.stringify({ ...totals(outcomes), stages: outcomes }, null, 2)}\n`);
}

/**
 * @param {readonly Outcome[]} outcomes
 * @returns {string} a table, a line a stage
 */
export function table(outcomes) {
  const width = Math.max(...outcomes.map((one) => one.name.length));
  const lines = outcomes.map(({ name, counts, seconds, note }) => {
    const verdict = counts.failed > 0 ? 'FAILED' : counts.passed > 0 ? 'passed' : '-';
    const numbers = `${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`;
    return `${name.padEnd(width)}  ${verdict.padEnd(6)}  ${numbers}, ${seconds.toFixed(1)} s${note ? ` (${note})` : ''}`;
  });
  const all = totals(outcomes);
  return `${lines.join('\n')}\n${all.passed} passed, ${all.failed} failed`;
}
