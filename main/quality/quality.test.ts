import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SensorQuality } from '../contract/data.ts';
import type { AssetId, SensorId } from '../contract/values.ts';
import { systemClock } from '../engine/clock.ts';
import { Random } from '../simulator/random.ts';
import { openPlant, type Plant } from '../store/plant.ts';
import { Assessor } from './assessor.ts';
import { CopyFinder } from './copies/copies.ts';
import { createQuality, type Quality } from './quality.ts';
import { clockOf, signalsOf } from '../testdata/signals.ts';

let folder = '';
let plant: Plant;
let quality: Quality;
let pump: AssetId;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quality-'));
  plant = openPlant(folder, { clock: systemClock });
  quality = createQuality(plant, new Assessor(plant), new CopyFinder(plant));
  pump = machine('P-1');
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});

const machine = (name: string): AssetId => plant.assets.ensure({ path: ['Works', name], machineType: 'pump', axis: 'time' }).id;
const sensor = (asset: AssetId, name: string, unit: string | null = null): SensorId => plant.sensors.ensure({ asset, name, unit, unitAsWritten: unit, quantity: null, kind: 'number' }).id;
const append = (asset: AssetId, positions: Float64Array, columns: Record<string, Float64Array>): void => {
  plant.transaction(() => plant.series.append({ asset, positions, columns: Object.entries(columns).map(([name, values]) => ({ sensor: sensor(asset, name), values })) }));
};
const of = async (name: string, asset: AssetId | null = null): Promise<SensorQuality> => {
  const found = (await quality.ofSensors(asset)).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no sensor ${name}`);
  return found;
};
const values = (rows: number, seed = 1): Float64Array => {
  const random = Random.seeded(seed);
  return Float64Array.from({ length: rows }, (_, i) => Number((10 + Math.sin(i / 40) + 0.3 * random.normal()).toFixed(3)));
};

describe('the quality of a sensor', () => {
  it('tells codes with counts, shares, costs and places, and the same in words', async () => {
    const at = clockOf(3000);
    const faulty = values(3000).map((value, i) => (i % 100 === 7 ? NaN : i === 500 || i === 900 ? 90 : value));
    faulty.fill(11.5, 1500, 1800);
    append(pump, at, { level: faulty });
    const level = await of('level');
    expect(level).toMatchObject({ asset: 'P-1', count: 2973, missing: 27, gaps: 0, flat: 300, spikes: 2, outOfRange: 0, expected: 3000 });
    expect(level.completeness).toBeCloseTo(0.991, 3);
    expect(level.findings.map(({ code }) => code)).toEqual(['flat', 'missing', 'spike']);
    expect(level.findings[0]).toMatchObject({ count: 300, first: at[1500], last: at[1799] });
    expect(level.score).toBeCloseTo(100 - level.findings.reduce((sum, { cost }) => sum + cost, 0), 6);
    expect(level.reasons[0]).toMatch(/lie on flat lines/);
  });

  it('of none, of one and of a value that never changes', async () => {
    sensor(pump, 'silent');
    append(pump, clockOf(1), { single: Float64Array.of(4) });
    append(pump, clockOf(400), { still: new Float64Array(400).fill(7) });
    expect(await of('silent')).toMatchObject({ count: 0, score: 0, expected: null, findings: [{ code: 'no-readings', cost: 100 }] });
    expect(await of('single')).toMatchObject({ count: 1, score: 100, findings: [] });
    expect(await of('still')).toMatchObject({ flat: 0, score: 90, findings: [{ code: 'constant' }] });
  });

  it('goes on with new rows, and begins anew when rows come in between, to the same end', async () => {
    const at = clockOf(6000);
    const series = values(6000).map((value, i) => (i % 611 === 100 ? value + 20 : value));
    append(pump, at.subarray(0, 4000), { level: series.subarray(0, 4000) });
    expect((await of('level')).spikes).toBe(7);
    append(pump, at.subarray(4000, 4700), { level: series.subarray(4000, 4700) });
    await of('level');
    append(pump, at.subarray(5000), { level: series.subarray(5000) });
    expect(await of('level')).toMatchObject({ gaps: 1, count: 5700 });
    append(pump, at.subarray(4700, 5000), { level: series.subarray(4700, 5000) });
    const end = await of('level');
    expect(end).toMatchObject({ gaps: 0, count: 6000, spikes: 10 });
    const again = createQuality(plant, new Assessor(plant), new CopyFinder(plant));
    expect(await again.ofSensors(null)).toEqual([end]);
  });

  it('notices a reading that was corrected', async () => {
    const series = values(1000);
    series[500] = 99;
    append(pump, clockOf(1000), { level: series });
    expect(await of('level')).toMatchObject({ spikes: 1 });
    append(pump, clockOf(1000).subarray(500, 501), { level: Float64Array.of(10) });
    expect(await of('level')).toMatchObject({ spikes: 0 });
  });

  it('is asked for twice at once and told the same', async () => {
    append(pump, clockOf(40_000), { level: values(40_000) });
    const [one, two] = await Promise.all([quality.ofSensors(null), quality.ofSensors(null)]);
    expect(one).toEqual(two);
    expect(one[0]?.count).toBe(40_000);
  });
});

describe('thresholds', () => {
  it('are learned, and overruled by people; limits stand in the sensor', async () => {
    append(pump, clockOf(3000), { level: values(3000) });
    const id = sensor(pump, 'level');
    const { learned, chosen } = quality.thresholds(id);
    expect(learned).toMatchObject({ interval: 60e6, gapFactor: 3, flatReadings: 30, spikeSigmas: 8, low: null, high: null });
    expect(Object.values(chosen).every((value) => value === null)).toBe(true);
    expect((await of('level')).outOfRange).toBe(0);
    quality.changeThresholds(id, { ...chosen, low: 9.5, high: 20, spikeSigmas: 2 });
    const strict = await of('level');
    expect(strict.outOfRange).toBe(values(3000).filter((value) => value < 9.5).length);
    expect(strict.spikes).toBeGreaterThan(0);
    expect(plant.sensors.get(id)).toMatchObject({ limitLow: 9.5, limitHigh: 20 });
    quality.changeThresholds(id, chosen);
    expect(await of('level')).toMatchObject({ outOfRange: 0, spikes: 0 });
    expect(() => quality.changeThresholds(id, { ...chosen, low: 5, high: 4 })).toThrow(/must lie below/);
  });
});

describe('over time', () => {
  it('each period tells what is wrong in it', async () => {
    const at = clockOf(4000);
    const series = values(4000);
    series.fill(9.123, 1100, 1400);
    series[2500] = 60;
    const kept = (_: number, i: number): boolean => i < 3000 || i >= 3500;
    append(pump, at.filter(kept), { level: series.filter(kept) });
    const periods = await quality.history({ sensor: sensor(pump, 'level'), from: null, to: null, periods: 4 });
    expect(periods.map(({ flat, spikes, gaps }) => ({ flat, spikes, gaps }))).toEqual([{ flat: 0, spikes: 0, gaps: 0 }, { flat: 300, spikes: 0, gaps: 0 }, { flat: 0, spikes: 1, gaps: 1 }, { flat: 0, spikes: 0, gaps: 0 }]);
    expect(periods.map(({ score }) => score)).toEqual([100, expect.closeTo(74, -1), expect.closeTo(99.5, 0), expect.closeTo(69, -1)]);
    expect(await quality.history({ sensor: sensor(pump, 'none yet'), from: null, to: null, periods: 4 })).toEqual([]);
  });
});

describe('what was thinned to means by rule', () => {
  it('is not judged any more: its steps are the rule\'s, not the logger\'s', async () => {
    const at = clockOf(10_000);
    append(pump, at, { level: values(10_000) });
    plant.transaction(() => plant.series.seal(undefined, true));
    const id = sensor(pump, 'level');
    const half = Math.floor((at[6000] ?? 0) / 3600e6) * 3600e6;
    const grids = new Map<string, number>();
    const task = { sensor: id, kind: 'number' as const, from: Math.floor((at[0] ?? 0) / 3600e6) * 3600e6, to: half, step: 3600e6 };
    for (let part = plant.series.thin(task, task.from, grids); part !== null; part = plant.series.thin(task, part.until, grids));
    expect(plant.series.info(id).points).toBeLessThan(4200);
    expect(await of('level')).toMatchObject({ count: plant.series.info(id).points, gaps: 0, score: 100, findings: [], completeness: 1 });
    const periods = await quality.history({ sensor: id, from: null, to: null, periods: 5 });
    expect(periods.map(({ score }) => score)).toEqual([null, null, null, 100, 100]);
  });
});

describe('times that come more than once', () => {
  it('are counted as they come, and not again when their file is', async () => {
    const at = clockOf(600);
    const stuck = at.map((position, i) => (i >= 300 && i < 310 ? (at[300] ?? 0) : i === 50 ? (at[49] ?? 0) : position));
    for (let time = 0; time < 2; time += 1) append(pump, stuck, { level: values(600) });
    const { findings } = await of('level');
    expect(findings.find(({ code }) => code === 'stuck-time')).toMatchObject({ count: 9, first: at[49], last: at[300] });
    // What the clock did not tell is not there: ten minutes at once, and one.
    expect(findings.map(({ code, count }) => `${code} ${count}`).sort()).toEqual(['duplicate-time 1', 'gap 1', 'missing 1', 'stuck-time 9']);
  });
});

describe('copies', () => {
  it('are found within a machine and across machines, exact and scaled, and nothing else', async () => {
    const other = machine('P-2');
    const at = clockOf(5000);
    const signals = signalsOf(3, 5000);
    const named = (name: string): Float64Array => signals.find((signal) => signal.name === name)?.values ?? new Float64Array(0);
    const celsius = named('thermometer of a tenth');
    append(pump, at, { celsius, fahrenheit: celsius.map((value) => Number((value * 1.8 + 32).toFixed(1))), counter: named('counter'), switch: named('switch'), flow: named('gusty flow') });
    append(other, at, { mirrored: celsius, counter: named('counter').map((value) => value * 2), switch: named('switch'), flow: signalsOf(4, 5000).find(({ name }) => name === 'gusty flow')?.values ?? new Float64Array(0) });
    const copies = (await quality.ofSensors(null)).flatMap(({ asset, name, findings }) => findings.filter(({ code }) => code === 'copy').map(({ otherName, scale, cost }) => ({ sensor: `${asset} / ${name}`, otherName, scale, cost })));
    expect(copies).toEqual([
      { sensor: 'P-1 / celsius', otherName: 'P-2 / mirrored', scale: 1, cost: 20 },
      { sensor: 'P-1 / celsius', otherName: 'P-1 / fahrenheit', scale: expect.closeTo(1 / 1.8, 3), cost: 5 },
      { sensor: 'P-1 / fahrenheit', otherName: expect.stringMatching(/celsius|mirrored/), scale: expect.closeTo(1.8, 3), cost: 5 },
      { sensor: 'P-1 / fahrenheit', otherName: expect.stringMatching(/celsius|mirrored/), scale: expect.closeTo(1.8, 3), cost: 5 },
      { sensor: 'P-2 / mirrored', otherName: 'P-1 / celsius', scale: 1, cost: 20 },
      { sensor: 'P-2 / mirrored', otherName: 'P-1 / fahrenheit', scale: expect.closeTo(1 / 1.8, 3), cost: 5 },
    ]);
  });
});
