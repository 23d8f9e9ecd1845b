import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { microsOf } from '../contract/values.ts';
import { settableClock } from '../engine/clock.ts';
import { openPlant, type Plant } from './plant.ts';
import { restoreFrom } from './restore.ts';

let folder = '';
const clock = settableClock(microsOf(1_700_000_000_000));
const open = (name: string): Plant => openPlant(join(folder, name), { clock });
const named = (name: string, plantName: string): Plant => {
  const plant = open(name);
  plant.settings.change({ plantName });
  return plant;
};
const nameOf = (name: string): string => {
  const plant = open(name);
  const { plantName } = plant.settings.get();
  plant.close();
  return plantName;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millwright-restore-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const backUp = async (): Promise<string> => {
  const file = join(folder, 'backup.db');
  const plant = named('first', 'Before');
  await plant.backup(file);
  plant.close();
  return file;
};

test('a backup takes the place of what was there, which is kept', async () => {
  const file = await backUp();
  named('second', 'After').close();
  expect(await restoreFrom(file, join(folder, 'second'), 'now')).toBe(join(folder, 'second', 'plant.db.before-restore-now'));
  expect(nameOf('second')).toBe('Before');
  expect(readdirSync(join(folder, 'second')).filter((name) => name.includes('part'))).toEqual([]);
});

test('what is no backup of a plant is refused and changes nothing', async () => {
  const text = join(folder, 'wide.csv');
  writeFileSync(text, 'time,a\n'.repeat(400));
  const empty = join(folder, 'empty.db');
  writeFileSync(empty, '');
  const foreign = join(folder, 'foreign.db');
  new Database(foreign).exec('CREATE TABLE a (b)').close();
  const newer = await backUp();
  new Database(newer).exec("INSERT INTO migration VALUES (9999, 'later', 'x', 0)").close();
  named('second', 'After').close();
  const before = readdirSync(join(folder, 'second'));
  for (const [file, code] of [[text, 'plant-damaged'], [empty, 'plant-damaged'], [foreign, 'plant-damaged'], [newer, 'plant-newer'], [join(folder, 'absent.db'), 'file-unreadable']] as const) {
    await expect(restoreFrom(file, join(folder, 'second'), 'now'), file).rejects.toMatchObject({ code });
    expect(readdirSync(join(folder, 'second'))).toEqual(before);
  }
  expect(nameOf('second')).toBe('After');
});

test('what was being made when the power went is taken away by the next start, and nothing else is', () => {
  named('plant', 'Before').close();
  const place = (...names: string[]): string => join(folder, 'plant', ...names);
  for (const stage of ['restore-2026-01-01T000000.000Z.part', 'rebuild-2026-01-01T000000.000Z.part']) {
    mkdirSync(place(stage, 'models'), { recursive: true });
    writeFileSync(place(stage, 'plant.db'), 'half');
  }
  mkdirSync(place('backups'), { recursive: true });
  const left = [place('reserve.bin.12.part'), place('engine.json.12.part'), place('backups', 'plant-2026-01-01T000000.backup.12.part'), place('backups', 'plant-2026-01-01T000000.backup.12.part-journal')];
  const kept = ['plant.db.before-restore-now', 'plant.db.damaged-now', 'notes.part', 'backups', join('backups', 'plant-2026-01-02T000000.backup')];
  for (const file of [...left, ...kept.filter((name) => name !== 'backups').map((name) => place(name))]) writeFileSync(file, 'x');
  expect(nameOf('plant')).toBe('Before');
  expect(readdirSync(place(), { recursive: true }).map(String).sort()).toEqual([...kept, 'plant.db'].sort());
});
