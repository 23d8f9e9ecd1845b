import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TrainingConfig } from '../../ml/documents/config.ts';
import type { DatasetDocument } from '../../ml/documents/dataset.ts';
import { systemClock } from '../engine/clock.ts';
import { openPlant, type Plant } from '../store/plant.ts';
import { fillDemo, fillFleet } from '../testdata/plants.ts';
import { freeze, readFrozen } from './freeze.ts';
import { feasibilityOf } from './feasibility/feasibility.ts';
import { machineTypeFor } from './labels.ts';

const day = 24 * 3600e6;
const now = Date.parse('2026-06-17T10:00:00Z');
const config = TrainingConfig.parse({ task: 'rul' });
const hooks = { signal: new AbortController().signal, progress: () => undefined, settleCleaning: () => Promise.resolve(null) };
let folder = '';
let plant: Plant;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'freeze-'));
  plant = openPlant(folder, { clock: systemClock });
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (): string => join(folder, 'runs', 'r-1');
const valuesOf = (): Float32Array => {
  const bytes = readFileSync(join(run(), 'dataset.bin'));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
};
const lifeRows = ({ units }: DatasetDocument): number[] => units.filter((unit) => unit.end === 'failure').map((unit) => unit.rows).sort((a, b) => a - b);

describe('freezing a plant on the time axis', () => {
  it('cuts lives at failures and repairs on a grid of hours, and splits by machine', async () => {
    const pumps = fillDemo(plant, 60, now, ['P-101', 'P-102', 'P-103', 'P-201', 'P-202', 'P-203']);
    const document = await freeze(plant, 'pump', config, run(), hooks);
    expect(document).toMatchObject({ axis: 'time', step: 3600e6, unit: 'days', stepInUnit: 1 / 24 });
    expect(document.sensors.map(({ name }) => name)).toEqual(['speed', 'flow', 'discharge pressure', 'motor current', 'vibration', 'bearing temperature']);
    const rows = lifeRows(document);
    expect(rows[rows.length >> 1]).toBeGreaterThan(150);
    expect(rows[rows.length >> 1]).toBeLessThan(450);
    for (const unit of document.units.filter(({ end }) => end === 'failure')) {
      const last = unit.start + (unit.rows - 1) * document.step;
      expect((unit.failureAt ?? 0) - last).toBeGreaterThanOrEqual(0);
      expect((unit.failureAt ?? 0) - last).toBeLessThan(document.step);
      expect((unit.failureAt ?? 0) - unit.start).toBeLessThan(30 * day);
    }
    const parts = new Map(pumps.map(({ name }) => [name, new Set(document.units.filter(({ asset }) => asset === name).map(({ split }) => split))]));
    expect([...parts.values()].every((split) => split.size === 1)).toBe(true);
    expect(new Set(document.units.map(({ split }) => split))).toEqual(new Set(['train', 'validation']));
  });

  it('writes what its document says, whole, with its fingerprint, and the same again', async () => {
    fillDemo(plant, 60, now, ['P-101', 'P-102']);
    const document = await freeze(plant, 'pump', config, run(), hooks);
    expect(readdirSync(run()).sort()).toEqual(['dataset.bin', 'dataset.json']);
    expect(await readFrozen(run())).toEqual(document);
    const values = valuesOf();
    expect(values.length).toBe(document.rows * document.sensors.length);
    expect(createHash('sha256').update(readFileSync(join(run(), 'dataset.bin'))).digest('hex')).toBe(document.fingerprint);
    const [unit] = document.units;
    const speed = plant.sensors.named('speed').find((sensor) => plant.assets.get(sensor.asset)?.name === unit?.asset);
    if (unit === undefined || speed === undefined) throw new Error('nothing was frozen');
    const first = plant.series.read(speed.id, unit.start - document.step + 1, unit.start).values;
    expect(values[0]).toBeCloseTo(first.reduce((sum, value) => sum + value, 0) / first.length, 3);
    const again = await freeze(plant, 'pump', config, join(folder, 'runs', 'r-2'), hooks);
    expect(again).toEqual(document);
  });
});

