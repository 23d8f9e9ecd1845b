import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SetupProblem } from './problem.mjs';
import { readStamp, writeStamp } from './stamp.mjs';
import { perform, type Step } from './step.mjs';

let stamps = '';
beforeEach(() => {
  stamps = mkdtempSync(join(tmpdir(), 'stamps-'));
});
afterEach(() => rmSync(stamps, { recursive: true }));

/** A step that counts how often it ran. */
function step(change: Partial<Step> = {}): { step: Step; runs: () => number } {
  let runs = 0;
  const made: Step = {
    name: 'part',
    title: 'a part',
    part: 'engine',
    key: () => 'first',
    holds: () => runs > 0,
    run: async () => {
      runs += 1;
      return { version: '1' };
    },
    ...change,
  };
  return { step: made, runs: () => runs };
}

describe('a step of the set-up', () => {
  it('is done once, and not again while its key and what it made stand', async () => {
    const { step: one, runs } = step();
    expect(await perform(one, stamps)).toBe('done');
    expect(await perform(one, stamps)).toBe('there');
    expect(runs()).toBe(1);
    expect(readStamp('part', stamps)).toEqual({ key: 'first', details: { version: '1' } });
  });

  it('is done again when what it follows from has changed', async () => {
    const { step: one, runs } = step();
    await perform(one, stamps);
    expect(await perform({ ...one, key: () => 'second' }, stamps)).toBe('done');
    expect(runs()).toBe(2);
  });

  it('is done again when what it made is gone, though its stamp is there', async () => {
    writeStamp('part', { key: 'first', details: {} }, stamps);
    const { step: one, runs } = step();
    expect(await perform(one, stamps)).toBe('done');
    expect(runs()).toBe(1);
  });

  it('leaves no stamp when it fails, not even that of an earlier time', async () => {
    writeStamp('part', { key: 'an older one', details: {} }, stamps);
    const { step: one } = step({ run: () => Promise.reject(new SetupProblem('no network', 'wait')) });
    await expect(perform(one, stamps)).rejects.toThrow('no network');
    expect(readStamp('part', stamps)).toBeNull();
  });

  it('leaves no stamp when it says that it is done and is not', async () => {
    const { step: one } = step({ holds: () => false });
    await expect(perform(one, stamps)).rejects.toThrow('not there');
    expect(readStamp('part', stamps)).toBeNull();
  });
});

describe('a stamp', () => {
  it('that was cut in the middle of writing says nothing', () => {
    writeFileSync(join(stamps, 'part.json'), '{"key": "fir');
    expect(readStamp('part', stamps)).toBeNull();
  });

  it('leaves no temporary file beside it', () => {
    writeStamp('part', { key: 'k', details: {} }, stamps);
    expect(readdirSync(stamps)).toEqual(['part.json']);
  });
});
