import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JobId, microsOf, type AssetId, type SensorId } from '../../contract/values.ts';
import type { RetentionRule } from '../../contract/storage.ts';
import { DATABASE_FILE, openPlant, type Plant } from '../../store/plant.ts';
import { settableClock } from '../clock.ts';
import { createRetention } from './retention.ts';

const DAY = 86_400e6;
const now = Date.UTC(2026, 0, 1) * 1000;
const clock = settableClock(microsOf(now / 1000));
let folder = '';
let plant: Plant;
let asset: AssetId;
let sensors: SensorId[];

const sensorAt = (place: number): SensorId => {
  const sensor = sensors[place];
  if (sensor === undefined) throw new RangeError(`no sensor ${place}`);
  return sensor;
};
const first = (): SensorId => sensorAt(0);
const second = (): SensorId => sensorAt(1);

/** A reading each ten minutes for 800 days, of which the last is now. */
const rows = 800 * 144;
const positions = Float64Array.from({ length: rows }, (_, i) => now - (rows - 1 - i) * 600e6);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millwright-retention-'));
  plant = openPlant(folder, { clock });
  asset = plant.assets.ensure({ path: ['pump'], machineType: 'pump', axis: 'time' }).id;
  sensors = ['a', 'b'].map((name) => plant.sensors.ensure({ asset, name, unit: null, unitAsWritten: null, quantity: null, kind: 'number' }).id);
  plant.transaction(() => plant.series.append({ asset, positions, columns: sensors.map((sensor, s) => ({ sensor, values: positions.map((_, i) => Math.sin(i * (s + 1.3))) })) }));
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});

const rule = (change: Partial<RetentionRule>): RetentionRule => ({ asset: null, sensor: null, keepDays: 100, thenEverySeconds: 86_400, keepThinnedDays: null, ...change });
const apply = async (rules: RetentionRule[]) => {
  const retention = createRetention(plant, clock);
  retention.change(rules);
  const preview = await retention.preview(rules, undefined);
  await retention.apply({ id: JobId.parse(1), signal: new AbortController().signal, progress: () => undefined });
  return { preview, applied: retention.get().applied };
};
const failure = (at: number) => plant.events.add([{ asset, kind: 'failure', mode: 'BRD', start: at, end: null, knownAt: at, comment: null }]);
const countIn = (sensor: SensorId, from: number, to: number): number => plant.series.read(sensor, from, to).positions.length;

test('thins what is old, keeps what is young bit for bit, gives room back, and does nothing more the second time', async () => {
  const young = plant.series.read(first(), now - 100 * DAY + 1, now);
  plant.shrinkLog();
  const before = statSync(join(folder, DATABASE_FILE)).size;
  const { preview, applied } = await apply([rule({})]);
  expect(preview).toMatchObject({ sensors: 2, readings: 2 * rows, removed: 0, kept: 0 });
  expect(preview.thinned).toBeGreaterThan(2 * 699 * 144);
  expect(applied).toMatchObject({ readingsBefore: 2 * rows });
  expect(applied?.readingsAfter).toBeLessThan(2 * (101 * 144 + 701));
  expect(applied?.bytesFreed).toBeGreaterThan(before / 2);
  plant.shrinkLog();
  expect(statSync(join(folder, DATABASE_FILE)).size).toBeLessThan(before / 2);
  expect(plant.series.read(first(), now - 100 * DAY + 1, now)).toEqual(young);
  expect(plant.check().problems).toEqual([]);
  const again = await apply([rule({})]);
  expect([again.preview.thinned, again.applied?.readingsAfter]).toEqual([0, applied?.readingsAfter]);
});

test('the run-up of a known failure is kept as it was measured, and counted', async () => {
  const at = now - 300 * DAY;
  plant.events.add([{ asset, kind: 'maintenance', mode: 'UNK', start: at - 40 * DAY, end: null, knownAt: at - 40 * DAY, comment: null }]);
  failure(at);
  const { preview } = await apply([rule({})]);
  expect(preview.kept).toBe(2 * 40 * 144);
  expect(countIn(first(), at - 40 * DAY + 1, at)).toBe(40 * 144);
  expect(countIn(first(), at - 200 * DAY, at - 41 * DAY)).toBeLessThan(170);
});

test('removes where nothing is thinned, and thinned readings after their time; the first rule that fits holds', async () => {
  const [a, b] = [first(), second()];
  const { preview } = await apply([rule({ sensor: a, thenEverySeconds: null }), rule({ keepThinnedDays: 400 })]);
  expect([countIn(a, 0, now - 101 * DAY), countIn(b, 0, now - 401 * DAY)]).toEqual([0, 0]);
  expect(countIn(b, now - 399 * DAY, now - 101 * DAY)).toBeGreaterThan(290);
  expect(preview.removed).toBe(700 * 144 + 400 * 144);
  expect(plant.series.info(a).first).toBeGreaterThanOrEqual(now - 100 * DAY);
  expect(plant.check().problems).toEqual([]);
});

test('a rule that keeps thinned readings for less than the readings is refused', () => {
  const retention = createRetention(plant, clock);
  expect(() => retention.change([rule({ keepThinnedDays: 50 })])).toThrow(expect.objectContaining({ code: 'input-invalid' }));
  expect(() => retention.change([rule({ thenEverySeconds: null, keepThinnedDays: 500 })])).toThrow(expect.objectContaining({ code: 'input-invalid' }));
  expect(retention.get()).toEqual({ rules: [], applied: null });
});
