import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from './lock.mjs';

const lockModule = fileURLToPath(new URL('./lock.mjs', import.meta.url));
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A process of its own that takes the lock, writes 'in', holds it for a while and writes 'out'. */
function holder(name: string, holdMs: number): ChildProcess {
  const script = `
    import { appendFileSync } from 'node:fs';
    import { withLock } from ${JSON.stringify(lockModule)};
    await withLock(${JSON.stringify(join(folder, 'lock'))}, 'a test', async () => {
      appendFileSync(${JSON.stringify(join(folder, 'diary'))}, '${name} in\\n');
      await new Promise((fulfil) => setTimeout(fulfil, ${holdMs}));
      appendFileSync(${JSON.stringify(join(folder, 'diary'))}, '${name} out\\n');
    });`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
}

const diary = (): string[] => readFileSync(join(folder, 'diary'), 'utf8').trim().split('\n');

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((fulfil) => setTimeout(fulfil, 20));
}

describe('the lock', () => {
  it('lets one process in at a time', async () => {
    const holders = ['a', 'b', 'c'].map((name) => holder(name, 150));
    await Promise.all(holders.map((child) => once(child, 'exit')));
    const lines = diary();
    expect(lines).toHaveLength(6);
    for (let line = 0; line < 6; line += 2) expect(lines[line + 1]).toBe(lines[line]?.replace('in', 'out'));
  });

  it('is free as soon as its holder is killed', async () => {
    appendFileSync(join(folder, 'diary'), '');
    const killed = holder('killed', 60_000);
    await until(() => diary().includes('killed in'));
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    const answer = await withLock(join(folder, 'lock'), 'a test', async () => 'mine');
    expect(answer).toBe('mine');
    expect(diary()).toEqual(['killed in']);
  });

  it('is free after work that failed', async () => {
    const file = join(folder, 'lock');
    await expect(withLock(file, 'a test', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await withLock(file, 'a test', async () => 1)).toBe(1);
  });
});
