import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { microsOf } from '../contract/values.ts';
import { settableClock } from '../engine/clock.ts';
import { openConnection } from './connection.ts';
import { acquirePlantLock, readHolder, removeHolder, writeHolder } from './lock.ts';
import { makeFolder } from './place.ts';
import { DATABASE_FILE, openPlant, type Plant } from './plant.ts';

let folder = '';
let plant: Plant;
const clock = settableClock(microsOf(1_700_000_000_000));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millwright-plant-'));
  plant = openPlant(folder, { clock });
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});

const fillMachine = (name: string, rows: number) => {
  const asset = plant.assets.ensure({ path: [name], machineType: 'pump', axis: 'time' }).id;
  const sensor = plant.sensors.ensure({ asset, name: 'pressure', unit: 'bar', unitAsWritten: null, quantity: null, kind: 'number' }).id;
  const positions = Float64Array.from({ length: rows }, (_, i) => i * 1000);
  plant.transaction(() => plant.series.append({ asset, positions, columns: [{ sensor, values: positions.map((at) => Math.round(Math.sin(at / 5e4) * 1000) / 10) }] }));
  return { asset, sensor };
};

describe('a transaction', () => {
  test('is undone as a whole, and one within it alone', () => {
    expect(() =>
      plant.transaction(() => {
        plant.settings.change({ plantName: 'A' });
        throw new RangeError('no');
      }),
    ).toThrow('no');
    expect(plant.settings.get().plantName).toBe('Plant');
    plant.transaction(() => {
      plant.settings.change({ plantName: 'B' });
      expect(() =>
        plant.transaction(() => {
          plant.settings.change({ plantName: 'C' });
          throw new RangeError('inner');
        }),
      ).toThrow('inner');
    });
    expect(plant.settings.get().plantName).toBe('B');
  });

  test('takes the readings and the position of their source together', () => {
    const { asset, sensor } = fillMachine('m', 10);
    expect(() =>
      plant.transaction(() => {
        plant.series.append({ asset, positions: Float64Array.of(1e6), columns: [{ sensor, values: Float64Array.of(1) }] });
        throw new RangeError('the file went away');
      }),
    ).toThrow();
    expect(plant.series.info(sensor).points).toBe(10);
    expect(plant.series.read(sensor).positions).toHaveLength(10);
  });

  test('that finds the disk full is undone and says so', () => {
    const { asset, sensor } = fillMachine('m', 5000);
    plant.close();
    const pages = statSync(join(folder, DATABASE_FILE)).size / 4096;
    plant = openPlant(folder, { clock, pagesAtMost: pages + 2 });
    const positions = Float64Array.from({ length: 50_000 }, (_, i) => 1e9 + i * 1000);
    const values = positions.map((_, i) => Math.sin(i * i));
    expect(() => plant.transaction(() => plant.series.append({ asset, positions, columns: [{ sensor, values }] }))).toThrow(expect.objectContaining({ code: 'disk-full' }));
    expect(plant.series.info(sensor).points).toBe(5000);
    expect(plant.series.read(sensor).positions).toHaveLength(5000);
    expect(plant.check().problems).toEqual([]);
  });
});

describe('check', () => {
  test('finds nothing in a plant that is whole', () => {
    fillMachine('m', 10_000);
    expect(plant.check()).toEqual({ ok: true, problems: [] });
  });

  test('names the sensor and the chunk whose bytes were changed, and reading it says the same', () => {
    const { sensor } = fillMachine('m', 10_000);
    const connection = openConnection(join(folder, DATABASE_FILE));
    const chunk = Number(connection.prepare('SELECT min(id) FROM chunk').pluck().get());
    const body = connection.prepare('SELECT body FROM chunk WHERE id = ?').pluck().get(chunk);
    if (!(body instanceof Uint8Array)) throw new Error('no body');
    body[40] = (body[40] ?? 0) ^ 1;
    connection.prepare('UPDATE chunk SET body = ? WHERE id = ?').run(body, chunk);
    connection.close();
    const report = plant.check();
    expect(report.ok).toBe(false);
    expect(report.problems.join()).toMatch(new RegExp(`chunk ${chunk} of sensor ${sensor} `));
    expect(() => plant.series.read(sensor)).toThrow(expect.objectContaining({ code: 'plant-damaged' }));
  });

  test('finds counts, overlaps and roll-ups that are wrong', () => {
    const { sensor } = fillMachine('m', 10_000);
    const connection = openConnection(join(folder, DATABASE_FILE));
    connection.exec('UPDATE series SET points = points + 1');
    expect(plant.check().problems).toEqual([expect.stringContaining(`sensor ${sensor}: 10000 readings`)]);
    connection.exec('UPDATE chunk SET count = count + 1 WHERE id = (SELECT min(id) FROM chunk)');
    connection.exec('UPDATE sealed SET readings = readings + 1');
    plant.series.forget();
    expect(plant.check().problems.join()).toMatch(/readings, and \d+ are noted/);
    connection.exec('UPDATE sealed SET chunks = chunks + 1');
    plant.series.forget();
    expect(plant.check().problems.join()).toMatch(/were sealed/);
    expect(() => plant.series.read(sensor)).toThrow(expect.objectContaining({ code: 'plant-damaged' }));
    connection.exec('UPDATE sealed SET chunks = chunks - 1');
    plant.series.forget();
    connection.exec('UPDATE rollup SET body = (SELECT body FROM rollup ORDER BY chunk DESC LIMIT 1)');
    plant.series.forget();
    expect(plant.check().problems.join()).toMatch(/roll-up/);
    connection.exec('UPDATE chunk SET "end" = "end" + 1e9');
    expect(plant.check().problems.join()).toMatch(/overlaps/);
    connection.close();
  });

  test('finds a broken page of the file', () => {
    fillMachine('m', 60_000);
    plant.close();
    const file = join(folder, DATABASE_FILE);
    const bytes = readFileSync(file);
    for (let page = 10; page < bytes.length / 4096; page += 1) bytes.fill(0xa5, page * 4096, page * 4096 + 64);
    writeFileSync(file, bytes);
    let problems: string[];
    try {
      plant = openPlant(folder, { clock });
      problems = plant.check().problems;
    } catch (thrown) {
      problems = [String(thrown)];
    }
    expect(problems.length).toBeGreaterThan(0);
  });
});

