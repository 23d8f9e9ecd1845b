import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { microsOf, type AssetId, type SensorId } from '../../contract/values.ts';
import { settableClock } from '../../engine/clock.ts';
import { openPlant, type Plant } from '../plant.ts';
import type { AppendCounts, ColumnBatch } from './series.ts';

/** What the store should be: a map from position to value, NaN for a row without a reading. Later readings hold; NaN takes none away. */
const createModel = () => {
  const series = new Map<SensorId, Map<number, number>>();
  const of = (sensor: SensorId): Map<number, number> => {
    const found = series.get(sensor) ?? new Map<number, number>();
    series.set(sensor, found);
    return found;
  };
  const append = ({ positions, columns }: ColumnBatch): AppendCounts => {
    const counts: AppendCounts = { valuesStored: 0, rowsStored: 0, late: 0, duplicates: 0, replaced: 0, missing: 0 };
    let newest = Math.max(...columns.flatMap(({ sensor }) => [...of(sensor).keys()]), -Infinity);
    positions.forEach((at, row) => {
      let isNew = false;
      for (const { sensor, values } of columns) {
        const readings = of(sensor);
        const v = values[row] ?? NaN;
        const before = readings.get(at);
        if (Number.isNaN(v)) {
          counts.missing += 1;
          if (before === undefined) readings.set(at, NaN);
        } else {
          if (before === undefined || Number.isNaN(before)) {
            counts.valuesStored += 1;
            isNew = true;
          } else if (Object.is(before, v)) counts.duplicates += 1;
          else counts.replaced += 1;
          readings.set(at, v);
        }
      }
      if (isNew) counts.rowsStored += 1;
      if (isNew && at < newest) counts.late += 1;
      newest = Math.max(newest, at);
    });
    return counts;
  };
  const rows = (sensor: SensorId): [number, number][] => [...of(sensor)].sort(([a], [b]) => a - b);
  return { append, rows, readings: (sensor: SensorId) => rows(sensor).filter(([, v]) => !Number.isNaN(v)) };
};

let folder = '';
let plant: Plant;
let made = 0;
const clock = settableClock(microsOf(1_700_000_000_000));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millwright-store-'));
  plant = openPlant(folder, { clock });
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});

const SENSORS = 3;
const newMachine = (): { asset: AssetId; sensors: SensorId[] } => {
  made += 1;
  const asset = plant.assets.ensure({ path: [`m${made}`], machineType: 'pump', axis: 'time' }).id;
  const sensors = Array.from({ length: SENSORS }, (_, i) => plant.sensors.ensure({ asset, name: `s${i}`, unit: null, unitAsWritten: null, quantity: null, kind: 'number' }).id);
  return { asset, sensors };
};

interface Step {
  readonly kind: 'append' | 'seal' | 'forget' | 'undone';
  /** Positions count from the last one stored: where the repeats right at and behind an edge are. */
  readonly isAtEdge: boolean;
  readonly positions: number[];
  readonly sensors: number[];
  readonly salt: number;
}

/** Values that now and then repeat, change, or are missing. */
const valueAt = (position: number, sensor: number, salt: number): number => {
  const mixed = (position * 31 + sensor * 17 + salt * 7) % 11;
  if (mixed === 3) return NaN;
  return mixed < 6 ? position / 10 + sensor : position / 10 + sensor + salt;
};

const batchOf = (machine: { asset: AssetId; sensors: SensorId[] }, step: Step): ColumnBatch => ({
  asset: machine.asset,
  positions: Float64Array.from(step.positions),
  columns: step.sensors.flatMap((s) => {
    const sensor = machine.sensors[s];
    return sensor === undefined ? [] : [{ sensor, values: Float64Array.from(step.positions, (at) => valueAt(at, s, step.salt)) }];
  }),
});

const sensorSets = fc.uniqueArray(fc.nat(SENSORS - 1), { minLength: 1, maxLength: SENSORS });
const scattered = fc.array(fc.nat(400), { minLength: 1, maxLength: 30 });
const run = fc.tuple(fc.nat(20_000), fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 3 })).map(([start, rows, stride]) => Array.from({ length: rows }, (_, i) => start + i * stride));
/** Long enough for chunks, and beginning where an earlier one ended: repeats right behind a chunk's edge. */
const long = fc.tuple(fc.nat(3), fc.integer({ min: -3, max: 3 }), fc.integer({ min: 2048, max: 9000 })).map(([chunk, shift, rows]) => Array.from({ length: rows }, (_, i) => Math.max(0, chunk * 4096 + shift) + i));
const atEdge = fc.tuple(fc.integer({ min: -5, max: 3 }), fc.integer({ min: 1, max: 60 })).map(([shift, rows]) => Array.from({ length: rows }, (_, i) => shift + i));
const step = fc.record<Step>({
  isAtEdge: fc.boolean(),
  kind: fc.oneof({ weight: 12, arbitrary: fc.constant('append' as const) }, { weight: 3, arbitrary: fc.constantFrom('seal' as const, 'forget' as const) }, { weight: 1, arbitrary: fc.constant('undone' as const) }),
  positions: fc.oneof({ weight: 4, arbitrary: scattered }, { weight: 4, arbitrary: run }, { weight: 3, arbitrary: atEdge }, { weight: 1, arbitrary: long }),
  sensors: sensorSets,
  salt: fc.nat(4),
});

