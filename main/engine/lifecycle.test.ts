import { closeSync, existsSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createClient, type EngineClient } from '../channel/client.ts';
import { AppError } from '../contract/errors.ts';
import { CONTRACT_VERSION } from '../contract/system.ts';
import { openConnection } from '../store/connection.ts';
import { readHolder } from '../store/lock.ts';
import { DATABASE_FILE, openPlant } from '../store/plant.ts';
import { systemClock } from './clock.ts';
import { openEngine, type Engine } from './engine.ts';
import { silentLog } from './log.ts';

/* A plant whose file is damaged, from the first start to the way back, as the window meets it. */

let folder = '';
let engine: Engine | null = null;
const database = (): string => join(folder, DATABASE_FILE);
const backup = (): string => join(folder, '..', 'copy.backup');
const open = async (background = true): Promise<Engine> => {
  engine = await openEngine({ folder, clock: systemClock, log: silentLog, background });
  return engine;
};
const codeOf = (answer: Promise<unknown>): Promise<string> => answer.then(() => 'answered', (thrown: unknown) => AppError.of(thrown).code);
const zeros = (at: number, length = 8192): void => {
  const handle = openSync(database(), 'r+');
  writeSync(handle, Buffer.alloc(length), 0, length, at);
  closeSync(handle);
};

