import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { microsOf } from '../contract/values.ts';
import { settableClock } from '../engine/clock.ts';
import { DATABASE_FILE, openPlant, type Plant } from './plant.ts';
import { oldSeries } from './testdata/contents.ts';

let folder = '';
let plant: Plant;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millwright-old-'));
  writeFileSync(join(folder, DATABASE_FILE), gunzipSync(readFileSync(fileURLToPath(new URL('testdata/plant-1.db.gz', import.meta.url)))));
  plant = openPlant(folder, { clock: settableClock(microsOf(1_800_000_000_000)) });
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});

const sensorOf = (name: string) => {
  const sensor = plant.sensors.named(name)[0];
  if (sensor === undefined) throw new Error(`no sensor ${name}`);
  return sensor.id;
};

test.each(oldSeries)('format 1 gives back $name bit for bit', ({ name, positions, values, inTail }) => {
  const sensor = sensorOf(name);
  const rows = [...positions].flatMap((at, i) => (Number.isNaN(values[i] ?? NaN) ? [] : [[at, values[i] ?? NaN]]));
  const read = plant.series.read(sensor);
  expect(Array.from(read.positions, (at, i) => [at, read.values[i]])).toEqual(rows);
  expect(plant.series.info(sensor)).toMatchObject({ points: rows.length, missing: positions.length - rows.length });
  expect(inTail).toBeLessThan(positions.length);
});

test('an old file is whole, and can be written on', () => {
  expect(plant.check()).toEqual({ ok: true, problems: [] });
  const asset = plant.assets.byName('decimal-walk');
  if (asset === undefined) throw new Error('no asset');
  const sensor = sensorOf('decimal-walk');
  const at = Float64Array.of(1, 2e15);
  const counts = plant.transaction(() => plant.series.append({ asset: asset.id, positions: at, columns: [{ sensor, values: Float64Array.of(1, 2) }] }));
  expect(counts).toMatchObject({ valuesStored: 2, duplicates: 0 });
  plant.series.seal(undefined, true);
  expect(plant.check()).toEqual({ ok: true, problems: [] });
});
