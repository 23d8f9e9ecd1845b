import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TrainingConfig } from '../../../ml/documents/config.ts';
import type { Evaluation } from '../../../ml/documents/metrics.ts';
import { Mapping } from '../../contract/data.ts';
import { SourceOptions } from '../../contract/sources.ts';
import { microsOf, ModelId, RunId, SourceId, type AssetId } from '../../contract/values.ts';
import { settableClock } from '../../engine/clock.ts';
import { openConnection } from '../connection.ts';
import { DATABASE_FILE, openPlant, type Plant } from '../plant.ts';
import type { AlarmToCreate } from './alarms.ts';
import { bytesAsText } from './quarantine.ts';

let folder = '';
let plant: Plant;
const clock = settableClock(microsOf(1_700_000_000_000));
const now = () => clock.now();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millwright-records-'));
  plant = openPlant(folder, { clock });
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});

const pump = (name = 'pump-1'): AssetId => plant.assets.ensure({ path: ['Works', 'Line 1', name], machineType: 'pump', axis: 'time' }).id;
const failing = (code: string) => expect.objectContaining({ code });
const evaluation: Evaluation = { metrics: { kind: 'rul', unit: 'cycles', units: 2, points: 10, rmse: 1.5, mae: 1, score: 3, coverage90: null, meanWidth90: null }, baselines: [] };

describe('assets', () => {
  test('a path is made once, and found by it or by the machine\'s own name', () => {
    const id = pump();
    expect(pump()).toBe(id);
    expect(plant.assets.list().map(({ level, name }) => [level, name])).toEqual([['site', 'Works'], ['area', 'Line 1'], ['machine', 'pump-1']]);
    expect(plant.assets.byName('Works/Line 1/pump-1')?.id).toBe(id);
    expect(plant.assets.byName('pump-1')?.id).toBe(id);
    expect(plant.assets.byName('pump-9')).toBeUndefined();
    expect(plant.assets.pathOf(id)).toEqual(['Works', 'Line 1', 'pump-1']);
  });

  test('a name that several machines have is refused with their paths', () => {
    pump();
    plant.assets.ensure({ path: ['Yard', 'pump-1'], machineType: 'pump', axis: 'time' });
    expect(() => plant.assets.byName('pump-1')).toThrow(/Works\/Line 1\/pump-1, Yard\/pump-1/);
  });

  test('an impossible path, another axis, and a site\'s name for a machine are refused', () => {
    pump();
    for (const path of [[], [''], ['a/b'], ['1', '2', '3', '4', '5']]) expect(() => plant.assets.ensure({ path, machineType: 'pump', axis: 'time' })).toThrow(failing('input-invalid'));
    expect(() => plant.assets.ensure({ path: ['Works', 'Line 1', 'pump-1'], machineType: 'pump', axis: 'cycle' })).toThrow(failing('mapping-invalid'));
    expect(() => plant.assets.ensure({ path: ['Works'], machineType: 'pump', axis: 'time' })).toThrow(failing('mapping-invalid'));
  });
});

test('a sensor is made once and takes a unit that it had not, but never loses one', () => {
  const asset = pump();
  const made = plant.sensors.ensure({ asset, name: 'p', unit: null, unitAsWritten: null, quantity: null, kind: 'number' });
  expect(plant.sensors.ensure({ asset, name: 'p', unit: 'bar', unitAsWritten: 'Bar', quantity: 'pressure', kind: 'number' })).toEqual({ ...made, unit: 'bar', unitAsWritten: 'Bar', quantity: 'pressure' });
  expect(plant.sensors.ensure({ asset, name: 'p', unit: null, unitAsWritten: null, quantity: null, kind: 'number' }).unit).toBe('bar');
  plant.sensors.describe(made.id, { limitHigh: 9, nominalInterval: 1e6 });
  expect(plant.sensors.get(made.id)).toMatchObject({ limitHigh: 9, limitLow: null, nominalInterval: 1e6, quantity: 'pressure' });
  expect(plant.sensors.ofAsset(asset)).toEqual(plant.sensors.list());
  expect(plant.sensors.named('p')).toHaveLength(1);
});

