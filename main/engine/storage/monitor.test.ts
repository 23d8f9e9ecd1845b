import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../contract/errors.ts';
import { microsOf } from '../../contract/values.ts';
import { settableClock } from '../clock.ts';
import { silentLog } from '../log.ts';
import { createStorageMonitor, type StorageMonitor } from './monitor.ts';

const MB = 1e6;
const total = 10_000 * MB;
const clock = settableClock(microsOf(1_700_000_000_000));
let folder = '';
let free = 5000 * MB;
let monitor: StorageMonitor;
let isBroken = false;
let waits: boolean[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millwright-monitor-'));
  [free, isBroken, waits] = [5000 * MB, false, []];
  monitor = createStorageMonitor({ folder, clock, log: silentLog, background: true, space: () => ({ free, total }) });
  monitor.opened({
    tryWriting: () => {
      if (isBroken) throw new AppError('plant-locked', 'still locked');
    },
    shrinkLog: () => undefined,
    waitForLocks: (wait) => waits.push(wait),
  });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const at = (bytes: number) => {
  free = bytes;
  monitor.tick();
  return monitor.state();
};
const guard = (): string => {
  try {
    monitor.guard();
    return 'taken';
  } catch (thrown) {
    return AppError.of(thrown).code;
  }
};

test('warns before the disk is full, takes nothing when it is as good as full, and goes on when there is room', async () => {
  expect([at(5000 * MB).state, guard()]).toEqual(['ok', 'taken']);
  await expect.poll(() => existsSync(join(folder, 'reserve.bin'))).toBe(true);
  const since = clock.now();
  clock.advance(1e6);
  expect([at(400 * MB).state, guard()]).toEqual(['low-space', 'taken']);
  expect(monitor.state()).toMatchObject({ since: since + 1e6, free: 400 * MB, message: expect.stringContaining('400 MB') });
  clock.advance(1e6);
  expect([at(50 * MB).state, guard()]).toEqual(['disk-full', 'disk-full']);
  // What was held is given back, and isn't taken for room to fill.
  expect(existsSync(join(folder, 'reserve.bin'))).toBe(false);
  expect(at(50 * MB + 33.6 * MB).state).toBe('disk-full');
  expect(monitor.state().since).toBe(since + 2e6);
  expect([at(6000 * MB).state, guard()]).toEqual(['ok', 'taken']);
});

test('what SQLite says is kept until writing works again; a lock that lasts is not waited for', () => {
  monitor.noticed(new AppError('plant-locked', 'another process holds it'));
  isBroken = true;
  expect([at(5000 * MB).state, guard(), waits]).toEqual(['locked', 'plant-locked', [false, false]]);
  isBroken = false;
  expect([at(5000 * MB).state, guard(), waits.at(-1)]).toEqual(['ok', 'taken', true]);
});

test('damage stays until the plant is another, and is told over all else', () => {
  monitor.looked({ at: clock.now(), extent: 'whole', problems: ['chunk 7 is damaged', 'and more'] });
  expect([at(5 * MB).state, guard()]).toEqual(['damaged', 'plant-damaged']);
  monitor.closed(null);
  monitor.opened({ tryWriting: () => undefined, shrinkLog: () => undefined, waitForLocks: () => undefined });
  expect(at(5000 * MB)).toMatchObject({ state: 'ok', isOpen: true, checked: null });
});

test('readers hear of each change once', async () => {
  const abort = new AbortController();
  const stream = monitor.topic.stream(abort.signal);
  expect((await stream.next()).value).toMatchObject({ kind: 'snapshot', items: [{ state: 'ok' }] });
  at(5000 * MB);
  at(400 * MB);
  at(400 * MB + 5);
  expect((await stream.next()).value).toMatchObject({ kind: 'upsert', item: { state: 'low-space' } });
  at(5000 * MB);
  expect((await stream.next()).value).toMatchObject({ kind: 'upsert', item: { state: 'ok' } });
  abort.abort();
});
