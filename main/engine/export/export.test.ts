import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects, asyncBufferFromFile } from 'hyparquet';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createIngest } from '../../ingest/ingest.ts';
import { AppError } from '../../contract/errors.ts';
import { ImportRequest } from '../../contract/data.ts';
import { ExportRequest } from '../../contract/storage.ts';
import { JobId, microsOf, type SensorId } from '../../contract/values.ts';
import { openPlant, type Plant } from '../../store/plant.ts';
import { settableClock } from '../clock.ts';
import { silentLog } from '../log.ts';
import { exportReadings } from './export.ts';

let folder = '';
let plant: Plant;
const clock = settableClock(microsOf(1_800_000_000_000));
const start = Date.UTC(2026, 2, 29, 0, 30) * 1000;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millwright-export-'));
  plant = openPlant(join(folder, 'plant'), { clock });
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});

const fill = (asset: string, sensors: readonly [string, string | null, (i: number) => number][], rows = 500): SensorId[] => {
  const { id } = plant.assets.ensure({ path: [asset], machineType: 'press', axis: 'time' });
  const ids = sensors.map(([name, unit]) => plant.sensors.ensure({ asset: id, name, unit, unitAsWritten: unit, quantity: null, kind: 'number' }).id);
  // Fractions of a second, down to the microsecond, and an hour that clocks skip in Berlin.
  const positions = Float64Array.from({ length: rows }, (_, i) => start + i * 30e6 + (i % 7) * 1001);
  plant.transaction(() => plant.series.append({ asset: id, positions, columns: ids.map((sensor, s) => ({ sensor, values: positions.map((_, i) => sensors[s]?.[2](i) ?? NaN) })) }));
  return ids;
};
const fillTwo = (): SensorId[] => [
  ...fill('press_1', [['temperature', '°C', (i) => 20 + i / 10], ['flow, total', 'l/min', (i) => (i % 9 === 0 ? NaN : Math.sin(i) * 1e-7)]]),
  ...fill('press_2', [['temperature', '°C', (i) => 30 + Math.sqrt(i)], ['pressure', 'bar', (i) => i * 1e6]], 40),
];

const run = (request: unknown, signal = new AbortController().signal) => exportReadings(plant, ExportRequest.parse(request), { id: JobId.parse(1), signal, progress: () => undefined });
const contentOf = (of: Plant): unknown =>
  of.sensors.list().map((sensor) => {
    const { positions, values } = of.series.read(sensor.id);
    return [of.assets.get(sensor.asset)?.name, sensor.name, sensor.unit, [...positions], [...values]];
  }).sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));

test.each([['wide', null], ['long', null], ['wide', 'Europe/Berlin'], ['long', 'America/St_Johns']])('what is exported %s and imported into an empty plant is the same (zone %s)', async (layout, zone) => {
  const file = join(folder, 'out.csv');
  await run({ file, sensors: fillTwo(), layout, zone });
  const again = openPlant(join(folder, 'again'), { clock });
  try {
    await createIngest({ plant: again, clock, log: silentLog }).importFiles(ImportRequest.parse({ files: [file] }), { signal: new AbortController().signal, progress: () => undefined, committed: () => undefined });
    expect(contentOf(again)).toEqual(contentOf(plant));
  } finally {
    again.close();
  }
  expect(readdirSync(folder).filter((name) => name.includes('part'))).toEqual([]);
});

test('a wide table has a row a time of each machine, a column a sensor with its unit', async () => {
  const file = join(folder, 'out.csv');
  expect(await run({ file, sensors: fillTwo(), zone: 'Europe/Berlin' })).toEqual({ file, rows: 540 });
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines[0]).toBe('asset,time,temperature [°C],"flow, total [l/min]",pressure [bar]');
  expect(lines[1]).toBe('press_1,2026-03-29T01:30:00.000+01:00,20,,');
  expect(lines[2]).toMatch(/^press_1,2026-03-29T01:30:30\.001001\+01:00,20\.1,8\.41\d+e-8,$/);
  expect(lines.find((line) => line.startsWith('press_1,2026-03-29T03:'))).toContain('+02:00');
  expect(lines.at(-1)).toMatch(/^press_2,/);
});

test('Parquet holds instants, numbers and holes', async () => {
  const file = join(folder, 'out.parquet');
  const sensors = fillTwo();
  await run({ file, sensors, layout: 'wide' });
  const wide = await parquetReadObjects({ file: await asyncBufferFromFile(file) });
  expect(wide).toHaveLength(540);
  expect(wide[0]).toMatchObject({ asset: 'press_1', 'temperature [°C]': 20 });
  expect(wide[1]?.['time']).toEqual(new Date(start / 1000 + 30_001));
  await run({ file, sensors: sensors.slice(0, 1), layout: 'long', from: start + 60e6, to: start + 120e6 });
  const long = await parquetReadObjects({ file: await asyncBufferFromFile(file) });
  expect(long.map((row) => [row['sensor'], row['unit'], row['value']])).toEqual([['temperature', '°C', 20.2], ['temperature', '°C', 20.3]]);
});

test('one that is given up, or can\'t be written, leaves nothing', async () => {
  const sensors = fill('big', [['a', null, (i) => i], ['b', null, (i) => -i]], 40_000);
  const file = join(folder, 'out.csv');
  const giveUp = new AbortController();
  const going = run({ file, sensors }, giveUp.signal);
  giveUp.abort(new AppError('cancelled', 'no'));
  await expect(going).rejects.toMatchObject({ code: 'cancelled' });
  expect(existsSync(file)).toBe(false);
  await expect(run({ file: join(folder, 'absent', 'a.csv'), sensors })).rejects.toMatchObject({ code: 'file-unreadable' });
  await expect(run({ file: join(folder, 'a.xlsx'), sensors })).rejects.toMatchObject({ code: 'input-invalid' });
  expect(readdirSync(folder)).toEqual(['plant']);
});
