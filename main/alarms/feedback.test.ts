import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AlarmFeedback, type Alarm } from '../contract/alarms.ts';
import { AlarmId, microsOf } from '../contract/values.ts';
import { settableClock } from '../engine/clock.ts';
import { silentLog } from '../engine/log.ts';
import { openPlant, type Plant } from '../store/plant.ts';
import { createAlarms, type Alarms } from './alarms.ts';

const clock = settableClock(microsOf(1_750_000_000_000));
let folder = '';
let plant: Plant;
let alarms: Alarms;
let alarm: Alarm;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'feedback-'));
  plant = openPlant(folder, { clock });
  alarms = createAlarms({ plant, clock, log: silentLog });
  const asset = plant.assets.ensure({ path: ['Works', 'P-1'], machineType: 'pump', axis: 'time' }).id;
  alarm = plant.alarms.create({
    asset, condition: 'health-low', state: 'unacknowledged', active: true, unacknowledged: true, priority: 'medium', value: 30, limit: 40, unit: '', model: null, raisedAt: clock.now(), raisedOn: 1e15,
    clearedAt: null, acknowledgedAt: null, comment: null, shelvedUntil: null, shelveReason: null, count: 1, closedAt: null, message: '',
  });
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});

const told = (feedback: Partial<AlarmFeedback>): AlarmFeedback => AlarmFeedback.parse({ alarm: alarm.id, finding: 'confirmed', ...feedback });
const events = (): unknown[] => plant.events.list().map(({ kind, mode, start, comment }) => ({ kind, mode, start, comment }));

it('is a verdict at the reading that raised the alarm; what is told later takes its place', () => {
  alarms.feedback(told({ finding: 'unclear', comment: 'looked at it' }));
  expect(events()).toEqual([{ kind: 'verdict', mode: 'unclear', start: 1e15, comment: 'looked at it' }]);
  alarms.feedback(told({ finding: 'false-alarm' }));
  expect(events()).toEqual([{ kind: 'verdict', mode: 'false-alarm', start: 1e15, comment: null }]);
  expect(plant.alarms.get(alarm.id)).toMatchObject({ state: 'unacknowledged' });
});

it('that confirms a failure adds the failure, once', () => {
  const failure = { mode: 'VIB', failedAt: 1e15 + 5, comment: 'bearing' };
  expect(alarms.feedback(told(failure)).map(({ kind }) => kind)).toEqual(['verdict', 'failure']);
  expect(alarms.feedback(told(failure)).map(({ kind }) => kind)).toEqual(['verdict']);
  alarms.feedback(told({ ...failure, mode: 'NOI' }));
  expect(events()).toEqual([{ kind: 'verdict', mode: 'confirmed', start: 1e15, comment: 'NOI: bearing' }, { kind: 'failure', mode: 'VIB', start: 1e15 + 5, comment: 'bearing' }]);
  expect(plant.events.list({ kind: 'failure' })[0]?.knownAt).toBe(clock.now());
});

it('that names a failure nobody confirms, or an alarm that is not there, is refused', () => {
  expect(() => alarms.feedback(told({ finding: 'false-alarm', failedAt: 1 }))).toThrow(/belongs to 'confirmed' alone/);
  expect(() => alarms.feedback(told({ alarm: AlarmId.parse(99) }))).toThrow(expect.objectContaining({ code: 'not-found' }));
  expect(events()).toEqual([]);
});