test('an event is the same one when it comes again, and learns its end', () => {
  const asset = pump();
  const event = { asset, kind: 'failure', mode: 'BRD', start: 10, end: null, knownAt: 12, comment: null } as const;
  const [first] = plant.events.add([event]);
  const [again] = plant.events.add([{ ...event, end: 20, knownAt: 30 }]);
  expect(again).toEqual({ ...first, end: 20, knownAt: 12, assetName: 'pump-1' });
  plant.events.add([{ ...event, kind: 'maintenance', start: 5 }]);
  expect(plant.events.list().map(({ start }) => start)).toEqual([5, 10]);
  expect(plant.events.list({ kind: 'failure' })).toEqual([again]);
  expect(plant.events.list({ asset: pump('pump-2') })).toEqual([]);
});

const mapping = Mapping.parse({
  version: 1, layout: 'wide', dialect: { delimiter: ';', decimal: ',', quote: '"', encoding: 'utf-8', headerLines: 1 },
  timestamp: { kind: 'iso', format: '', zone: 'UTC' }, columns: [], asset: 'pump-1', machineType: null, axis: 'time',
});

test('a source adds up its files, and a file is saved once by its identity', () => {
  const options = SourceOptions.parse({ profile: 'press', silentAfterSeconds: 30 });
  const source = plant.sources.upsert({ path: '/logs', kind: 'folder', site: 'Europe/Berlin', asset: null, mapping, options });
  expect(plant.sources.followedAs(source.id)).toEqual({ site: 'Europe/Berlin', asset: null, mapping, options });
  const file = { source: source.id, path: '/logs/a.csv', identity: 'aa', identityBytes: 10, bytes: 100, position: 40, line: 4, quarantined: 1, mapping, state: { carry: 'x' }, seenAt: now() };
  const saved = plant.sources.saveFile(file);
  expect(plant.sources.saveFile({ ...file, position: 90, path: '/logs/renamed.csv' }).id).toBe(saved.id);
  plant.sources.saveFile({ ...file, identity: 'bb', position: 5, bytes: 50, quarantined: 2 });
  expect(plant.sources.fileByIdentity(source.id, 'aa')).toEqual({ ...file, id: saved.id, position: 90, path: '/logs/renamed.csv' });
  plant.sources.count(source.id, { rows: 7, late: 2, duplicates: 3, replaced: 0 }, microsOf(5));
  plant.sources.count(source.id, { rows: 1, late: 0, duplicates: 0, replaced: 4 }, null);
  const reason = { code: 'in-use' as const, details: { system: 'EBUSY' } };
  expect(plant.sources.setState(source.id, 'unreachable', reason, 'in use')).toMatchObject({ position: 95, size: 150, quarantined: 3, rowsStored: 8, lastRowAt: 5000, state: 'unreachable', reason, counts: { late: 2, duplicates: 3, replaced: 4 } });
  expect(plant.sources.upsert({ path: '/logs', kind: 'folder', site: null, asset: 'm', mapping: null, options: SourceOptions.parse({}) })).toMatchObject({ id: source.id, rowsStored: 8, state: 'waiting', reason: null });
  plant.sources.remove(source.id);
  expect(plant.sources.list()).toEqual([]);
  expect(plant.sources.upsert({ path: '/logs', kind: 'folder', site: null, asset: 'm', mapping: null, options: SourceOptions.parse({}) })).toMatchObject({ id: source.id, rowsStored: 8, state: 'waiting' });
  expect(plant.sources.list()).toHaveLength(1);
  expect(() => plant.sources.remove(SourceId.parse(99))).toThrow('there is no source 99');
  const single = plant.sources.saveFile({ ...file, source: null });
  expect(plant.sources.saveFile({ ...file, source: null, position: 100 }).id).toBe(single.id);
  expect(plant.sources.files(null)).toHaveLength(1);
  expect(plant.sources.files(source.id).map(({ identity }) => identity)).toEqual(['aa', 'bb']);
});

