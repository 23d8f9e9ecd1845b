import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ProcessStatus } from '../contract/system.ts';
import { startWatched, type Watched } from './watched.ts';

let folder = '';
let watched: Watched | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mw-host-'));
});
afterEach(async () => {
  await watched?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const start = (script: string): { statuses: ProcessStatus[]; messages: unknown[]; ends: string[] } => {
  const file = join(folder, 'child.mjs');
  writeFileSync(file, script);
  const told = { statuses: [] as ProcessStatus[], messages: [] as unknown[], ends: [] as string[] };
  watched = startWatched({
    name: 'scorer',
    node: process.execPath,
    program: 'scorer',
    file,
    onMessage: (message) => told.messages.push(message),
    onStatus: (status) => told.statuses.push(status),
    onEnded: (why) => told.ends.push(why),
  });
  return told;
};

const ECHO = "process.send({ pid: process.pid }); process.on('message', (m) => process.send({ echo: m })); process.on('disconnect', () => process.exit(0));";

test('structured messages cross both ways; typed arrays stay typed arrays', async () => {
  const { messages } = start(ECHO);
  await expect.poll(() => messages.length).toBe(1);
  watched?.send({ values: new Float32Array([1.5, Number.NaN]) });
  await expect.poll(() => messages[1]).toEqual({ echo: { values: new Float32Array([1.5, Number.NaN]) } });
});

test('a killed child is told at once and started again', async () => {
  const { messages, statuses, ends } = start(ECHO);
  await expect.poll(() => messages.length).toBe(1);
  const pid = watched?.status().pid ?? 0;
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => ends, { timeout: 2000 }).toEqual(['signal SIGKILL']);
  await expect.poll(() => messages.length, { timeout: 3000 }).toBe(2);
  expect(statuses.map((status) => status.state)).toContain('restarting');
  expect(watched?.status()).toMatchObject({ restarts: 1, lastEnd: 'signal SIGKILL' });
  expect(watched?.status().pid).not.toBe(pid);
});

test('stop ends it for good, even one that does not listen', async () => {
  const { messages, statuses } = start("process.send('here'); process.on('disconnect', () => undefined); setInterval(() => undefined, 1000);");
  await expect.poll(() => messages.length).toBe(1);
  const pid = watched?.status().pid ?? 0;
  await watched?.stop();
  expect(() => process.kill(pid, 0)).toThrow();
  expect(statuses.at(-1)?.state).toBe('ended');
}, 10_000);
