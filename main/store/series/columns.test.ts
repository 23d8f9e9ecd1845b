import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { microsOf, type AssetId, type SensorId } from '../../contract/values.ts';
import { settableClock } from '../../engine/clock.ts';
import { openPlant, type Plant } from '../plant.ts';

let folder = '';
let plant: Plant;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millwright-columns-'));
  plant = openPlant(folder, { clock: settableClock(microsOf(1_700_000_000_000)) });
});
afterAll(() => {
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});

const machine = (name: string, sensors: number): { asset: AssetId; sensors: SensorId[] } => {
  const asset = plant.assets.ensure({ path: [name], machineType: 'pump', axis: 'time' }).id;
  return { asset, sensors: Array.from({ length: sensors }, (_, i) => plant.sensors.ensure({ asset, name: `s${i}`, unit: null, unitAsWritten: null, quantity: null, kind: 'number' }).id) };
};

const append = (asset: AssetId, positions: readonly number[], columns: readonly (readonly [SensorId, (at: number) => number])[]): void => {
  plant.transaction(() => plant.series.append({ asset, positions: Float64Array.from(positions), columns: columns.map(([sensor, f]) => ({ sensor, values: Float64Array.from(positions, f) })) }));
};

/** Without -0, whose mean by hand is 0. */
const wave = (at: number): number => Math.round(Math.sin(at / 900) * 5000 + ((at * 7919) % 97)) / 100 + 0;

/** Every row of a sensor, missing ones as NaN. */
const rowsOf = (sensor: SensorId, all: ReadonlyMap<number, number>, from: number, to: number): [number, number][] => {
  expect(plant.series.info(sensor).points).toBe([...all.values()].filter((v) => !Number.isNaN(v)).length);
  return [...all].filter(([at]) => at >= from && at <= to).sort(([a], [b]) => a - b);
};

/** What each returned entry says must be so of the readings in it, and none may lie outside of all. */
const assertColumns = (sensor: SensorId, all: ReadonlyMap<number, number>, from: number, to: number, count: number): void => {
  const rows = rowsOf(sensor, all, from, to);
  const { at, min, max, points } = plant.series.columns(sensor, from, to, count);
  expect(points).toBe(rows.filter(([, v]) => !Number.isNaN(v)).length);
  expect(at.length).toBeLessThanOrEqual(count + 1);
  expect(rows.length === 0 || (at[0] ?? Infinity) <= (rows[0]?.[0] ?? 0)).toBe(true);
  let row = 0;
  for (const [i, start] of at.entries()) {
    const end = at[i + 1] ?? Infinity;
    expect(start).toBeLessThan(end);
    let [low, high] = [Infinity, -Infinity];
    for (; row < rows.length && (rows[row]?.[0] ?? 0) < end; row += 1) {
      const v = rows[row]?.[1] ?? NaN;
      if (v < low) low = v;
      if (v > high) high = v;
    }
    expect([min[i], max[i]]).toEqual(low <= high ? [low, high] : [null, null]);
  }
  expect(row).toBe(rows.length);
};

describe('columns against the readings themselves', () => {
  const all = new Map<number, number>();
  let sensor: SensorId;
  const SECOND = 1000;
  const ROWS = 60_000;

  beforeAll(() => {
    const { asset, sensors } = machine('columns', 1);
    sensor = sensors[0] ?? plant.sensors.list()[0]?.id ?? fail();
    // A gap of a day in the midst, some missing, then late readings into sealed chunks, then a hot tail.
    const at = Array.from({ length: ROWS }, (_, i) => i * SECOND + (i > 25_000 ? 86_400_000 : 0) + (i % 13));
    const value = (x: number): number => (Math.floor(x / SECOND) % 500 < 20 ? NaN : wave(x));
    append(asset, at, [[sensor, value]]);
    const late = [1500, 4_000_500, 12_345_678];
    append(asset, late, [[sensor, () => 1234.5]]);
    const tail = Array.from({ length: 300 }, (_, i) => (at.at(-1) ?? 0) + (i + 1) * SECOND);
    append(asset, tail, [[sensor, value]]);
    for (const x of [...at, ...tail]) all.set(x, value(x));
    for (const x of late) all.set(x, 1234.5);
  });

  const fail = (): never => {
    throw new Error('there is no sensor');
  };

  test('over everything, from roll-ups and from rows', () => {
    const { first, last } = plant.series.info(sensor);
    for (const count of [1, 10, 50, 200, 1000, 4000]) assertColumns(sensor, all, first ?? 0, last ?? 0, count);
  });

  test('over any part', () => {
    fc.assert(
      fc.property(fc.nat(150_000_000), fc.nat(150_000_000), fc.constantFrom(1, 7, 40, 100, 500, 2000), (a, b, count) => {
        assertColumns(sensor, all, Math.min(a, b), Math.max(a, b), count);
      }),
      { numRuns: 60 },
    );
  });

  test('few readings are all there, each at its own position, missing ones as null', () => {
    const rows = rowsOf(sensor, all, 0, 100 * SECOND);
    const { at, min, max } = plant.series.columns(sensor, 0, 100 * SECOND, 800);
    expect(at).toEqual(rows.map(([x]) => x));
    expect(min).toEqual(rows.map(([, v]) => (Number.isNaN(v) ? null : v)));
    expect(max).toEqual(min);
  });

  test('an empty series and an empty span have no columns', () => {
    const { sensors } = machine('empty', 1);
    expect(plant.series.columns(sensors[0] ?? fail(), null, null, 100)).toEqual({ at: [], min: [], max: [], points: 0 });
    expect(plant.series.columns(sensor, 30_000_000, 26_000_000, 100)).toEqual({ at: [], min: [], max: [], points: 0 });
    // No wider than a point, between two readings, with few columns.
    expect(plant.series.columns(sensor, 19, 19, 7)).toEqual({ at: [], min: [], max: [], points: 0 });
  });
});

