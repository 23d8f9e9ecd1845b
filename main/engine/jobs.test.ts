import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../contract/errors.ts';
import { openPlant, type Plant } from '../store/plant.ts';
import { systemClock } from './clock.ts';
import { createJobs } from './jobs.ts';
import { silentLog } from './log.ts';

let folder = '';
let plant: Plant;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mw-jobs-'));
  plant = openPlant(folder, { clock: systemClock });
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});

const spec = { kind: 'import', subject: 'a.csv', unit: 'bytes', request: { files: ['a.csv'] } } as const;

test('work runs to its result, which is kept', async () => {
  const jobs = createJobs(plant.jobs, systemClock, silentLog);
  const id = jobs.start(spec, ({ progress }) => {
    progress('reading', 5, 10);
    return Promise.resolve({ rows: 7 });
  });
  expect(await jobs.ended(id)).toMatchObject({ state: 'done', stage: 'reading', done: 10, total: 10, error: null });
  expect(jobs.result(id)).toEqual({ rows: 7 });
  expect(plant.jobs.get(id)?.state).toBe('done');
});

test('cancel reaches the work, and an ended job refuses it', async () => {
  const jobs = createJobs(plant.jobs, systemClock, silentLog);
  const id = jobs.start(spec, ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))));
  await new Promise((resolve) => setTimeout(resolve, 10));
  jobs.cancel(id);
  expect((await jobs.ended(id)).state).toBe('cancelled');
  expect(() => jobs.cancel(id)).toThrowError(expect.objectContaining({ code: 'state-conflict' }) as Error);
  expect(() => jobs.result(id)).toThrowError(expect.objectContaining({ code: 'state-conflict' }) as Error);
});

test('an error of the work is the job\'s error; a bug ends the job, not the engine', async () => {
  const jobs = createJobs(plant.jobs, systemClock, silentLog);
  const told = jobs.start(spec, () => Promise.reject(new AppError('too-little-data', 'three more failures are needed')));
  const bug = jobs.start(spec, () => Promise.reject(new TypeError('x is not a function')));
  expect(await jobs.ended(told)).toMatchObject({ state: 'failed', error: { code: 'too-little-data' } });
  expect(await jobs.ended(bug)).toMatchObject({ state: 'failed', error: { code: 'internal' } });
  expect(() => jobs.result(told)).toThrowError('three more failures');
});

test('what an engine left running is cut, by its close and by its death alike', async () => {
  const first = createJobs(plant.jobs, systemClock, silentLog);
  const closed = first.start(spec, ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))));
  const died = plant.jobs.create(spec).id;
  plant.jobs.update(died, { state: 'running' });
  await new Promise((resolve) => setTimeout(resolve, 10));
  await first.close();
  expect(plant.jobs.get(closed)?.state).toBe('cut');
  createJobs(plant.jobs, systemClock, silentLog);
  expect(plant.jobs.get(died)?.state).toBe('cut');
});
