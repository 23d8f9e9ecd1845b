import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Alarm } from '../contract/alarms.ts';
import { microsOf, ModelId, type AssetId } from '../contract/values.ts';
import { settableClock } from '../engine/clock.ts';
import { silentLog } from '../engine/log.ts';
import { openPlant, type Plant } from '../store/plant.ts';
import { createAlarms, type Alarms } from './alarms.ts';

const minute = 60e6;
const hour = 60 * minute;
const clock = settableClock(microsOf(0));
let folder = '';
let plant: Plant;
let alarms: Alarms;
let pump: AssetId;
let heard: Alarm[] = [];

const listen = (): void => {
  alarms = createAlarms({ plant, clock, log: silentLog });
  alarms.onAlarm((alarm) => heard.push(alarm));
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alarms-'));
  clock.set(microsOf(1_750_000_000_000));
  plant = openPlant(folder, { clock });
  pump = plant.assets.ensure({ path: ['Works', 'P-1'], machineType: 'pump', axis: 'time' }).id;
  heard = [];
  listen();
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});

const restartEngine = (): void => {
  plant.close();
  plant = openPlant(folder, { clock });
  listen();
};

/** A minute passes and a health comes in. */
const health = (index: number | null, minutes = 1): void => {
  for (let i = 0; i < minutes; i++) {
    clock.advance(minute);
    const state = index === null ? ('unknown' as const) : ('warning' as const);
    plant.healths.append([{ asset: pump, at: clock.now(), index, state, drivers: [{ sensor: 'vibration', share: 1 }], reason: index === null ? 'baseline-learning' : null }]);
    alarms.evaluate([pump]);
  }
};
const forecast = (median: number | null, p: number | null = null): void => {
  clock.advance(minute);
  plant.forecasts.add({
    asset: pump, model: null, madeAt: clock.now(), asOf: clock.now(), failureAt: null, fault: null, anomaly: null, drivers: [],
    rul: median === null ? null : { median, low: median / 2, high: median * 2, unit: 'hours' },
    failureProbability: p === null ? [] : [{ horizon: 48, unit: 'hours', p }],
    noForecast: median === null && p === null ? { reason: 'stale-data', detail: '' } : null,
  });
  alarms.evaluate([pump]);
};
const only = (): Alarm => {
  const [alarm, ...more] = alarms.list();
  if (alarm === undefined || more.length > 0) throw new Error(`expected one open alarm, there are ${more.length + (alarm === undefined ? 0 : 1)}`);
  return alarm;
};
const states = (id: Alarm['id']): string[] => alarms.transitions(id).map(({ from, to, cause }) => `${from}>${to}:${cause}`);