test('a file that is spent stays counted, and its rows set aside stay', () => {
  const source = plant.sources.upsert({ path: 'tcp-listen://127.0.0.1:5020', kind: 'tcp-listen', site: null, asset: null, mapping: null, options: SourceOptions.parse({}) });
  expect(source).toMatchObject({ kind: 'tcp-listen', connections: 0 });
  const { id } = plant.sources.saveFile({ source: source.id, path: '/inbox/1.csv', identity: 'one', identityBytes: 0, bytes: 70, position: 70, line: 7, quarantined: 1, mapping, state: null, seenAt: now() });
  plant.quarantine.add([{ sourceFile: id, file: '/inbox/1.csv', line: 3, reason: 'row-cut', original: Uint8Array.of(0x35), at: now() }]);
  plant.sources.spendFile(id);
  expect(plant.sources.get(source.id)).toMatchObject({ position: 70, size: 70, quarantined: 1 });
  expect(plant.quarantine.page(5).rows).toMatchObject([{ file: '/inbox/1.csv', line: 3 }]);
  expect(plant.check().problems).toEqual([]);
});

test('senders over HTTP show a token, which can be made anew; what a reader remembers is kept', () => {
  const follow = (path: string, kind: 'http-listen' | 'file') => plant.sources.upsert({ path, kind, site: null, asset: null, mapping: null, options: SourceOptions.parse({}) }).id;
  const id = follow('http-listen://127.0.0.1:8086', 'http-listen');
  const first = plant.sources.token(id);
  expect(first).toMatch(/^[\w-]{32}$/);
  follow('http-listen://127.0.0.1:8086', 'http-listen');
  expect(plant.sources.token(id)).toBe(first);
  expect(plant.sources.renewToken(id)).not.toBe(first);
  expect(plant.sources.token(follow('/logs/a.csv', 'file'))).toBeNull();
  expect(plant.sources.memory(id)).toBeNull();
  plant.sources.remember(id, { numbered: 3 });
  expect(plant.sources.memory(id)).toEqual({ numbered: 3 });
});

test('of the rows set aside the newest are kept, and the oldest go a few at a time', () => {
  plant.quarantine.add(Array.from({ length: 100 }, (_, i) => ({ sourceFile: null, file: '/a.csv', line: i, reason: 'row-cut', original: Uint8Array.of(0x35), at: now() })));
  const moved = Array.from({ length: 5 }, () => {
    const rows = plant.quarantine.beyond(30, 32);
    expect(plant.quarantine.moved(rows.at(-1)?.id ?? 0)).toBe(rows.length);
    return rows.length;
  });
  expect(moved).toEqual([32, 32, 6, 0, 0]);
  expect(plant.quarantine.page(100).rows.map(({ line }) => line)).toEqual(Array.from({ length: 30 }, (_, i) => 99 - i));
  expect(plant.quarantine.beyond(1000, 32)).toEqual([]);
});

test('quarantine is counted by file and reason, filtered, and shown in the encoding of its file', () => {
  const saved = plant.sources.saveFile({ source: null, path: '/a.csv', identity: 'latin', identityBytes: 0, bytes: 1, position: 1, line: 1, quarantined: 3, mapping: { ...mapping, dialect: { ...mapping.dialect, encoding: 'windows-1252' } }, state: null, seenAt: now() });
  const row = (file: string, line: number, reason: string, sourceFile: typeof saved.id | null) => ({ sourceFile, file, line, reason, original: Uint8Array.of(0x35, 0xb0, 0x43), at: now() });
  plant.quarantine.add([row('/a.csv', 1, 'row-cut', saved.id), row('/a.csv', 2, 'row-too-long', saved.id), row('/a.csv', 3, 'row-cut', saved.id), row('/b.csv', 1, 'row-cut', null)]);
  expect(plant.quarantine.counts()).toEqual([
    { file: '/a.csv', reason: 'row-cut', rows: 2 },
    { file: '/a.csv', reason: 'row-too-long', rows: 1 },
    { file: '/b.csv', reason: 'row-cut', rows: 1 },
  ]);
  const page = plant.quarantine.page(1, { file: '/a.csv', reason: 'row-cut' });
  expect(page.total).toBe(2);
  expect(page.rows).toMatchObject([{ line: 3, original: '5\\xB0C', decoded: '5°C' }]);
  expect(plant.quarantine.page(9, { file: '/a.csv', reason: 'row-cut', before: page.rows[0]?.id ?? null }).rows.map(({ line }) => line)).toEqual([1]);
  expect(plant.quarantine.page(9, { file: '/b.csv' }).rows).toMatchObject([{ original: '5\\xB0C', decoded: null }]);
});

