import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Health } from '../contract/plant.ts';
import { microsOf, type AssetId } from '../contract/values.ts';
import { settableClock } from '../engine/clock.ts';
import { silentLog } from '../engine/log.ts';
import { SimulatedMachine } from '../simulator/machine.ts';
import { plan } from '../simulator/plan.ts';
import { openPlant, type Plant } from '../store/plant.ts';
import { fillDemo, fillFleet, type FilledMachine } from '../testdata/plants.ts';
import { createHealth, type HealthMonitor } from './health.ts';

const hour = 3600e6;
const day = 24 * hour;
const now = Date.parse('2026-06-17T10:00:00Z');
const clock = settableClock(microsOf(now));
let folder = '';
let plant: Plant;
let health: HealthMonitor;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'health-'));
  clock.set(microsOf(now));
  plant = openPlant(folder, { clock });
  health = createHealth({ plant, clock, log: silentLog });
});
afterEach(() => {
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});

const at = (machines: readonly FilledMachine[], index: number): AssetId => {
  const machine = machines[index];
  if (machine === undefined) throw new Error(`there is no machine ${index}`);
  return machine.asset;
};
const history = (asset: AssetId): Health[] => plant.healths.history(asset, { limit: 1e6 });
const failuresOf = (asset: AssetId): number[] => plant.events.list({ asset, kind: 'failure' }).map((event) => event.start);
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const indexes = (healths: Health[]): number[] => healths.flatMap(({ index }) => (index === null ? [] : [index]));

describe('the health of pumps over 120 days', () => {
  it('falls before each failure, is good early in each life, and says what drives it', async () => {
    const pumps = fillDemo(plant, 120, now, ['P-101', 'P-102', 'P-103', 'P-202']);
    const started = performance.now();
    await health.update(pumps.map(({ asset }) => asset));
    expect(performance.now() - started).toBeLessThan(10_000);
    const before: number[] = [];
    const early: number[] = [];
    for (const { asset } of pumps) {
      const all = history(asset);
      for (const failure of failuresOf(asset)) before.push(...indexes(all.filter(({ at }) => at > failure - 8 * hour && at <= failure)).slice(-1));
      for (const repair of plant.events.list({ asset, kind: 'maintenance' })) early.push(...indexes(all.filter(({ at }) => at > (repair.end ?? 0) + 2 * day && at < (repair.end ?? 0) + 4 * day)));
    }
    expect(before.length).toBeGreaterThan(10);
    expect(median(before)).toBeLessThan(30);
    expect(median(early)).toBeGreaterThan(85);
    const trouble = plant.healths.latest(at(pumps, 2));
    expect(trouble).toMatchObject({ state: 'critical', reason: null });
    expect(trouble?.drivers.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 1);
  });

  it('is not moved by standstill, and is not known until the baseline is learned', async () => {
    const [pump] = fillDemo(plant, 40, now, ['P-202']);
    const asset = at(pump === undefined ? [] : [pump], 0);
    await health.update([asset]);
    const [speeds] = plant.sensors.named('speed').map(({ id }) => [...plant.series.read(id).values]);
    expect((speeds ?? []).filter((speed) => Math.abs(speed) < 50).length / (speeds?.length ?? 1)).toBeGreaterThan(0.3);
    const [first] = plant.events.list({ asset, kind: 'failure' });
    const life = history(asset).filter(({ at }) => at < (first?.start ?? Infinity));
    expect(life.slice(0, 10).every(({ state, reason }) => state === 'unknown' && reason === 'baseline-learning')).toBe(true);
    // Hours of the night have no health; those after them are no worse than those before.
    expect(life.every(({ at }) => new Date(at / 1000).getUTCHours() >= 5)).toBe(true);
  });
});

describe('the health of run-to-failure tests', () => {
  it('measures each unit by how the others looked when they failed', async () => {
    const units = fillFleet(plant, 20, 6);
    await health.update(units.map(({ asset }) => asset));
    const ends = units.map(({ asset }) => plant.healths.latest(asset)?.index ?? Number.NaN);
    expect(median(ends.slice(0, 14))).toBeLessThan(25);
    expect(median(ends.slice(14))).toBeGreaterThan(median(ends.slice(0, 14)) + 20);
    expect(history(at(units, 0)).length).toBeGreaterThan(80);
    expect(plant.healths.latest(at(units, 0))?.drivers.map(({ sensor }) => sensor)).not.toContain('noise');
  });
});

