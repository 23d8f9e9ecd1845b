import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TrainingConfig } from '../../ml/documents/config.ts';
import type { DatasetDocument } from '../../ml/documents/dataset.ts';
import type { AssetId } from '../contract/values.ts';
import { systemClock } from '../engine/clock.ts';
import { readSlice } from '../forecast/slice.ts';
import { Assessor } from '../quality/assessor.ts';
import { createCleaning } from '../quality/cleaning/cleaning.ts';
import { openPlant, type Plant } from '../store/plant.ts';
import { fillFleet } from '../testdata/plants.ts';
import { freeze } from './freeze.ts';

/* The recipe of a machine goes with what is learned from it: into the dataset, its fingerprint and its model, and on to what is predicted. */

const config = TrainingConfig.parse({ task: 'rul' });
const recipe = { version: 1 as const, mask: ['spike' as const, 'out-of-range' as const], spans: [], fill: { how: 'hold' as const, longest: 3 }, resample: null };
let folder = '';
let plant: Plant;
let assets: AssetId[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cleaned-'));
  plant = openPlant(folder, { clock: systemClock });
  assets = fillFleet(plant, 6).map(({ asset }) => asset);
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});

const plant1 = (): AssetId => assets[0] ?? (() => { throw new Error('no fleet'); })();
const write = (sensor: string, cycle: number, value: number): void => {
  const asset = plant1();
  const id = plant.sensors.byName(asset, sensor)?.id;
  if (id === undefined) throw new Error(`no ${sensor}`);
  plant.transaction(() => plant.series.append({ asset, positions: Float64Array.of(cycle), columns: [{ sensor: id, values: Float64Array.of(value) }] }));
};
const frozen = async (name: string): Promise<{ document: DatasetDocument; values: Float32Array }> => {
  const cleaning = createCleaning(plant, new Assessor(plant));
  const run = join(folder, 'runs', name);
  const document = await freeze(plant, 'turbine', config, run, { signal: new AbortController().signal, progress: () => undefined, settleCleaning: cleaning.settled });
  const bytes = readFileSync(join(run, 'dataset.bin'));
  return { document, values: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)) };
};
const cell = ({ document, values }: { document: DatasetDocument; values: Float32Array }, sensor: string, cycle: number): number => {
  const unit = document.units.find(({ asset }) => asset === 'unit-1');
  const column = document.sensors.findIndex(({ name }) => name === sensor);
  return values[((unit?.offset ?? 0) + cycle - (unit?.start ?? 0)) * document.sensors.length + column] ?? NaN;
};
const cleanAll = (): void => {
  const cleaning = createCleaning(plant, new Assessor(plant));
  for (const asset of assets) cleaning.change(asset, recipe);
};

it('a dataset is frozen as its machines are cleaned, tells how, and has another fingerprint', async () => {
  write('temperature', 40, 5000);
  const raw = await frozen('raw');
  expect(raw.document.cleaning).toBeNull();
  expect(raw.document.fingerprint).toBe(createHash('sha256').update(new Uint8Array(raw.values.buffer)).digest('hex'));
  expect(cell(raw, 'temperature', 40)).toBe(5000);
  cleanAll();
  const cleaned = await frozen('cleaned');
  expect(cell(cleaned, 'temperature', 40)).toBe(cell(cleaned, 'temperature', 39));
  expect(cleaned.document.fingerprint).not.toBe(raw.document.fingerprint);
  expect(cleaned.document.cleaning?.machines['Fleet/unit-1']).toMatchObject({ hold: 3, sensors: { temperature: { spikeSigmas: expect.any(Number) } } });
  expect(plant.series.read(plant.sensors.named('temperature')[0]?.id ?? (() => { throw new Error('no sensor'); })(), 40, 40).values).toEqual(Float64Array.of(5000));
});

it('what is planted in the future changes no row before it', async () => {
  cleanAll();
  const before = await frozen('before');
  const future = 70;
  for (let cycle = future; cycle < future + 6; cycle += 1) write('temperature', cycle, 9000 + 100 * cycle);
  const after = await frozen('after');
  for (let cycle = 1; cycle < future; cycle += 1) for (const sensor of ['temperature', 'pressure', 'noise']) expect(cell(after, sensor, cycle), `${sensor} at ${cycle}`).toBe(cell(before, sensor, cycle));
  expect(cell(after, 'temperature', future + 4)).not.toBe(cell(before, 'temperature', future + 4));
});

it('a model is asked with what it has learned from: the slice is the frozen rows', async () => {
  write('temperature', 78, 5000);
  write('pressure', 80, -900);
  cleanAll();
  const dataset = await frozen('slice');
  const { document, values } = dataset;
  const asset = plant.assets.get(plant1());
  const unit = document.units.find(({ asset: name }) => name === 'unit-1');
  if (asset === undefined || unit === undefined) throw new Error('no unit');
  const window = 20;
  const model = { ...document, config: { ...config, window } };
  const slice = await readSlice(plant, { asset, lifeStart: 1, asOf: 80, downSince: null }, model, [], () => Promise.resolve());
  const width = document.sensors.length;
  const end = unit.offset + 80 - unit.start + 1;
  expect(slice.rows).toBe(window);
  expect(slice.values).toEqual(values.slice((end - window) * width, end * width));
  const masked = await readSlice(plant, { asset, lifeStart: 1, asOf: 80, downSince: null }, model, [{ sensor: 'noise', from: 70, to: 80 }], () => Promise.resolve());
  expect(Number.isNaN(masked.values.at(document.sensors.findIndex(({ name }) => name === 'noise') - width))).toBe(true);
});
