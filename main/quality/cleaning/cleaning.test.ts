import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CleaningRecipe } from '../../contract/quality.ts';
import type { AssetId, SensorId } from '../../contract/values.ts';
import { systemClock } from '../../engine/clock.ts';
import { openPlant, type Plant } from '../../store/plant.ts';
import { clockOf, signalsOf } from '../../testdata/signals.ts';
import { Assessor } from '../assessor.ts';
import { createCleaning, type CleaningViews } from './cleaning.ts';

const minute = 60e6;
const rows = 4000;
const at = clockOf(rows);
let folder = '';
let plant: Plant;
let cleaning: CleaningViews;
let pump: AssetId;
let pressure: SensorId;

const recipeOf = (change: Partial<CleaningRecipe>): CleaningRecipe => ({ version: 1, mask: [], spans: [], fill: { how: 'none', longest: null }, resample: null, ...change });
const preview = (recipe: Partial<CleaningRecipe>) => cleaning.preview({ sensor: pressure, recipe: recipeOf(recipe), columns: 50, from: null, to: null });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cleaning-'));
  plant = openPlant(folder, { clock: systemClock });
  cleaning = createCleaning(plant, new Assessor(plant));
  pump = plant.assets.ensure({ path: ['Works', 'P-1'], machineType: 'pump', axis: 'time' }).id;
  pressure = plant.sensors.ensure({ asset: pump, name: 'pressure', unit: 'bar', unitAsWritten: 'bar', quantity: null, kind: 'number' }).id;
  const values = (signalsOf(1, rows)[0]?.values ?? new Float64Array(rows)).slice();
  values[500] = 20;
  values.fill(6.1, 1000, 1100);
  const kept = (_: number, i: number): boolean => i < 2000 || i >= 2010;
  plant.transaction(() => plant.series.append({ asset: pump, positions: at.filter(kept), columns: [{ sensor: pressure, values: values.filter(kept) }] }));
  plant.sensors.describe(pressure, { limitHigh: 19 });
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a preview', () => {
  it('tells what each part of a recipe does, and changes nothing that is stored', async () => {
    const before = plant.series.read(pressure);
    expect(await preview({})).toMatchObject({ masked: { spike: 0, flat: 0, outOfRange: 0, spans: 0 }, filled: 0, readings: rows - 10, cleaned: { points: rows - 10 } });
    // The two beside it: where the flat line ends at another level, a step begins, which only its third reading confirms.
    expect((await preview({ mask: ['spike'] })).masked).toEqual({ spike: 3, flat: 0, outOfRange: 0, spans: 0 });
    expect((await preview({ mask: ['flat'] })).masked.flat).toBe(71);
    expect((await preview({ mask: ['spike', 'out-of-range'] })).masked).toMatchObject({ outOfRange: 1, spike: 2 });
    expect((await preview({ spans: [{ sensor: null, from: at[100] ?? 0, to: at[149] ?? 0, reason: 'test run' }] })).masked.spans).toBe(50);
    const { stored, cleaned } = await preview({ mask: ['spike'] });
    expect(Math.max(...stored.max.map((value) => value ?? 0))).toBe(20);
    expect(Math.max(...cleaned.max.map((value) => value ?? 0))).toBeLessThan(8);
    expect(plant.series.read(pressure)).toEqual(before);
  });

  it('fills holes as far as is said: forward, or from both sides', async () => {
    expect((await preview({ fill: { how: 'hold', longest: 4 * minute } })).filled).toBe(4);
    expect((await preview({ fill: { how: 'hold', longest: null } })).filled).toBe(10);
    expect((await preview({ fill: { how: 'linear', longest: 4 * minute } })).filled).toBe(0);
    expect((await preview({ fill: { how: 'linear', longest: 12 * minute } })).filled).toBe(10);
  });

  it('resamples', async () => {
    const { cleaned, readings } = await preview({ resample: { step: 10 * minute, how: 'median' } });
    expect(readings).toBe(rows - 10);
    expect(cleaned.points).toBe(401);
    expect(Math.max(...cleaned.max.map((value) => value ?? 0))).toBeLessThan(8);
  });
});

describe('a recipe', () => {
  it('is kept by machine; one that names what the machine has not is refused', () => {
    expect(cleaning.of(pump)).toMatchObject({ axis: 'time', savedAt: null, recipe: { mask: [] } });
    expect(cleaning.change(pump, recipeOf({ mask: ['spike'] }))).toMatchObject({ recipe: { mask: ['spike'] }, savedAt: expect.any(Number) });
    const other = plant.assets.ensure({ path: ['Works', 'P-2'], machineType: 'pump', axis: 'time' }).id;
    expect(() => cleaning.change(other, recipeOf({ spans: [{ sensor: pressure, from: 0, to: 1, reason: 'x' }] }))).toThrow(/P-2 has not/);
    expect(() => cleaning.change(pump, recipeOf({ spans: [{ sensor: null, from: 2, to: 1, reason: 'x' }] }))).toThrow(/before it begins/);
  });

  it('is settled as numbers; what looks ahead never is; none is null', async () => {
    expect(await cleaning.settled([pump], minute)).toBeNull();
    cleaning.change(pump, recipeOf({ mask: ['spike', 'flat', 'out-of-range'], fill: { how: 'linear', longest: null }, spans: [{ sensor: pressure, from: 1, to: 2, reason: 'bench' }] }));
    const rule = { spikeSigmas: 8, sigma: expect.any(Number), flatReadings: 30, low: null, high: 19, interval: minute };
    expect(await cleaning.settled([pump], minute)).toEqual({
      version: 1,
      machines: { 'Works/P-1': { sensors: { pressure: rule }, resample: null, hold: null, spans: [{ sensor: 'pressure', from: 1, to: 2 }] } },
      otherwise: { sensors: { pressure: rule }, resample: null, hold: null },
    });
    cleaning.change(pump, recipeOf({ fill: { how: 'hold', longest: null } }));
    expect((await cleaning.settled([pump], minute))?.machines['Works/P-1']).toEqual({ sensors: {}, resample: null, hold: 16 * minute, spans: [] });
  });
});