describe('backup', () => {
  test('opens as a plant with all that was there, made while the plant is written to', async () => {
    const { sensor, asset } = fillMachine('m', 20_000);
    const file = join(folder, 'elsewhere', 'copy.db');
    const copying = plant.backup(file);
    plant.transaction(() => plant.series.append({ asset, positions: Float64Array.of(9e9), columns: [{ sensor, values: Float64Array.of(1) }] }));
    await copying;
    expect(readdirSync(join(folder, 'elsewhere'))).toEqual(['copy.db']);
    const restored = mkdtempSync(join(tmpdir(), 'millwright-restored-'));
    writeFileSync(join(restored, DATABASE_FILE), readFileSync(file));
    const copy = openPlant(restored, { clock });
    expect(copy.check()).toEqual({ ok: true, problems: [] });
    expect(copy.series.info(sensor).points).toBeGreaterThanOrEqual(20_000);
    copy.close();
    rmSync(restored, { recursive: true });
  });

  test('that can\'t be written leaves nothing and says where', async () => {
    writeFileSync(join(folder, 'a-file'), '');
    await expect(plant.backup(join(folder, 'a-file', 'copy.db'))).rejects.toMatchObject({ code: 'file-unreadable' });
  });
});

test('a check tells of a damaged file, also where the damage stops the looking', () => {
  fillMachine('m', 50_000);
  plant.close();
  const file = join(folder, DATABASE_FILE);
  const whole = readFileSync(file);
  for (const at of [40 * 1024, Math.floor(whole.length / 2)]) {
    writeFileSync(file, Buffer.concat([whole.subarray(0, at), Buffer.alloc(8192), whole.subarray(at + 8192)]));
    plant = openPlant(folder, { clock });
    const { ok, problems } = plant.check();
    plant.close();
    expect({ ok, problems }).toEqual({ ok: false, problems: expect.arrayContaining([expect.stringContaining('database file')]) });
  }
  writeFileSync(file, whole);
  plant = openPlant(folder, { clock });
});

test.runIf(process.platform === 'linux').each(['/proc/not-there/plant', import.meta.filename])('a folder that can\'t be made is told at once: %s', (place) => {
  expect(() => makeFolder(place)).toThrow(expect.objectContaining({ code: 'file-unreadable' }));
});

describe('the lock', () => {
  test('is held by one at a time and can be given back', () => {
    const release = acquirePlantLock(folder);
    expect(() => acquirePlantLock(folder)).toThrow(expect.objectContaining({ code: 'plant-locked', message: expect.stringContaining(`process ${process.pid}`) }));
    release();
    acquirePlantLock(folder)();
  });

  test('the holder is told by a file that is whole or not there', () => {
    expect(readHolder(folder)).toBeNull();
    writeHolder(folder, { pid: 12, socket: '/run/x.sock', contract: 1 });
    expect(readHolder(folder)).toEqual({ pid: 12, socket: '/run/x.sock', contract: 1 });
    writeFileSync(join(folder, 'engine.json'), '{"pid":');
    expect(readHolder(folder)).toBeNull();
    removeHolder(folder);
    expect(existsSync(join(folder, 'engine.json'))).toBe(false);
  });
});

test('opening again finds everything as it was', () => {
  const { sensor } = fillMachine('m', 5000);
  const before = plant.series.read(sensor);
  plant.close();
  plant = openPlant(folder, { clock });
  expect(plant.series.read(sensor)).toEqual(before);
});
