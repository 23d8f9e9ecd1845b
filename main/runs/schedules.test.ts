import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../contract/errors.ts';
import type { TrainRequest } from '../contract/training.ts';
import { microsOf, RunId, type Micros } from '../contract/values.ts';
import { settableClock } from '../engine/clock.ts';
import { silentLog } from '../engine/log.ts';
import { openPlant, type Plant } from '../store/plant.ts';
import { timetableOf } from './cron.ts';
import { createSchedules, type Schedules } from './schedules.ts';

const at = (iso: string): Micros => microsOf(Date.parse(iso));
const iso = (micros: Micros | null): string | null => (micros === null ? null : new Date(micros / 1000).toISOString().slice(0, 16));
const clock = settableClock(at('2026-03-27T12:00:00Z'));
const daily = { cron: '30 2 * * *', zone: 'Europe/Berlin', task: 'rul' as const, machineType: null, preset: 'plain' as const, search: null };
let folder = '';
let plant: Plant;
let schedules: Schedules;
let started: TrainRequest[] = [];
let refusal: AppError | null = null;

const open = (): void => {
  plant = openPlant(folder, { clock });
  schedules = createSchedules({
    plant, clock, log: silentLog,
    startRun: (request) => {
      if (refusal !== null) throw refusal;
      started.push(request);
      return { run: RunId.parse(`run-${started.length}`) };
    },
  });
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'schedules-'));
  clock.set(at('2026-03-27T12:00:00Z'));
  started = [];
  refusal = null;
  open();
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a timetable', () => {
  it('keeps the wall clock of its zone across both changes of daylight saving', () => {
    const weekly = timetableOf('0 6 * * 1', 'Europe/Berlin');
    expect(weekly.next(at('2026-03-20T00:00:00Z'), 2).map(iso)).toEqual(['2026-03-23T05:00', '2026-03-30T04:00']);
    expect(weekly.next(at('2026-10-20T00:00:00Z'), 2).map(iso)).toEqual(['2026-10-26T05:00', '2026-11-02T05:00']);
  });

  it('finds the newest moment of a span, however long it is', () => {
    const newest = (cron: string, from: string, to: string) => iso(timetableOf(cron, 'UTC').newest(at(from), at(to)));
    expect(newest('* * * * *', '2020-01-01T00:00:00Z', '2026-01-01T00:00:30Z')).toBe('2026-01-01T00:00');
    expect(newest('0 0 1 1 *', '2020-06-01T00:00:00Z', '2026-05-01T00:00:00Z')).toBe('2026-01-01T00:00');
    expect(newest('0 6 * * 1', '2026-06-15T06:00:00Z', '2026-06-20T00:00:00Z')).toBeNull();
  });

  it('refuses what is no expression, saying what was expected', () => {
    expect(() => timetableOf('every monday', 'UTC')).toThrow(/is no schedule.*expected minute/);
    expect(() => timetableOf('0 0 31 2 *', 'UTC')).toThrow(/never comes true/);
  });
});

describe('schedules', () => {
  it('show their next runs and run once when due', () => {
    const { id, nextRuns } = schedules.add(daily);
    // On the 29th there is no 02:30 in Berlin: it runs when the missing hour is over.
    expect(nextRuns.slice(0, 3).map(iso)).toEqual(['2026-03-28T01:30', '2026-03-29T01:00', '2026-03-30T00:30']);
    schedules.tick();
    expect(started).toEqual([]);
    clock.set(at('2026-03-28T01:30:01Z'));
    schedules.tick();
    schedules.tick();
    expect(started).toMatchObject([{ task: 'rul', machineType: null, config: { preset: 'plain' } }]);
    expect(schedules.list()).toMatchObject([{ id, lastRun: { run: 'run-1', outcome: 'started', reason: null } }]);
  });

  it('search first where they are told to, each time for as long', () => {
    schedules.add({ ...daily, search: { minutes: 90 } });
    plant.close();
    open();
    expect(schedules.list()).toMatchObject([{ search: { minutes: 90 } }]);
    clock.set(at('2026-03-28T01:30:01Z'));
    schedules.tick();
    expect(started).toMatchObject([{ task: 'rul', search: { minutes: 90 } }]);
  });

  it('make up for a sleep of many runs once, also through a restart', () => {
    schedules.add(daily);
    plant.close();
    clock.set(at('2026-04-20T12:00:00Z'));
    open();
    schedules.tick();
    expect(started).toHaveLength(1);
    plant.close();
    open();
    schedules.tick();
    expect(started).toHaveLength(1);
    clock.set(at('2026-04-21T00:31:00Z'));
    schedules.tick();
    expect(started).toHaveLength(2);
  });

  it('say why a run was skipped', () => {
    schedules.add(daily);
    refusal = new AppError('too-little-data', '3 failures known, 5 needed');
    clock.set(at('2026-03-28T02:00:00Z'));
    schedules.tick();
    expect(schedules.list()[0]?.lastRun).toMatchObject({ run: null, outcome: 'skipped', reason: '3 failures known, 5 needed' });
    refusal = new AppError('internal', 'a bug');
    clock.set(at('2026-03-29T02:00:00Z'));
    schedules.tick();
    expect(schedules.list()[0]?.lastRun).toMatchObject({ outcome: 'failed', reason: 'a bug' });
  });

  it('refuse a bad expression and can be removed', () => {
    expect(() => schedules.add({ ...daily, cron: '99 2 * * *' })).toThrow(/is no schedule/);
    const { id } = schedules.add(daily);
    schedules.remove(id);
    expect(schedules.list()).toEqual([]);
    expect(() => schedules.remove(id)).toThrow(/no schedule/);
  });
});