test('quarantine pages from the newest and shows bytes that are no text', () => {
  const at = now();
  plant.quarantine.add([1, 2, 3].map((line) => ({ sourceFile: null, file: 'a.csv', line, reason: 'row-too-short', original: Uint8Array.of(0x35, 0xff, 0x3b), at })));
  const first = plant.quarantine.page(2);
  expect(first).toMatchObject({ total: 3, rows: [{ line: 3, original: '5\\xFF;' }, { line: 2 }] });
  expect(plant.quarantine.page(2, { before: first.rows.at(-1)?.id ?? null }).rows.map(({ line }) => line)).toEqual([1]);
  expect(bytesAsText(new TextEncoder().encode('Öl µm 温度 🔧'))).toBe('Öl µm 温度 🔧');
  expect(bytesAsText(Uint8Array.of(0xe6, 0xb8, 0x41, 0x80))).toBe('\\xE6\\xB8A\\x80');
});

test('a profile is kept under its name', () => {
  plant.profiles.save('press', mapping);
  plant.profiles.save('press', { ...mapping, asset: 'other' });
  expect(plant.profiles.get('press')?.mapping.asset).toBe('other');
  expect(plant.profiles.list()).toHaveLength(1);
});

test('a job keeps its request, its course and its result', () => {
  const job = plant.jobs.create({ kind: 'import', subject: 'a.csv', unit: 'bytes', request: { files: ['a.csv'] } });
  expect(job).toMatchObject({ state: 'queued', createdAt: now(), error: null });
  expect(plant.jobs.update(job.id, { state: 'failed', done: 5, total: 10, error: { code: 'disk-full', message: 'full', details: { free: 0 } } })).toEqual(plant.jobs.get(job.id));
  plant.jobs.setResult(job.id, { rows: 3 });
  expect([plant.jobs.request(job.id), plant.jobs.result(job.id)]).toEqual([{ files: ['a.csv'] }, { rows: 3 }]);
  const later = plant.jobs.create({ kind: 'backup', subject: 'b', unit: 'steps', request: null });
  expect(plant.jobs.list().map(({ id }) => id)).toEqual([later.id, job.id]);
});

test('a run tells how far it is from its epochs', () => {
  const id = RunId.parse('run-1');
  const config = TrainingConfig.parse({ task: 'rul', epochs: 10 });
  plant.runs.create({ id, job: null, task: 'rul', machineType: 'pump', cause: 'cli', config, startedAt: now() });
  plant.runs.update(id, { state: 'training', units: { train: 4, validation: 1 } });
  for (const epoch of [1, 2, 3]) plant.runs.addEpoch(id, { epoch, loss: 1 / epoch, valLoss: null, valMetric: null, learningRate: 1e-3, ms: 2000 });
  plant.runs.addEpoch(id, { epoch: 3, loss: 9, valLoss: 1, valMetric: 2, learningRate: 1e-3, ms: 2000 });
  expect(plant.runs.get(id)).toMatchObject({ epochsDone: 3, epochsPlanned: 10, secondsLeft: 14, units: { train: 4, validation: 1 }, lastEpoch: { epoch: 3, loss: 9 } });
  expect(plant.runs.history(id).map(({ loss }) => loss)).toEqual([1, 0.5, 9]);
  expect(plant.runs.update(id, { state: 'done', evaluation, bestEpoch: 2, endedAt: now() })).toMatchObject({ secondsLeft: null, evaluation, bestEpoch: 2 });
  expect(() => plant.runs.update(RunId.parse('none'), { state: 'done' })).toThrow(failing('not-found'));
});

