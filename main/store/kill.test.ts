import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { microsOf, type SensorId } from '../contract/values.ts';
import { settableClock } from '../engine/clock.ts';
import { batchesOf, DONE_AFTER, prepareMachine, progressOf, type KilledMachine } from './kill.batches.ts';
import { acquirePlantLock } from './lock.ts';
import { openPlant, type Plant } from './plant.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millwright-kill-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const open = (): Plant => openPlant(folder, { clock: settableClock(microsOf(0)) });

/** What the first n transactions come to, in maps. */
const expectedAfter = (machine: KilledMachine, n: number): Map<SensorId, Map<number, number>> => {
  const series = new Map(machine.sensors.map((sensor) => [sensor, new Map<number, number>()]));
  for (let k = 0; k < n; k += 1) {
    for (const { positions, columns } of batchesOf(machine, k)) {
      for (const { sensor, values } of columns) {
        values.forEach((v, row) => {
          if (!Number.isNaN(v)) series.get(sensor)?.set(positions[row] ?? NaN, v);
        });
      }
    }
  }
  return series;
};

const assertStored = (): number => {
  const plant = open();
  const machine = prepareMachine(plant);
  const done = progressOf(plant);
  expect(plant.check().problems).toEqual([]);
  for (const [sensor, readings] of expectedAfter(machine, done)) {
    const expected = [...readings].sort(([a], [b]) => a - b);
    const { positions, values } = plant.series.read(sensor);
    expect(Array.from(positions)).toEqual(expected.map(([at]) => at));
    expect(Array.from(values)).toEqual(expected.map(([, v]) => v));
  }
  plant.close();
  return done;
};

const startWriter = () => spawn(process.execPath, [fileURLToPath(new URL('kill.child.ts', import.meta.url)), folder], { stdio: ['ignore', 'pipe', 'inherit'] });

test('a writer that is killed at any moment leaves exactly what it had committed, and goes on from there', async () => {
  const seen: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    const writer = startWriter();
    const ended = once(writer, 'exit');
    await once(writer.stdout, 'data');
    // Moments that aren't tied to the rhythm of the writer.
    await setTimeout(15 + ((round * 67) % 120));
    writer.kill('SIGKILL');
    await ended;
    seen.push(assertStored());
  }
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  const last = startWriter();
  const [code] = await once(last, 'exit');
  expect(code).toBe(0);
  expect(assertStored()).toBe(DONE_AFTER);
  // At least one kill must have come in the midst of the work for this to mean anything.
  expect(seen.some((done) => done > 0 && done < DONE_AFTER)).toBe(true);
}, 120_000);

test('the lock of a process that was killed is free', async () => {
  const program = `import { acquirePlantLock } from ${JSON.stringify(new URL('lock.ts', import.meta.url).href)}; acquirePlantLock(${JSON.stringify(folder)}); process.stdout.write('held'); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(holder, 'exit');
  await once(holder.stdout, 'data');
  expect(() => acquirePlantLock(folder)).toThrow(expect.objectContaining({ code: 'plant-locked' }));
  holder.kill('SIGKILL');
  await ended;
  acquirePlantLock(folder)();
});
