import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { microsOf } from '../contract/values.ts';
import { settableClock } from '../engine/clock.ts';
import { openPlant, type Plant } from './plant.ts';

let folder = '';
const ROWS = 1_600_000;
const open = (): Plant => openPlant(folder, { clock: settableClock(microsOf(0)) });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millwright-thin-kill-'));
  const plant = open();
  const asset = plant.assets.ensure({ path: ['m'], machineType: 'pump', axis: 'time' }).id;
  const sensor = plant.sensors.ensure({ asset, name: 'p', unit: null, unitAsWritten: null, quantity: null, kind: 'number' }).id;
  const rows = 100_000;
  for (let from = 0; from < ROWS; from += rows) {
    const positions = Float64Array.from({ length: rows }, (_, i) => from + i + 1);
    plant.transaction(() => plant.series.append({ asset, positions, columns: [{ sensor, values: positions.map((at) => at % 1000) }] }));
  }
  plant.close();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Nothing is between: each step is thinned, or as it was. @returns readings */
const assertSound = (): number => {
  const plant = open();
  const [sensor] = plant.sensors.list();
  if (sensor === undefined) throw new Error('no sensor');
  expect(plant.check().problems).toEqual([]);
  const { positions, values } = plant.series.read(sensor.id);
  let weight = 0;
  for (let i = 0; i < positions.length; i += 1) {
    const at = positions[i] ?? 0;
    const isMean = at - (positions[i - 1] ?? 0) === 10;
    // A reading is its position modulo 1000; a step ends at a multiple of ten.
    const mean = at % 1000 === 0 ? 895.5 : (at % 1000) - 4.5;
    if (values[i] !== (isMean ? mean : at % 1000)) throw new Error(`at ${at}: ${values[i] ?? NaN}`);
    weight += isMean ? 10 : 1;
  }
  expect(weight).toBe(ROWS);
  plant.close();
  return positions.length;
};

test('thinning that is killed at any moment leaves each step thinned or as it was, and goes on', async () => {
  let least = ROWS;
  for (const wait of [5, 40, 90, 200]) {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'thin.child.ts'), folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    await setTimeout(wait);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const left = assertSound();
    expect(left).toBeLessThanOrEqual(least);
    least = left;
  }
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'thin.child.ts'), folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  await once(child, 'exit');
  expect(assertSound()).toBe(800_000 + 80_000);
}, 60_000);