describe('models', () => {
  const add = (name: string) => {
    clock.advance(1_000_000);
    return plant.models.add({ id: ModelId.parse(name), run: null, task: 'rul', machineType: 'pump', createdAt: now(), fingerprint: 'f', backend: 'tfjs-node', parameters: 10, evaluation }).id;
  };
  const champion = () => plant.models.champion('rul', 'pump')?.id;

  test('there is one champion, and rolling back goes from champion to champion', () => {
    const [a, b, c] = [add('a'), add('b'), add('c')];
    expect(champion()).toBeUndefined();
    for (const id of [a, b, c]) plant.models.promote(id);
    expect(plant.models.list().map(({ id, role }) => [id, role])).toEqual([['c', 'champion'], ['b', 'archived'], ['a', 'archived']]);
    expect(plant.models.rollback('rul', 'pump').id).toBe(b);
    expect(plant.models.rollback('rul', 'pump').id).toBe(a);
    expect(() => plant.models.rollback('rul', 'pump')).toThrow(failing('state-conflict'));
    expect(champion()).toBe(a);
    expect(plant.models.promote(c).role).toBe('champion');
    expect(() => plant.models.promote(c)).toThrow(failing('state-conflict'));
    expect(plant.models.champions()).toHaveLength(1);
  });

  test('promotions keep their order when the clock is set back', () => {
    const [a, b] = [add('a'), add('b')];
    plant.models.promote(a);
    clock.advance(-3_600_000_000);
    plant.models.promote(b);
    expect(plant.models.rollback('rul', 'pump').id).toBe(a);
  });
});

test('a schedule remembers what became of the run that was due', () => {
  const { id } = plant.schedules.add({ cron: '0 3 * * *', zone: 'UTC', task: 'rul', machineType: null, preset: 'plain', search: null });
  expect(plant.schedules.get(id)).toMatchObject({ lastRun: null, lastDue: null });
  plant.schedules.recordRun(id, { due: microsOf(1), at: microsOf(2), run: null, outcome: 'skipped', reason: 'nothing new' });
  expect(plant.schedules.list()).toMatchObject([{ lastDue: 1000, lastRun: { at: 2000, run: null, outcome: 'skipped', reason: 'nothing new' } }]);
  plant.schedules.remove(id);
  expect(() => plant.schedules.remove(id)).toThrow(failing('not-found'));
});

test('health and forecasts: the newest, the newest of all, and a span', () => {
  const [one, two] = [pump(), pump('pump-2')];
  const health = (asset: AssetId, at: number, index: number | null) => ({ asset, at, index, state: 'normal' as const, drivers: [{ sensor: 'p', share: 1 }], reason: null });
  plant.healths.append([health(one, 1, 100), health(one, 2, 90), health(two, 1, null), health(one, 2, 80)]);
  expect(plant.healths.latest(one)).toEqual(health(one, 2, 80));
  expect(plant.healths.latestOfAll().map(({ asset, index }) => [asset, index])).toEqual([[one, 80], [two, null]]);
  expect(plant.healths.history(one, { from: 1, to: 1 })).toEqual([health(one, 1, 100)]);
  expect(plant.healths.history(one, { limit: 1 }).map(({ at }) => at)).toEqual([2]);

  const forecast = { asset: one, model: null, madeAt: now(), asOf: 5, rul: { median: 3, low: 1, high: 9, unit: 'days' }, failureAt: null, failureProbability: [{ horizon: 7, unit: 'days', p: 0.2 }], fault: null, anomaly: null, drivers: [], noForecast: null };
  const stored = plant.forecasts.add(forecast);
  const newer = plant.forecasts.add({ ...forecast, asOf: 6, rul: null, noForecast: { reason: 'too-short', detail: 'x' } });
  expect(plant.forecasts.latest(one)).toEqual(newer);
  expect(plant.forecasts.latestOfAll()).toEqual([newer]);
  expect(plant.forecasts.history(one, { to: 5 })).toEqual([stored]);

  plant.baselines.save(one, 5, { mean: [1] });
  plant.baselines.save(one, 9, { mean: [2] });
  plant.baselines.save(one, 9, { mean: [3] });
  expect(plant.baselines.latest(one)).toEqual({ asset: one, since: 9, document: { mean: [3] } });
  expect(plant.baselines.list(one)).toHaveLength(2);
});

