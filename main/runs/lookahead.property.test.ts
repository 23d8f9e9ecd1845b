import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TrainingConfig } from '../../ml/documents/config.ts';
import type { DatasetDocument } from '../../ml/documents/dataset.ts';
import type { Asset } from '../contract/plant.ts';
import { systemClock } from '../engine/clock.ts';
import { readSlice } from '../forecast/slice.ts';
import { Random } from '../simulator/random.ts';
import { openPlant, type Plant } from '../store/plant.ts';
import { freeze } from './freeze.ts';

/* Irregular times, gaps and sensors of different pace go onto one grid, and nothing that comes later changes a row: not when it is learned from, not when it is asked about. */

const minute = 60e6;
const hour = 60 * minute;
const life = 100 * hour;
const start = Date.parse('2026-03-01T00:00:00Z') * 1000;
const config = TrainingConfig.parse({ task: 'rul', window: 24 });
const now = (): Promise<void> => Promise.resolve();

interface Filled {
  readonly plant: Plant;
  readonly folder: string;
  readonly asset: Asset;
}

/** Six pumps with a failure each: 'fast' about every 20 minutes with jitter and a gap, 'slow' every 5 hours, both of them wearing. */
const fill = (seed: number): Filled => {
  const folder = mkdtempSync(join(tmpdir(), 'lookahead-'));
  const plant = openPlant(folder, { clock: systemClock });
  const random = Random.seeded(seed);
  const assets = Array.from({ length: 6 }, (_, machine) => {
    const asset = plant.assets.ensure({ path: ['Works', `pump-${machine}`], machineType: 'pump', axis: 'time' });
    const series = (pace: number, jitter: number, gap: readonly [number, number]) => {
      const positions: number[] = [];
      for (let at = start + pace; at < start + life; at += pace) positions.push(Math.round(at + jitter * random.between(-0.5, 0.5)));
      return positions.filter((at) => at < start + gap[0] || at > start + gap[1]);
    };
    plant.transaction(() => {
      for (const [name, positions] of [['fast', series(20 * minute, 15 * minute, [30 * hour, 41 * hour])], ['slow', series(5 * hour, hour, [1, 0])]] as const) {
        const { id: sensor } = plant.sensors.ensure({ asset: asset.id, name, unit: null, unitAsWritten: null, quantity: null, kind: 'number' });
        plant.series.append({ asset: asset.id, positions: Float64Array.from(positions), columns: [{ sensor, values: Float64Array.from(positions, (at) => ((at - start) / life) ** 2 + 0.1 * random.normal()) }] });
      }
      plant.events.add([{ asset: asset.id, kind: 'failure', mode: 'BRD', start: start + life, end: null, knownAt: start + life, comment: null }]);
    });
    return asset;
  });
  const [asset] = assets;
  if (asset === undefined) throw new Error('no pump');
  return { plant, folder, asset };
};

const frozen = async ({ plant, folder }: Filled, name: string): Promise<{ document: DatasetDocument; values: Float32Array }> => {
  const run = join(folder, name);
  const document = await freeze(plant, 'pump', config, run, { signal: new AbortController().signal, progress: () => undefined, settleCleaning: () => Promise.resolve(null) });
  const bytes = readFileSync(join(run, 'dataset.bin'));
  return { document, values: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)) };
};

it('a slow sensor is held between its readings, a gap is not; what is asked about is what was learned from', async () => {
  const filled = fill(1);
  try {
    const { document, values } = await frozen(filled, 'run');
    const width = document.sensors.length;
    expect(document.sensors.map(({ name, hold }) => [name, hold === undefined ? null : Math.round(hold / hour)])).toEqual([['fast', null], ['slow', 10]]);
    const unit = document.units.find(({ asset }) => asset === 'pump-0');
    if (unit === undefined) throw new Error('no unit');
    const column = (at: number): number[] => Array.from({ length: unit.rows }, (_, row) => values[(unit.offset + row) * width + at] ?? Number.NaN);
    const missing = (cells: number[]): number => cells.filter(Number.isNaN).length / cells.length;
    expect(missing(column(1))).toBeLessThan(0.08);
    expect(missing(column(0))).toBeGreaterThan(0.08);
    const model = { ...document, config, anomaly: null };
    for (const row of [3, 30, 60, unit.rows - 1]) {
      const asOf = unit.start + row * document.step;
      const { rows, values: slice } = await readSlice(filled.plant, { asset: filled.asset, lifeStart: start, asOf, downSince: null }, model, [], now);
      const end = unit.offset + row + 1;
      // The grid of a question begins where the life does, which may be before the first whole row of the dataset.
      const common = Math.min(rows, row + 1);
      expect(slice.subarray((rows - common) * width)).toEqual(values.slice((end - common) * width, end * width));
    }
  } finally {
    filled.plant.close();
    rmSync(filled.folder, { recursive: true, force: true });
  }
});

it('a value planted in the future changes no row before it, frozen or asked about', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 20, max: 80 }), fc.constantFrom(0, 1, minute, 7 * minute), fc.constantFrom('fast', 'slow'), async (seed, hours, behind, name) => {
      const filled = fill(seed);
      try {
        const { plant, asset } = filled;
        const before = await frozen(filled, 'before');
        const { document } = before;
        const unit = document.units.find((one) => one.asset === asset.name);
        const sensor = plant.sensors.byName(asset.id, name);
        if (unit === undefined || sensor === undefined) throw new Error('no unit');
        // The last row that must not change ends at `edge`; what is planted lies one microsecond behind it, or more.
        const row = Math.floor((hours * hour) / document.step);
        const edge = unit.start + row * document.step;
        const model = { ...document, config, anomaly: null };
        const ask = () => readSlice(plant, { asset, lifeStart: start, asOf: edge, downSince: null }, model, [], now);
        const asked = await ask();
        const planted = [edge + 1 + behind, edge + document.step, edge + 3 * document.step + behind];
        plant.transaction(() => plant.series.append({ asset: asset.id, positions: Float64Array.from(planted), columns: [{ sensor: sensor.id, values: Float64Array.from(planted, () => 1e6) }] }));
        const after = await frozen(filled, 'after');
        const width = document.sensors.length;
        const upTo = ({ values }: { values: Float32Array }): Float32Array => values.slice(unit.offset * width, (unit.offset + row + 1) * width);
        expect(after.document.units).toEqual(document.units);
        expect(upTo(after)).toEqual(upTo(before));
        expect(await ask()).toEqual(asked);
        const next = document.sensors.findIndex((one) => one.name === name) + (unit.offset + row + 1) * width;
        expect(after.values[next]).not.toBe(before.values[next]);
      } finally {
        filled.plant.close();
        rmSync(filled.folder, { recursive: true, force: true });
      }
    }),
    { numRuns: 12, seed: 5 },
  );
}, 120_000);