describe('the grid', () => {
  /** The definition itself, reading by reading. */
  const bruteForce = (all: ReadonlyMap<number, number>[], start: number, step: number, rows: number): Float32Array => {
    const out = new Float32Array(rows * all.length).fill(NaN);
    for (const [c, series] of all.entries()) {
      const groups = new Map<number, number[]>();
      for (const [at, v] of [...series].sort(([a], [b]) => a - b)) {
        const row = Math.ceil((at - start) / step);
        if (!Number.isNaN(v) && row >= 0 && row < rows) groups.set(row, [...(groups.get(row) ?? []), v]);
      }
      for (const [row, values] of groups) out[row * all.length + c] = values.reduce((sum, v) => sum + v, 0) / values.length;
    }
    return out;
  };

  test('holds the mean of what came since the row before, for sensors together and apart', () => {
    const { asset, sensors } = machine('grid', 18);
    const all = sensors.map(() => new Map<number, number>());
    const put = (positions: readonly number[], which: readonly number[]): void => {
      const columns = which.flatMap((s) => {
        const sensor = sensors[s];
        return sensor === undefined ? [] : [[sensor, (at: number) => (at % 41 === 0 ? NaN : wave(at + s * 100))] as const];
      });
      append(asset, positions, columns);
      for (const s of which) for (const at of positions) all[s]?.set(at, at % 41 === 0 ? NaN : wave(at + s * 100));
    };
    const everyone = sensors.map((_, s) => s);
    // Two chunks of 2,500 rows; the last of the one and the first of the other fall into one row when rows begin at an odd place.
    put(Array.from({ length: 5000 }, (_, i) => i * 2 - (i < 2500 ? 0 : 1)), everyone);
    put([3, 5, 4097 * 2 + 1], [16, 17]);
    put(Array.from({ length: 50 }, (_, i) => 10_000 + i * 3), [1, 2]);
    fc.assert(
      fc.property(fc.integer({ min: -50, max: 10_200 }), fc.constantFrom(1, 2, 3, 7.5, 60), fc.integer({ min: 1, max: 60 }), (start, step, rows) => {
        expect(plant.series.readGrid({ sensors, start, step, rows })).toEqual(bruteForce(all, start, step, rows));
      }),
      { numRuns: 40 },
    );
    for (const start of [0, 1]) expect(plant.series.readGrid({ sensors, start, step: 2, rows: 5005 })).toEqual(bruteForce(all, start, 2, 5005));
  });

  test('gives the value at each cycle on a cycle axis', () => {
    const { asset, sensors } = machine('cycles', 1);
    const sensor = sensors[0];
    if (sensor === undefined) throw new Error('there is no sensor');
    append(asset, [1, 2, 3, 5], [[sensor, (cycle) => cycle * 1.5]]);
    expect(Array.from(plant.series.readGrid({ sensors: [sensor], start: 1, step: 1, rows: 6 }))).toEqual([1.5, 3, 4.5, NaN, 7.5, NaN]);
  });

  test('a row far outside is left out, however far', () => {
    const { asset, sensors } = machine('far', 1);
    const sensor = sensors[0];
    if (sensor === undefined) throw new Error('there is no sensor');
    // 2^32 rows on: where a row number of 32 bits would come back to row 1.
    append(asset, [0, 1, 2 ** 32 + 1], [[sensor, (at) => at + 1]]);
    expect(Array.from(plant.series.readGrid({ sensors: [sensor], start: 0, step: 1, rows: 3 }))).toEqual([1, 2, NaN]);
  });
});