describe('freezing run-to-failure tests', () => {
  it('takes cycles as they are; a test that was cut keeps its later failure', async () => {
    fillFleet(plant, 12, 3, 30);
    const document = await freeze(plant, 'turbine', config, run(), hooks);
    expect(document).toMatchObject({ axis: 'cycle', step: 1, unit: 'cycles', stepInUnit: 1 });
    const left = document.units.map((unit) => (unit.failureAt ?? 0) - (unit.start + unit.rows - 1)).sort((a, b) => a - b);
    expect(left).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 30, 30, 30]);
  });

  it('leaves out what says nothing, with the reason', async () => {
    const units = fillFleet(plant, 6);
    plant.transaction(() => {
      for (const [i, { asset }] of units.entries()) {
        const positions = Float64Array.from([1, 2, 3]);
        const add = (name: string, unit: string | null, values: number[]): void => {
          const sensor = plant.sensors.ensure({ asset, name, unit, unitAsWritten: unit, quantity: null, kind: 'number' }).id;
          plant.series.append({ asset, positions, columns: [{ sensor, values: Float64Array.from(values) }] });
        };
        add('constant', null, [7, 7, 7]);
        if (i > 0) add('sometimes', null, [1, 2, 3]);
        add('mixed', i === 3 ? 'bar' : 'psi', [1, 2, 3]);
      }
    });
    const { sensors, leftOut } = await freeze(plant, 'turbine', config, run(), hooks);
    expect(sensors.map(({ name }) => name)).toEqual(['temperature', 'pressure', 'noise']);
    expect(leftOut).toEqual(expect.arrayContaining([{ name: 'constant', reason: 'constant' }, { name: 'sometimes', reason: 'missing on unit-1' }, { name: 'mixed', reason: 'in another unit on unit-4' }]));
  });

  it('leaves out the sensors that people name, and says when there is none of that name', async () => {
    fillFleet(plant, 6);
    const { sensors, leftOut } = await freeze(plant, 'turbine', { ...config, leaveOut: ['pressure'] }, run(), hooks);
    expect(sensors.map(({ name }) => name)).not.toContain('pressure');
    expect(leftOut).toContainEqual({ name: 'pressure', reason: 'left out by hand' });
    await expect(freeze(plant, 'turbine', { ...config, leaveOut: ['presure'] }, run(), hooks)).rejects.toMatchObject({ code: 'input-invalid', message: expect.stringMatching(/'presure'.*pressure/) });
  });

  it('keeps when a failure became known, where that was later', async () => {
    fillFleet(plant, 6);
    const [asset] = plant.assets.machines();
    if (asset === undefined) throw new Error('the fleet was filled');
    const [failure] = plant.events.list({ asset: asset.id, kind: 'failure' });
    if (failure === undefined) throw new Error('each of them failed');
    plant.events.remove(failure.id);
    plant.events.add([{ asset: asset.id, kind: 'failure', mode: failure.mode, start: failure.start, end: null, knownAt: failure.start + 40, comment: null }]);
    const { units } = await freeze(plant, 'turbine', config, run(), hooks);
    expect(units.filter(({ knownAt }) => knownAt !== undefined)).toMatchObject([{ asset: asset.name, knownAt: failure.start + 40 }]);
  });
});

describe('what the labels allow', () => {
  it('is said with how many failures there are and how many are needed', async () => {
    fillFleet(plant, 3);
    const few = "3 failures of machines of type 'turbine' known, 5 needed";
    expect(feasibilityOf(plant)).toMatchObject([{ machineType: 'turbine', machines: 3, failures: 3, tasks: [{ task: 'rul', possible: false, reason: `${few} (12 for forecasts to rely on)` }, {}, { task: 'fault', possible: false }, {}] }]);
    expect(() => machineTypeFor(plant, 'rul', null)).toThrow(few);
    await expect(freeze(plant, 'turbine', config, run(), hooks)).rejects.toMatchObject({ code: 'too-little-data' });
  });

  it('is not enough where the histories before the failures are too short, and that is said', async () => {
    fillFleet(plant, 6);
    const wide = TrainingConfig.parse({ task: 'rul', window: 4000 });
    await expect(freeze(plant, 'turbine', wide, run(), hooks)).rejects.toMatchObject({ code: 'too-little-data', message: expect.stringMatching(/^6 failures .* only 0 have at least [0-9]+ rows .* 5 needed/) });
  });

  it('chooses the type with the most failures, and names what there is', () => {
    expect(() => machineTypeFor(plant, 'rul', null)).toThrow(/no machines yet/);
    fillFleet(plant, 6);
    expect(machineTypeFor(plant, 'failure', null)).toBe('turbine');
    expect(() => machineTypeFor(plant, 'rul', 'pump')).toThrow(/there are turbine/);
    expect(() => machineTypeFor(plant, 'fault', null)).toThrow(/1 failure mode with 3 failures or more \('BRD'\), 2 needed/);
  });
});

describe('what training leaves out', () => {
  it('is told with the reason', () => {
    const units = fillFleet(plant, 7);
    const life = (unit: number): number => plant.events.list({ asset: units[unit]?.asset, kind: 'failure' })[0]?.start ?? 0;
    const tell = (unit: number, start: number, mode: string): void => {
      const asset = units[unit]?.asset;
      if (asset !== undefined) plant.events.add([{ asset, kind: 'failure', mode, start, end: null, knownAt: start, comment: null }]);
    };
    expect(feasibilityOf(plant)[0]?.leftOut).toEqual([]);
    tell(0, -5, 'early');
    tell(1, life(1) + 50, 'late');
    tell(2, 6, 'short');
    const { id: empty } = plant.assets.ensure({ path: ['Fleet', 'unit-9'], machineType: 'turbine', axis: 'cycle' });
    plant.events.add([{ asset: empty, kind: 'failure', mode: 'silent', start: 10, end: null, knownAt: 10, comment: null }]);
    expect(feasibilityOf(plant)[0]?.leftOut.map(({ assetName, mode, code }) => `${assetName} ${mode}: ${code}`)).toEqual([
      'unit-1 early: before-readings', 'unit-2 late: behind-end', 'unit-3 short: too-few-rows', 'unit-9 silent: no-readings',
    ]);
    expect(feasibilityOf(plant)[0]?.leftOut[2]?.reason).toMatch(/too short to learn from: 6 rows, 13 needed/);
  });
});
