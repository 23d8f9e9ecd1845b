import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { playwrightCounts, settled, vitestCounts } from './counts.mjs';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'counts-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(results: unknown): string {
  const file = join(folder, 'results.json');
  writeFileSync(file, JSON.stringify(results));
  return file;
}

describe('counts', () => {
  it('of vitest count a file that could not be loaded as a failed test', () => {
    const testResults = [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{}] },
    ];
    const file = written({ numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, testResults });
    expect(vitestCounts(file)).toEqual({ passed: 5, failed: 2, skipped: 2 });
  });

  it('of Playwright count errors outside of tests', () => {
    const file = written({ stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 0 }, errors: [{}] });
    expect(playwrightCounts(file)).toEqual({ passed: 4, failed: 2, skipped: 0 });
  });

  it('never hide that a stage failed', () => {
    expect(settled(false, { passed: 9, failed: 0, skipped: 0 })).toEqual({ passed: 9, failed: 1, skipped: 0 });
    expect(settled(false, null)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(settled(true, null)).toEqual({ passed: 1, failed: 0, skipped: 0 });
  });
});