const execute = (machine: { asset: AssetId; sensors: SensorId[] }, model: ReturnType<typeof createModel>, given: Step): void => {
  const edge = Math.max(0, ...machine.sensors.map((sensor) => plant.series.info(sensor).last ?? 0));
  const one = given.isAtEdge && edge < 1e6 ? { ...given, positions: given.positions.map((at) => at + edge) } : given;
  if (one.kind === 'seal') plant.series.seal(machine.asset, true);
  else if (one.kind === 'forget') plant.series.forget();
  else if (one.kind === 'undone') {
    expect(() =>
      plant.transaction(() => {
        plant.series.append(batchOf(machine, one));
        throw new RangeError('on purpose');
      }),
    ).toThrow('on purpose');
  } else {
    const batch = batchOf(machine, one);
    expect(plant.transaction(() => plant.series.append(batch))).toEqual(model.append(batch));
  }
};

const compareAll = (machine: { sensors: SensorId[] }, model: ReturnType<typeof createModel>): void => {
  for (const sensor of machine.sensors) {
    const expected = model.readings(sensor);
    const { positions, values } = plant.series.read(sensor);
    expect(Array.from(positions)).toEqual(expected.map(([at]) => at));
    expect(Array.from(values)).toEqual(expected.map(([, v]) => v));
    const info = plant.series.info(sensor);
    expect(info).toMatchObject({ points: expected.length, missing: model.rows(sensor).length - expected.length, first: expected[0]?.[0] ?? null, last: expected.at(-1)?.[0] ?? null });
  }
};

test('the store holds what a map would, and counts the same, whatever comes in whatever order', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 14 }), (steps) => {
      const machine = newMachine();
      const model = createModel();
      for (const one of steps) execute(machine, model, one);
      compareAll(machine, model);
      plant.series.seal(machine.asset, true);
      compareAll(machine, model);
    }),
    { numRuns: 150 },
  );
  expect(plant.check()).toEqual({ ok: true, problems: [] });
});

test('files without contradictions come to the same store in any order', () => {
  const file = fc.record({ positions: fc.oneof(scattered, run), sensors: sensorSets });
  const files = fc.array(file, { minLength: 2, maxLength: 6 }).chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })));
  fc.assert(
    fc.property(files, ([list, shuffled]) => {
      const results = [list, shuffled].map((order) => {
        const machine = newMachine();
        for (const { positions, sensors } of order) plant.transaction(() => plant.series.append(batchOf(machine, { kind: 'append', isAtEdge: false, positions, sensors, salt: 0 })));
        return machine.sensors.map((sensor) => {
          const { points, missing, first, last } = plant.series.info(sensor);
          return { read: plant.series.read(sensor), points, missing, first, last };
        });
      });
      expect(results[1]).toEqual(results[0]);
    }),
    { numRuns: 60 },
  );
});

test('a part of a series is that part of the whole', () => {
  const machine = newMachine();
  const model = createModel();
  const positions = Array.from({ length: 10_000 }, (_, i) => i * 2);
  execute(machine, model, { kind: 'append', isAtEdge: false, positions, sensors: [0, 1], salt: 1 });
  execute(machine, model, { kind: 'append', isAtEdge: false, positions: [5, 4095 * 2, 4096 * 2 - 1, 30_000], sensors: [1], salt: 2 });
  fc.assert(
    fc.property(fc.integer({ min: -10, max: 31_000 }), fc.integer({ min: -10, max: 31_000 }), fc.nat(1), (from, to, which) => {
      const sensor = machine.sensors[which];
      if (sensor === undefined) throw new Error('no sensor');
      const expected = model.readings(sensor).filter(([at]) => at >= from && at <= to);
      const { positions: read, values } = plant.series.read(sensor, from, to);
      expect(Array.from(read, (at, i) => [at, values[i]])).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});