describe('the life of an alarm', () => {
  it('is raised after the delay with value, limit and words, acknowledged, cleared and closed', () => {
    health(90, 3);
    health(32.4, 10);
    expect(alarms.list()).toEqual([]);
    health(32.4);
    expect(only()).toMatchObject({ condition: 'health-low', state: 'unacknowledged', priority: 'medium', value: 32.4, limit: 40, raisedOn: clock.now(), count: 1 });
    expect(only().message).toBe('P-1: health is 32 of 100, below its limit of 40; mostly vibration');
    const { id } = only();
    expect(alarms.acknowledge(id, 'seen, part ordered')).toMatchObject({ state: 'acknowledged', comment: 'seen, part ordered' });
    expect(() => alarms.acknowledge(id, 'again')).toThrow(/nothing to acknowledge/);
    health(80, 31);
    expect(alarms.list()).toEqual([]);
    expect(alarms.history({ asset: pump, limit: 10 })).toMatchObject([{ id, state: 'normal', closedAt: clock.now() }]);
    expect(states(id)).toEqual(['normal>unacknowledged:condition', 'unacknowledged>acknowledged:acknowledge', 'acknowledged>normal:cleared']);
    expect(heard.map((alarm) => alarm.state)).toEqual(['unacknowledged', 'acknowledged', 'normal']);
  });

  it('stays open as returned until somebody acknowledges it, and counts each time it is raised', () => {
    health(30, 12);
    health(80, 32);
    expect(only()).toMatchObject({ state: 'returned', active: false, unacknowledged: true });
    health(30, 12);
    expect(only()).toMatchObject({ state: 'unacknowledged', count: 2, clearedAt: null });
    health(80, 32);
    alarms.acknowledge(only().id, 'checked');
    expect(alarms.list()).toEqual([]);
  });

  it('calls again when it grows urgent, and after a day', () => {
    health(30, 12);
    alarms.acknowledge(only().id, 'known');
    health(9);
    expect(only()).toMatchObject({ state: 'unacknowledged', priority: 'high', value: 9 });
    alarms.acknowledge(only().id, 'known');
    clock.advance(24 * hour);
    alarms.tick();
    expect(only().state).toBe('unacknowledged');
  });

  it('is not cleared by silence, and is by the restart of its machine', () => {
    forecast(20);
    expect(only()).toMatchObject({ condition: 'failure-near', priority: 'medium', value: 20, limit: 48, unit: 'hours' });
    forecast(null);
    clock.advance(60 * hour);
    forecast(null);
    expect(only().active).toBe(true);
    plant.events.add([{ asset: pump, kind: 'maintenance', mode: 'corrective', start: clock.now() - hour, end: clock.now(), knownAt: clock.now(), comment: null }]);
    forecast(null);
    expect(only()).toMatchObject({ state: 'returned', active: false });
  });

  it('tells a likely failure by the probability, high when it is nearly certain', () => {
    forecast(null, 0.95);
    expect(only()).toMatchObject({ condition: 'failure-likely', priority: 'high', limit: 0.5 });
    expect(only().message).toBe('P-1: the probability of failure within 48 hours is 95 %, above its limit of 50 %');
  });

  it('takes the threshold that was chosen for the champion', () => {
    const metrics = { kind: 'failure' as const, horizon: 48, unit: 'hours', units: 5, points: 50, threshold: 0.2, accuracy: 1, precision: 1, recall: 1, f1: 1, prAuc: 1, confusion: { tp: 1, fp: 0, tn: 1, fn: 0 } };
    plant.models.add({ id: ModelId.parse('m'), run: null, task: 'failure', machineType: 'pump', createdAt: clock.now(), fingerprint: 'f', backend: 'tfjs-node', parameters: 1, evaluation: { metrics, baselines: [] } });
    plant.models.promote(ModelId.parse('m'));
    forecast(100, 0.3);
    expect(only()).toMatchObject({ condition: 'failure-likely', limit: 0.2, value: 0.3 });
  });

  it('is not told twice: a failure that is near is likely', () => {
    forecast(20, 0.9);
    expect(only().condition).toBe('failure-near');
    forecast(100, 0.9);
    for (let i = 0; i < 31; i++) forecast(100, 0.9);
    expect(alarms.list().map(({ condition, active }) => ({ condition, active }))).toEqual([{ condition: 'failure-likely', active: true }, { condition: 'failure-near', active: false }]);
  });

  it('is not raised for a machine that has failed already', () => {
    plant.events.add([{ asset: pump, kind: 'failure', mode: 'VIB', start: clock.now(), end: null, knownAt: clock.now(), comment: null }]);
    forecast(1);
    health(5, 15);
    expect(alarms.list()).toEqual([]);
  });
});

describe('delays and shelving', () => {
  it('go on through a restart of the engine', () => {
    health(30, 8);
    restartEngine();
    health(30, 3);
    expect(only().state).toBe('unacknowledged');
  });

  it('pass by time alone', () => {
    health(30, 8);
    clock.advance(3 * minute);
    alarms.tick();
    expect(only().state).toBe('unacknowledged');
  });

  it('shelve for a bounded time, hear the condition meanwhile, and call when the time is over, restart or not', () => {
    health(30, 12);
    const { id } = only();
    expect(() => alarms.shelve(id, microsOf(clock.now() / 1000 + 8 * 24 * 3_600_000), 'no')).toThrow(/next 7 days/);
    alarms.shelve(id, microsOf(clock.now() / 1000 + 2 * 3_600_000), 'part is ordered');
    expect(only()).toMatchObject({ state: 'shelved', shelveReason: 'part is ordered' });
    expect(() => alarms.acknowledge(id, '')).toThrow(/shelved/);
    health(80, 35);
    health(30, 12);
    expect(only()).toMatchObject({ state: 'shelved', active: true, count: 2 });
    restartEngine();
    clock.advance(2 * hour);
    alarms.tick();
    expect(only()).toMatchObject({ state: 'unacknowledged', shelvedUntil: null, shelveReason: null });
    expect(states(id).at(-1)).toBe('shelved>unacknowledged:shelve-expired');
  });

  it('end a shelving of what has cleared by closing it', () => {
    health(30, 12);
    alarms.shelve(only().id, microsOf(clock.now() / 1000 + 3_600_000), 'test run');
    health(80, 35);
    alarms.unshelve(only().id);
    expect(alarms.list()).toEqual([]);
  });
});
