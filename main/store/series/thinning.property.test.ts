import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { microsOf, type AssetId, type SensorId } from '../../contract/values.ts';
import { settableClock } from '../../engine/clock.ts';
import { openPlant, type Plant } from '../plant.ts';
import type { ThinTask } from './series.ts';
import { stepEnd } from './thin.ts';

let folder = '';
let plant: Plant;
let asset: AssetId;
let sensor: SensorId;

const open = (): void => {
  folder = mkdtempSync(join(tmpdir(), 'millwright-thin-'));
  plant = openPlant(folder, { clock: settableClock(microsOf(0)) });
  asset = plant.assets.ensure({ path: ['m'], machineType: 'pump', axis: 'time' }).id;
  sensor = plant.sensors.ensure({ asset, name: 'p', unit: null, unitAsWritten: null, quantity: null, kind: 'number' }).id;
};
const close = (): void => {
  plant.close();
  rmSync(folder, { recursive: true, force: true });
};
beforeEach(open);
afterEach(close);

const put = (rows: readonly (readonly [number, number])[]): void => {
  plant.transaction(() => plant.series.append({ asset, positions: Float64Array.from(rows, ([at]) => at), columns: [{ sensor, values: Float64Array.from(rows, ([, v]) => v) }] }));
};

const runTask = (task: ThinTask): { thinned: number; removed: number } => {
  const sum = { thinned: 0, removed: 0 };
  const grids = new Map<string, number>();
  for (let after = task.from; after < task.to; ) {
    const part = plant.series.thin(task, after, grids);
    if (part === null) break;
    sum.thinned += part.thinned;
    sum.removed += part.removed;
    after = part.until;
  }
  return sum;
};
const previewOf = (task: ThinTask): { thinned: number; removed: number } => {
  plant.series.seal(asset, true);
  const sum = { thinned: 0, removed: 0 };
  for (let after = task.from; after < task.to; ) {
    const part = plant.series.previewThin(task, after);
    if (part === null) break;
    sum.thinned += part.thinned;
    sum.removed += part.removed;
    after = part.until;
  }
  return sum;
};
const readAll = (): [number, number][] => {
  const { positions, values } = plant.series.read(sensor);
  return Array.from(positions, (at, i) => [at, values[i] ?? NaN]);
};

/** What is left of readings, worked out slowly: mean, lowest and highest of each step. */
const slowly = (rows: readonly (readonly [number, number])[], { from, to, step }: ThinTask): { at: number; mean: number; low: number; high: number }[] => {
  const groups = new Map<number, number[]>();
  const out: { at: number; mean: number; low: number; high: number }[] = [];
  for (const [at, v] of rows) {
    if (at <= from || at > to) out.push({ at, mean: v, low: v, high: v });
    else if (step !== null) groups.set(stepEnd(at, step), [...(groups.get(stepEnd(at, step)) ?? []), v]);
  }
  for (const [at, all] of groups) out.push({ at, mean: all.reduce((a, b) => a + b, 0) / all.length, low: Math.min(...all), high: Math.max(...all) });
  return out.sort((a, b) => a.at - b.at);
};

const lastOf = (rows: readonly (readonly [number, number])[]): [number, number][] => [...new Map(rows.map(([at, v]) => [at, v]))].sort(([a], [b]) => a - b);

const rowArray = (most: number) => fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: -50, max: 50 }).map((v) => v / 10)), { minLength: 1, maxLength: most });

