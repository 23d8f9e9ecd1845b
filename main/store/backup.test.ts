import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../contract/errors.ts';
import { microsOf } from '../contract/values.ts';
import { settableClock } from '../engine/clock.ts';
import { dropBackups, listBackups, noteBackup } from './backups.ts';
import { openConnection } from './connection.ts';
import { openPlant, type Plant } from './plant.ts';
import { restoreFrom } from './restore.ts';

let folder = '';
let plant: Plant;
const clock = settableClock(microsOf(1_700_000_000_000));
const place = (...names: string[]): string => join(folder, ...names);
/** Longer than a piece, with bytes of every kind. */
const large = Buffer.from(Uint32Array.from({ length: 1_300_000 }, (_, i) => (i * 2654435761) >>> 0).buffer);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millwright-backup-'));
  plant = openPlant(place('plant'), { clock });
  plant.settings.change({ plantName: 'North hall' });
  mkdirSync(place('plant', 'models', 'm-1'), { recursive: true });
  mkdirSync(place('plant', 'runs', 'r-1'), { recursive: true });
  writeFileSync(place('plant', 'models', 'm-1', 'model.json'), '{"a":1}');
  writeFileSync(place('plant', 'models', 'm-1', 'weights.bin'), large);
  writeFileSync(place('plant', 'runs', 'r-1', 'dataset.bin.new'), 'half');
  writeFileSync(place('plant', 'runs', 'r-1', 'empty.json'), '');
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});

test('holds the whole plant, models and runs with it, and gives it back', async () => {
  const told: string[] = [];
  const bytes = await plant.backup(place('out.backup'), { progress: (stage) => told.push(stage) });
  expect(bytes).toBe(readFileSync(place('out.backup')).length);
  expect(new Set(told)).toEqual(new Set(['copying', 'checking']));
  expect(readdirSync(folder).sort()).toEqual(['out.backup', 'plant']);
  mkdirSync(place('other', 'models', 'm-9'), { recursive: true });
  await restoreFrom(place('out.backup'), place('other'), 'now');
  const other = openPlant(place('other'), { clock });
  expect(other.settings.get().plantName).toBe('North hall');
  expect(other.check()).toEqual({ ok: true, problems: [] });
  other.close();
  expect(readFileSync(place('other', 'models', 'm-1', 'weights.bin')).equals(large)).toBe(true);
  expect([existsSync(place('other', 'runs', 'r-1', 'empty.json')), existsSync(place('other', 'runs', 'r-1', 'dataset.bin.new'))]).toEqual([true, false]);
  expect(readdirSync(place('other')).filter((name) => /part|swap/.test(name))).toEqual([]);
  expect(readdirSync(place('other', 'models.before-restore-now'))).toEqual(['m-9']);
  // The files are no tables of the plant.
  const connection = openConnection(place('other', 'plant.db'));
  expect(connection.prepare("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'backup%'").pluck().get()).toBe(0);
  connection.close();
});

test('a bare database, as backups were once, leaves models and runs as they are', async () => {
  plant.close();
  writeFileSync(place('old.db'), readFileSync(place('plant', 'plant.db')));
  await restoreFrom(place('old.db'), place('plant'), 'now');
  plant = openPlant(place('plant'), { clock });
  expect(plant.settings.get().plantName).toBe('North hall');
  expect(existsSync(place('plant', 'models', 'm-1', 'model.json'))).toBe(true);
});

test('one whose bytes were changed is refused, wherever they are', async () => {
  await plant.backup(place('out.backup'));
  const whole = readFileSync(place('out.backup'));
  let refused = 0;
  for (let at = 100; at < whole.length; at += 450_001) {
    const bytes = Buffer.from(whole);
    bytes.fill(0x5a, at, at + 4096);
    writeFileSync(place('bad.backup'), bytes);
    const outcome = await restoreFrom(place('bad.backup'), place('fresh'), 'now').then(() => 'restored', (thrown: unknown) => AppError.of(thrown).code);
    if (outcome !== 'restored') refused += 1;
    expect(['plant-damaged', 'file-unreadable', 'restored']).toContain(outcome);
    if (outcome === 'restored') expect(readFileSync(place('fresh', 'models', 'm-1', 'weights.bin')).equals(large)).toBe(true);
    rmSync(place('fresh'), { recursive: true, force: true });
  }
  expect(refused).toBeGreaterThan(8);
});

test('a file that leaves the plant\'s folders is refused', async () => {
  await plant.backup(place('out.backup'));
  const connection = openConnection(place('out.backup'));
  connection.exec("UPDATE backup_file SET path = 'models/../../evil' WHERE id = 1");
  connection.close();
  await expect(restoreFrom(place('out.backup'), place('fresh'), 'now')).rejects.toMatchObject({ code: 'plant-damaged' });
  expect(existsSync(place('evil'))).toBe(false);
});

test.each(['plant.db', 'PLANT.db-wal', 'lock.db', 'models/m-1/model.json', '../plant/plant.db', ''])('never takes the place of what the plant lives on: %s', async (name) => {
  const file = place('plant', name);
  const before = readdirSync(place('plant'), { recursive: true }).sort();
  await expect(plant.backup(file)).rejects.toMatchObject({ code: 'input-invalid' });
  expect(readdirSync(place('plant'), { recursive: true }).sort()).toEqual(before);
  expect(plant.check().problems).toEqual([]);
});

test('one that is given up leaves nothing', async () => {
  const giveUp = new AbortController();
  const going = plant.backup(place('out.backup'), { signal: giveUp.signal });
  giveUp.abort(new AppError('cancelled', 'no'));
  await expect(going).rejects.toMatchObject({ code: 'cancelled' });
  expect(readdirSync(folder)).toEqual(['plant']);
});

test('a damaged plant gives no good backup, and says so', async () => {
  const asset = plant.assets.ensure({ path: ['m'], machineType: 'pump', axis: 'time' }).id;
  const sensor = plant.sensors.ensure({ asset, name: 'p', unit: null, unitAsWritten: null, quantity: null, kind: 'number' }).id;
  const positions = Float64Array.from({ length: 5000 }, (_, i) => i);
  plant.transaction(() => plant.series.append({ asset, positions, columns: [{ sensor, values: positions.map(Math.sin) }] }));
  const connection = openConnection(place('plant', 'plant.db'));
  connection.exec("UPDATE chunk SET body = zeroblob(length(body)) WHERE id = 1");
  connection.close();
  await expect(plant.backup(place('out.backup'))).rejects.toMatchObject({ code: 'plant-damaged' });
  expect(existsSync(place('out.backup'))).toBe(false);
});

test('the list of backups tells which are there, newest first', async () => {
  await plant.backup(place('a.backup'));
  noteBackup(place('plant'), { file: place('a.backup'), at: microsOf(1), bytes: 5, isAutomatic: false });
  noteBackup(place('plant'), { file: place('gone.backup'), at: microsOf(2), bytes: 5, isAutomatic: true });
  expect(listBackups(place('plant')).map(({ file, isThere }) => [file, isThere])).toEqual([[place('gone.backup'), false], [place('a.backup'), true]]);
  dropBackups(place('plant'), new Set([place('gone.backup')]));
  expect(listBackups(place('plant'))).toHaveLength(1);
});
