import { readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts of tests */

/**
 * @param {string} file what vitest's JSON reporter wrote
 * @returns {Counts} a file that could not even be loaded counts as one failed test
 */
export function vitestCounts(file) {
  /** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, testResults: { status: string, assertionResults: unknown[] }[] }} */
  const results = JSON.parse(readFileSync(file, 'utf8'));
  const unloadable = results.testResults.filter((one) => one.status === 'failed' && one.assertionResults.length === 0).length;
  return { passed: results.numPassedTests, failed: results.numFailedTests + unloadable, skipped: results.numPendingTests };
}

/**
 * @param {string} file what Playwright's JSON reporter wrote
 * @returns {Counts} errors outside of any test count as failed tests
 */
export function playwrightCounts(file) {
  /** @type {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number }, errors: unknown[] }} */
  const { stats, errors } = JSON.parse(readFileSync(file, 'utf8'));
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length, skipped: stats.skipped };
}

/**
 * The counts of a stage that has ended: its own, corrected by how it ended. A stage that failed
 * without a failed test has failed nonetheless.
 * @param {boolean} ok it ended with exit code 0
 * @param {Counts | null} counts null where it counts nothing, or wrote no results
 * @returns {Counts}
 */
export function settled(ok, counts) {
  const own = counts ?? { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
  return !ok && own.failed === 0 ? { ...own, failed: 1 } : own;
}