beforeEach(async () => {
  folder = join(mkdtempSync(join(tmpdir(), 'millwright-life-')), 'plant');
  mkdirSync(join(folder, 'models', 'm-1'), { recursive: true });
  writeFileSync(join(folder, 'models', 'm-1', 'model.json'), '{"a":1}');
  const plant = openPlant(folder, { clock: systemClock });
  const asset = plant.assets.ensure({ path: ['press'], machineType: 'press', axis: 'time' }).id;
  const sensor = plant.sensors.ensure({ asset, name: 'flow', unit: null, unitAsWritten: null, quantity: null, kind: 'number' }).id;
  const positions = Float64Array.from({ length: 60_000 }, (_, i) => i * 1e6);
  plant.transaction(() => plant.series.append({ asset, positions, columns: [{ sensor, values: positions.map((at) => Math.sin(at)) }] }));
  plant.settings.change({ plantName: 'North hall' });
  await plant.backup(backup());
  plant.close();
});
afterEach(async () => {
  await engine?.close();
  engine = null;
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

const assertServesWithout = async (client: EngineClient): Promise<void> => {
  expect(await client.system.hello({ contract: CONTRACT_VERSION })).toMatchObject({ plantFolder: folder });
  expect(await client.system.settings({})).toMatchObject({ mode: 'none' });
  expect(await client.storage.state({})).toMatchObject({ state: 'damaged', isOpen: false });
  for (const refused of [client.plant.assets({}), client.data.points({ sensor: 'flow' }), client.alarms.list({}), client.system.changeSettings({ plantName: 'X' })]) await expect(refused).rejects.toMatchObject({ code: 'plant-damaged', message: expect.stringContaining('restore') });
  expect(await codeOf((async () => (await client.plant.watch({})).next())())).toBe('plant-damaged');
};

test.each([
  ['its beginning overwritten', () => zeros(0)],
  ['its end gone', () => {
    const handle = openSync(database(), 'r+');
    ftruncateSync(handle, Math.floor(statSync(database()).size / 2));
    closeSync(handle);
  }],
  ['something else in its place', () => writeFileSync(database(), 'time,a\n'.repeat(2000))],
])('a plant with %s is served, and a backup brings it back in the same process', async (_what, damage) => {
  damage();
  const damaged = readFileSync(database());
  const served = await open();
  const client = createClient(served.connect('operator'));
  await assertServesWithout(client);
  expect(readFileSync(database()).equals(damaged)).toBe(true);

  await expect(client.storage.restore({ file: join(folder, 'models', 'm-1', 'model.json') })).rejects.toMatchObject({ code: 'plant-damaged' });
  writeFileSync(join(folder, 'models', 'm-1', 'model.json'), 'changed since');
  const { kept } = await client.storage.restore({ file: backup() });
  expect(readFileSync(kept ?? '').equals(damaged)).toBe(true);

  // The port of before ends, and a fresh one is to the plant that is open now: that is how the window comes back.
  const again = createClient(served.connect('operator'));
  expect((await again.data.points({ sensor: 'flow', limit: 60_000 })).points).toHaveLength(60_000);
  expect(await again.system.settings({})).toMatchObject({ plantName: 'North hall' });
  expect(await again.storage.state({})).toMatchObject({ isOpen: true, work: null });
  await expect.poll(() => codeOf(client.system.settings({})), { timeout: 3000 }).toBe('engine-unreachable');
  expect(readFileSync(join(folder, 'models', 'm-1', 'model.json'), 'utf8')).toBe('{"a":1}');
  expect((await again.data.check({})).ok).toBe(true);
  expect(readdirSync(folder).filter((name) => name.includes('part'))).toEqual([]);
}, 30_000);

test('a running plant whose pages are overwritten takes no more readings, says so, and is rebuilt', async () => {
  const size = statSync(database()).size;
  zeros(Math.floor(size / 8192) * 4096);
  const served = await open();
  const client = createClient(served.connect('operator'));
  expect(await client.storage.state({})).toMatchObject({ isOpen: true });
  expect(await codeOf(client.data.points({ sensor: 'flow', limit: 100_000 }))).toBe('plant-damaged');
  expect(await client.storage.state({})).toMatchObject({ state: 'damaged', isOpen: true });
  const csv = join(folder, '..', 'more.csv');
  writeFileSync(csv, 'time,flow\n2030-01-01T00:00:00Z,1\n2030-01-01T00:00:01Z,2\n2030-01-01T00:00:02Z,3\n');
  const { job } = await client.data.import({ files: [csv] });
  await expect.poll(async () => (await client.jobs.get({ job })).state, { timeout: 5000 }).not.toBe('running');
  expect((await client.data.points({ sensor: 'flow', from: 1.8e15 }).catch(() => ({ points: [] }))).points).toEqual([]);
  expect(await client.system.settings({})).toMatchObject({ plantName: 'North hall' });

  const rebuilt = await client.storage.rebuild({});
  expect(rebuilt.readingsSaved).toBeGreaterThan(40_000);
  expect(rebuilt.lost.join()).toMatch(/press \/ flow: \d+ readings from/);
  const again = createClient(served.connect('operator'));
  expect((await again.data.points({ sensor: 'flow', limit: 100_000 })).points).toHaveLength(rebuilt.readingsSaved);
  expect(await again.storage.state({})).toMatchObject({ state: 'ok' });
}, 30_000);

test('a swap that was cut is ended by the next start', async () => {
  const before = readFileSync(database());
  const stage = join(folder, 'restore-x.part');
  mkdirSync(stage);
  writeFileSync(join(stage, DATABASE_FILE), before);
  writeFileSync(join(folder, 'swap.json'), JSON.stringify({ stage: 'restore-x.part', kept: 'before-restore-x' }));
  // Cut between the two renames: the plant has no database at all.
  writeFileSync(join(folder, `${DATABASE_FILE}.before-restore-x`), 'what was there');
  rmSync(database());
  const client = createClient((await open(false)).connect('operator'));
  expect(await client.system.settings({})).toMatchObject({ plantName: 'North hall' });
  expect(readFileSync(join(folder, `${DATABASE_FILE}.before-restore-x`), 'utf8')).toBe('what was there');
  expect(readdirSync(folder)).not.toContain('swap.json');
});

test('a database that another program locks is told, jobs and commands go on in memory, and all is well when it is over', async () => {
  const served = await open();
  const client = createClient(served.connect('operator'));
  const other = openConnection(database());
  other.exec('BEGIN IMMEDIATE');
  expect(await codeOf(client.system.changeSettings({ plantName: 'X' }))).toBe('plant-locked');
  expect(await client.storage.state({})).toMatchObject({ state: 'locked', isOpen: true });
  const started = Date.now();
  const file = join(folder, '..', 'out.csv');
  const { job } = await client.storage.export({ file, sensors: (await client.plant.sensors({})).map(({ id }) => id), layout: 'long' });
  await expect.poll(async () => (await client.jobs.get({ job })).state, { timeout: 8000 }).toBe('done');
  expect(Date.now() - started).toBeLessThan(6000);
  other.exec('ROLLBACK');
  other.close();
  await expect.poll(async () => (await client.storage.state({})).state, { timeout: 12_000 }).toBe('ok');
  expect(await client.system.changeSettings({ plantName: 'Y' })).toMatchObject({ plantName: 'Y' });
}, 40_000);

test.skipIf(process.platform === 'win32')('sockets that killed engines left are taken away by the next one', async () => {
  await open();
  const { socket } = readHolder(folder) ?? { socket: '' };
  await engine?.close();
  const left = socket.replace(String(process.pid), '1');
  writeFileSync(left, '');
  await open();
  expect([existsSync(left), existsSync(socket)]).toEqual([false, true]);
});