test('an alarm\'s state follows from what is stored, and one is open a condition', () => {
  const asset = pump();
  const alarm: AlarmToCreate = {
    asset, condition: 'health-low', state: 'unacknowledged', active: true, unacknowledged: true, priority: 'high', value: 40, limit: 50, unit: '%', model: null,
    raisedAt: now(), raisedOn: 7, clearedAt: null, acknowledgedAt: null, comment: null, shelvedUntil: null, shelveReason: null, count: 1, closedAt: null, message: 'low',
  };
  const open = plant.alarms.create(alarm);
  expect(open).toEqual({ ...alarm, id: open.id, assetName: 'pump-1' });
  expect(() => plant.alarms.create(alarm)).toThrow(/UNIQUE/);
  expect(plant.alarms.save({ ...open, state: 'shelved', shelvedUntil: microsOf(9e12), shelveReason: 'works' }).state).toBe('shelved');
  expect(plant.alarms.save({ ...open, state: 'acknowledged', unacknowledged: false }).state).toBe('acknowledged');
  expect(plant.alarms.save({ ...open, state: 'returned', active: false }).state).toBe('returned');
  plant.alarms.addTransition({ alarm: open.id, at: now(), from: 'normal', to: 'unacknowledged', cause: 'condition', comment: null });
  expect(plant.alarms.transitions(open.id)).toMatchObject([{ from: 'normal', to: 'unacknowledged' }]);
  expect(plant.alarms.openOf(asset, 'health-low')?.id).toBe(open.id);
  plant.alarms.save({ ...open, active: false, unacknowledged: false, state: 'normal', closedAt: now() });
  expect([plant.alarms.open(), plant.alarms.history().length, plant.alarms.history(pump('pump-2')).length]).toEqual([[], 1, 0]);
});

test('the audit trail pages from the newest', () => {
  for (const subject of ['1', '2', '3']) plant.audit.append({ actor: 'cli', act: 'data.import', subject, details: { subject } });
  const [newest] = plant.audit.list(1);
  expect(newest).toMatchObject({ subject: '3', details: { subject: '3' }, at: now() });
  expect(plant.audit.list(10, newest?.id).map(({ subject }) => subject)).toEqual(['2', '1']);
});

test('settings keep what was set and default the rest', () => {
  expect(plant.settings.get()).toMatchObject({ mode: 'none', language: 'system', theme: 'system' });
  expect(plant.settings.change({ zone: 'Asia/Shanghai', mode: 'own' })).toMatchObject({ zone: 'Asia/Shanghai', mode: 'own', language: 'system' });
});

test('a row that isn\'t what the contract says is told as damage, with the table\'s name', () => {
  const asset = pump();
  const connection = openConnection(join(folder, DATABASE_FILE));
  connection.prepare("INSERT INTO health (asset, at, value, state, drivers) VALUES (?, 1, 50, 'splendid', '[]')").run(asset);
  connection.prepare("INSERT INTO health_baseline (asset, since, document) VALUES (?, 1, '{')").run(asset);
  connection.close();
  expect(() => plant.healths.latest(asset)).toThrow(expect.objectContaining({ code: 'plant-damaged', message: expect.stringContaining("'health'") }));
  expect(() => plant.baselines.latest(asset)).toThrow(failing('plant-damaged'));
});