describe('health as rows come in', () => {
  const live = (): { asset: AssetId; run: (minutes: number) => void; machine: SimulatedMachine } => {
    const planned = plan[0];
    if (planned === undefined) throw new Error('no machine is planned');
    const machine = SimulatedMachine.begin(planned, 5, now);
    const { id: asset } = plant.assets.ensure({ path: ['Plant', 'P'], machineType: 'pump', axis: 'time' });
    const sensors = machine.kind.sensors.map(({ name, unit }) => plant.sensors.ensure({ asset, name, unit, unitAsWritten: unit, quantity: null, kind: 'number' }).id);
    const run = (minutes: number): void => {
      const rows = Array.from({ length: minutes * 2 }, () => {
        clock.advance(30e6);
        return { at: clock.now(), ...machine.step(clock.now() / 1000, 1 / 120, 1) };
      });
      plant.transaction(() => plant.series.append({ asset, positions: Float64Array.from(rows, ({ at }) => at), columns: sensors.map((sensor, s) => ({ sensor, values: Float64Array.from(rows, ({ readings }) => readings[s] ?? 0) })) }));
    };
    return { asset, run, machine };
  };

  it('is the same hour by hour as all at once', async () => {
    const { asset, run } = live();
    for (let hours = 0; hours < 48; hours++) {
      run(60);
      await health.update([asset]);
    }
    const step = history(asset).filter(({ at }) => at % hour === 0);
    const again = openPlant(join(folder, 'again'), { clock });
    const sensors = plant.sensors.ofAsset(asset);
    const copy = again.assets.ensure({ path: ['Plant', 'P'], machineType: 'pump', axis: 'time' }).id;
    again.transaction(() => {
      for (const { id, name, unit, unitAsWritten, quantity, kind } of sensors) {
        const { positions, values } = plant.series.read(id);
        again.series.append({ asset: copy, positions, columns: [{ sensor: again.sensors.ensure({ asset: copy, name, unit, unitAsWritten, quantity, kind }).id, values }] });
      }
    });
    await createHealth({ plant: again, clock, log: silentLog }).update([copy]);
    const whole = again.healths.history(copy, { limit: 1e6 });
    again.close();
    expect(step.at(-1)?.at).toBe(whole.at(-1)?.at);
    expect(indexes(step).length).toBeGreaterThan(10);
    for (const [i, value] of indexes(step).slice(-5).entries()) expect(Math.abs(value - (indexes(whole).slice(-5)[i] ?? 0))).toBeLessThan(6);
  });

  it('goes on after a restart without telling the past anew, and within an hour', async () => {
    const { asset, run } = live();
    run(60 * 40);
    await health.update([asset]);
    const told = history(asset);
    health = createHealth({ plant, clock, log: silentLog });
    run(120);
    const [newest] = await health.update([asset]);
    expect(history(asset).slice(0, told.length)).toEqual(told);
    expect(newest?.at).toBeGreaterThan(told.at(-1)?.at ?? 0);
    run(6);
    const [within] = await health.update([asset]);
    expect(within?.at).toBe(clock.now());
    run(1);
    expect(await health.update([asset])).toEqual([]);
  });

  it('begins anew after a repair', async () => {
    const { asset, run } = live();
    run(60 * 40);
    await health.update([asset]);
    expect(plant.healths.latest(asset)?.state).not.toBe('unknown');
    const start = clock.now();
    plant.events.add([{ asset, kind: 'maintenance', mode: 'preventive', start, end: start + hour, knownAt: start, comment: null }]);
    run(180);
    const [newest] = await health.update([asset]);
    expect(newest).toMatchObject({ state: 'unknown', reason: 'baseline-learning', index: null });
    expect(plant.baselines.list(asset)).toHaveLength(1);
    run(60 * 36);
    await health.update([asset]);
    expect(plant.baselines.list(asset)).toHaveLength(2);
    expect(health.standsStill(asset)).toBe(false);
  });
});
