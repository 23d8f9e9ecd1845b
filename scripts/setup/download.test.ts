import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pinnedFile } from './download.mjs';
import { SetupProblem } from './problem.mjs';

const content = 'the whole file\n'.repeat(1000);
const pin = {
  title: 'a file',
  file: 'file.bin',
  bytes: content.length,
  sha256: createHash('sha256').update(content).digest('hex'),
  remedy: 'Mend the network.',
};
let cache = '';
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'downloads-'));
});
afterEach(() => rmSync(cache, { recursive: true }));

/** A source that gives these contents, one a call, and the last one from then on. */
function source(...contents: string[]): { fetch: (folder: string) => Promise<void>; calls: () => number } {
  let calls = 0;
  return {
    fetch: async (folder) => {
      writeFileSync(join(folder, pin.file), contents[Math.min(calls, contents.length - 1)] ?? '');
      calls += 1;
    },
    calls: () => calls,
  };
}

describe('a pinned file', () => {
  it('is fetched once and then taken from the cache', async () => {
    const { fetch, calls } = source(content);
    const file = await pinnedFile(pin, fetch, cache);
    expect(readFileSync(file, 'utf8')).toBe(content);
    expect(await pinnedFile(pin, fetch, cache)).toBe(file);
    expect(calls()).toBe(1);
  });

  it('is fetched anew when the cached one is cut short', async () => {
    const folder = join(cache, pin.sha256);
    mkdirSync(folder);
    writeFileSync(join(folder, pin.file), content.slice(0, 500));
    const { fetch, calls } = source(content);
    expect(readFileSync(await pinnedFile(pin, fetch, cache), 'utf8')).toBe(content);
    expect(calls()).toBe(1);
  });

  it('is fetched again when a broken one comes', async () => {
    const { fetch, calls } = source(content.slice(0, -1), content);
    expect(readFileSync(await pinnedFile(pin, fetch, cache), 'utf8')).toBe(content);
    expect(calls()).toBe(2);
  });

  it('is never kept when only broken ones come, and says what was expected, what came and what to do', async () => {
    const { fetch, calls } = source('something else');
    const problem = await pinnedFile(pin, fetch, cache).catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(SetupProblem);
    expect(String(problem)).toContain(pin.sha256);
    expect(problem).toHaveProperty('remedy', expect.stringContaining('Mend the network.'));
    expect(calls()).toBe(3);
    expect(readdirSync(join(cache, pin.sha256))).toEqual([]);
  });

  it('that fails to come is tried three times', async () => {
    let calls = 0;
    const fetch = async (): Promise<void> => {
      calls += 1;
      throw new SetupProblem('connection lost', 'try again');
    };
    await expect(pinnedFile(pin, fetch, cache)).rejects.toThrow('connection lost');
    expect(calls).toBe(3);
  });

  it('is fetched once when two ask at the same time', async () => {
    const { fetch, calls } = source(content);
    const files = await Promise.all([pinnedFile(pin, fetch, cache), pinnedFile(pin, fetch, cache)]);
    expect(new Set(files).size).toBe(1);
    expect(calls()).toBe(1);
  });
});
