import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppError } from '../contract/errors.ts';
import { microsOf, type SensorId } from '../contract/values.ts';
import { settableClock } from '../engine/clock.ts';
import { lookThrough } from './look.ts';
import { openConnection } from './connection.ts';
import { DATABASE_FILE, openPlant, type Plant } from './plant.ts';
import { salvagePlant } from './salvage/salvage.ts';

/*
 * 8 KB of a real plant's file overwritten with zeros, anywhere: what is read afterwards is what was stored, or an error that says that the
 * plant is damaged. And what is rebuilt holds nothing but what was stored.
 */

const DAMAGE = Buffer.alloc(8192);
const ROWS = 5000;
/** MILLWRIGHT_RUNS=2000 looks for longer. */
const RUNS = Number(process.env['MILLWRIGHT_RUNS'] ?? 40);

let folder = '';
let whole: Buffer;
const stored = new Map<SensorId, { positions: Float64Array; values: Float64Array }>();

const open = (): Plant => openPlant(folder, { clock: settableClock(microsOf(0)) });
const write = (bytes: Buffer): void => {
  for (const ending of ['-wal', '-shm']) rmSync(join(folder, `${DATABASE_FILE}${ending}`), { force: true });
  writeFileSync(join(folder, DATABASE_FILE), bytes);
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millwright-damage-'));
  const plant = open();
  for (const name of ['m1', 'm2']) {
    const asset = plant.assets.ensure({ path: [name], machineType: 'pump', axis: 'time' }).id;
    const sensors = Array.from({ length: 4 }, (_, i) => plant.sensors.ensure({ asset, name: `s${i}`, unit: 'bar', unitAsWritten: null, quantity: null, kind: 'number' }).id);
    const batch = (from: number, rows: number) => ({
      asset,
      positions: Float64Array.from({ length: rows }, (_, i) => (from + i) * 1e6),
      columns: sensors.map((sensor, s) => ({ sensor, values: Float64Array.from({ length: rows }, (_, i) => (s % 2 === 0 ? Math.round(Math.sin((from + i) / 50) * 1000) / 10 : Math.sin((from + i) * (s + 1) * 1.7))) })),
    });
    plant.transaction(() => plant.series.append(batch(0, ROWS)));
    for (let k = 0; k < 20; k += 1) plant.transaction(() => plant.series.append(batch(ROWS + k * 10, 10)));
    plant.events.add(Array.from({ length: 40 }, (_, i) => ({ asset, kind: 'failure' as const, mode: 'BRD', start: i * 1e9, end: null, knownAt: i * 1e9, comment: 'found by the night shift' })));
  }
  for (const { id } of plant.sensors.list()) stored.set(id, plant.series.read(id));
  plant.close();
  whole = readFileSync(join(folder, DATABASE_FILE));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Undefined where an error says that the plant is damaged, or a sensor gone; any other error is one. */
const honest = <T>(work: () => T): T | undefined => {
  try {
    return work();
  } catch (thrown) {
    if (!['plant-damaged', 'not-found'].includes(AppError.of(thrown).code)) throw thrown;
    return undefined;
  }
};

const readings = ({ positions, values }: { positions: Float64Array; values: Float64Array }): string => JSON.stringify([[...positions], [...values]]);

/** Whether everything that can be read is what was stored. @returns how many series could not be read */
const readAll = (plant: Plant): number => {
  let refused = 0;
  for (const [sensor, expected] of stored) {
    const read = honest(() => plant.series.read(sensor));
    if (read === undefined) refused += 1;
    else expect(readings(read) === readings(expected), `sensor ${sensor}`).toBe(true);
    const grid = honest(() => plant.series.readGrid({ sensors: [sensor], start: 1e6, step: 1e6, rows: 100 }));
    if (grid !== undefined) expect(Array.from(grid, (v) => v)).toEqual(Array.from(expected.values.subarray(1, 101), Math.fround));
    const columns = honest(() => plant.series.columns(sensor, 0, (ROWS - 1) * 1e6, 20));
    const high = expected.values.subarray(0, ROWS).reduce((a, b) => Math.max(a, b), -Infinity);
    if (columns !== undefined) expect(Math.max(...columns.max.map((v) => v ?? -Infinity))).toBe(high);
  }
  return refused;
};

test('zeros anywhere are found, or do no harm; readings are never wrong, and nothing crashes', () => {
  let found = 0;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: whole.length - DAMAGE.length }), (at) => {
      const bytes = Buffer.from(whole);
      DAMAGE.copy(bytes, at);
      write(bytes);
      const plant = honest(open);
      if (plant === undefined) {
        found += 1;
        return;
      }
      try {
        const refused = readAll(plant);
        const problems: string[] = [];
        honest(() => {
          for (const _ of plant.look('whole', problems));
        });
        // What reading meets, a look finds.
        if (refused > 0) expect(problems.length, `at ${at}`).toBeGreaterThan(0);
        if (problems.length > 0) found += 1;
      } finally {
        plant.close();
      }
    }),
    // A page of the migrations that reads as one without rows.
    { numRuns: RUNS, examples: [[8193], [8207]] },
  );
  expect(found).toBeGreaterThan(RUNS / 2);
}, 120_000);

test('what is rebuilt after that holds only what was stored, and tells what is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length - DAMAGE.length }), async (at) => {
      const bytes = Buffer.from(whole);
      DAMAGE.copy(bytes, at);
      write(bytes);
      let rebuilt;
      try {
        rebuilt = await salvagePlant(folder, { stamp: 'now', now: 0 });
      } catch (thrown) {
        // The beginning of the file is what everything else hangs on.
        expect(AppError.of(thrown).code).toBe('plant-damaged');
        return;
      }
      expect(readFileSync(rebuilt.kept).equals(bytes)).toBe(true);
      rmSync(rebuilt.kept);
      const plant = open();
      try {
        expect(plant.check().problems).toEqual([]);
        let missing = 0;
        for (const [sensor, expected] of stored) {
          const read = plant.sensors.get(sensor) === undefined ? { positions: new Float64Array(0), values: new Float64Array(0) } : plant.series.read(sensor);
          const was = new Map(Array.from(expected.positions, (position, i) => [position, expected.values[i]]));
          expect(Array.from(read.positions, (position, i) => Object.is(was.get(position), read.values[i])).every((same) => same)).toBe(true);
          missing += expected.positions.length - read.positions.length;
        }
        if (missing > 0) expect(rebuilt.lost.length, `at ${at}`).toBeGreaterThan(0);
      } finally {
        plant.close();
      }
    }),
    { numRuns: RUNS / 4, examples: [[8193], [8207]] },
  );
}, 120_000);

test('a look finds nothing in a file that is whole', () => {
  write(whole);
  const connection = openConnection(join(folder, DATABASE_FILE));
  const problems: string[] = [];
  for (const extent of ['whole', 'quick'] as const) expect([...lookThrough(connection, extent, problems)].length).toBeGreaterThan(0);
  connection.close();
  expect(problems).toEqual([]);
});