test('means, lowest and highest are those of the steps; what lies outside stays bit for bit; doing it again changes nothing; the preview counts the same', () => {
  fc.assert(
    fc.property(rowArray(120), rowArray(40), fc.constantFrom(null, 5, 10, 40), fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 10 }), fc.boolean(), (first, late, step, low, high, isSealed) => {
      close();
      open();
      put(first);
      if (isSealed) plant.series.seal(asset, true);
      put(late);
      const unit = step ?? 1;
      const task: ThinTask = { sensor, kind: 'number', from: Math.min(low, high) * 40, to: Math.max(low, high) * 40, step };
      const before = lastOf([...first, ...late]);
      const expected = slowly(before, task);
      const preview = previewOf(task);
      const done = runTask(task);
      expect(done).toEqual(preview);
      expect(done.thinned + done.removed).toBe(before.filter(([at]) => at > task.from && at <= task.to).length);
      const after = readAll();
      expect(after.map(([at]) => at)).toEqual(expected.map(({ at }) => at));
      for (const [i, [at, v]] of after.entries()) {
        if (at <= task.from || at > task.to) expect(v).toBe(expected[i]?.mean);
        else expect(v).toBeCloseTo(expected[i]?.mean ?? NaN, 9);
      }
      const columns = plant.series.columns(sensor, null, null, 100_000);
      expect([columns.min, columns.max]).toEqual([expected.map(({ low: v }) => v), expected.map(({ high: v }) => v)]);
      expect(plant.check().problems).toEqual([]);
      expect(runTask(task)).toMatchObject({ removed: 0, thinned: 0 });
      expect(readAll()).toEqual(after);
      expect(unit).toBeGreaterThan(0);
    }),
    { numRuns: 60 },
  );
});

test('thinning in two steps comes to what one coarser step comes to', () => {
  const rows = Array.from({ length: 9000 }, (_, i): [number, number] => [i + 1, Math.round(Math.sin(i / 7) * 1000) / 10]);
  put(rows);
  runTask({ sensor, kind: 'number', from: 0, to: 6000, step: 10 });
  runTask({ sensor, kind: 'number', from: 0, to: 6000, step: 60 });
  const expected = slowly(rows, { sensor, kind: 'number', from: 0, to: 6000, step: 60 });
  const after = readAll();
  expect(after.map(([at]) => at)).toEqual(expected.map(({ at }) => at));
  for (const [i, [, v]] of after.entries()) expect(v).toBeCloseTo(expected[i]?.mean ?? NaN, 9);
  const columns = plant.series.columns(sensor, null, null, 100_000);
  expect(columns.max).toEqual(expected.map(({ high }) => high));
  expect(plant.series.info(sensor)).toMatchObject({ points: expected.length, first: 60, last: 9000 });
});

test('a chart over all of it shows the lowest and highest, roll-ups or not; a late reading into a thinned span is laid over', () => {
  const rows = Array.from({ length: 200_000 }, (_, i): [number, number] => [i + 1, i === 12_345 ? 999 : i === 54_321 ? -999 : (i % 100) / 10]);
  put(rows);
  plant.series.seal(undefined, true);
  runTask({ sensor, kind: 'number', from: 0, to: 150_000, step: 10 });
  for (const columns of [20, 2000]) {
    const { min, max } = plant.series.columns(sensor, null, null, columns);
    expect([Math.min(...min.map((v) => v ?? 0)), Math.max(...max.map((v) => v ?? 0))]).toEqual([-999, 999]);
  }
  put([[12_003, 5000]]);
  plant.series.seal(undefined, true);
  const { max } = plant.series.columns(sensor, null, null, 100_000);
  expect(Math.max(...max.map((v) => v ?? 0))).toBe(5000);
  const around = plant.series.columns(sensor, 12_000, 12_400, 1000);
  expect(Math.max(...around.max.map((v) => v ?? 0))).toBe(5000);
  expect(Math.max(...plant.series.columns(sensor, 12_100, 12_400, 1000).max.map((v) => v ?? 0))).toBe(999);
  expect(plant.check().problems).toEqual([]);
});

test('states keep every change', () => {
  const state = plant.sensors.ensure({ asset, name: 'running', unit: null, unitAsWritten: null, quantity: null, kind: 'state' }).id;
  const values = Float64Array.from({ length: 1000 }, (_, i) => (i >= 333 && i < 337 ? 0 : 1));
  plant.transaction(() => plant.series.append({ asset, positions: values.map((_, i) => i + 1), columns: [{ sensor: state, values }] }));
  runTask({ sensor: state, kind: 'state', from: 0, to: 1000, step: 100 });
  const { positions, values: kept } = plant.series.read(state);
  expect(positions.length).toBeLessThan(20);
  expect(Array.from(positions, (at, i) => [at, kept[i]]).filter(([, v]) => v === 0)[0]).toEqual([334, 0]);
  expect(Array.from(positions, (at, i) => [at, kept[i]])).toContainEqual([338, 1]);
});
