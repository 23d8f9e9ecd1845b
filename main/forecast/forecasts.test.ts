import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Forecast } from '../contract/plant.ts';
import type { Slice } from '../contract/scorer.ts';
import { TrainRequest } from '../contract/training.ts';
import { SourceOptions } from '../contract/sources.ts';
import { microsOf, type AssetId } from '../contract/values.ts';
import { settableClock } from '../engine/clock.ts';
import { createJobs, type Jobs } from '../engine/jobs.ts';
import { silentLog } from '../engine/log.ts';
import { createScorer, type Scorer } from '../engine/scorer.ts';
import { createTrainers } from '../engine/trainer.ts';
import { createRegistry, type Registry } from '../registry/registry.ts';
import { createRuns, type Runs } from '../runs/runs.ts';
import { openPlant, type Plant } from '../store/plant.ts';
import { fillDemo, fillFleet, type FilledMachine } from '../testdata/plants.ts';
import { createForecasts, type Forecasts } from './forecasts.ts';

const now = Date.parse('2026-06-17T10:00:00Z');
const hour = 3600e6;
const clock = settableClock(microsOf(now));
const still = new Set<AssetId>();
const asked: Slice[][] = [];
let folder = '';
let plant: Plant;
let jobs: Jobs;
let scorer: Scorer;
let registry: Registry;
let runs: Runs;
let forecasts: Forecasts;
let units: FilledMachine[] = [];
let pumps: FilledMachine[] = [];

const idOf = (machines: readonly FilledMachine[], name: string): AssetId => {
  const machine = machines.find((one) => one.name === name);
  if (machine === undefined) throw new Error(`there is no machine ${name}`);
  return machine.asset;
};
const train = async (task: 'rul' | 'failure', machineType: string): Promise<void> => {
  const config = { window: 16, filters: 6, blocks: 1, kernel: 5, dense: 16, epochs: 12, stride: 4, batch: 64, learningRate: 0.01 };
  clock.advance(1e6);
  const { job } = runs.train(TrainRequest.parse({ task, machineType, config }), 'cli');
  const ended = await jobs.ended(job);
  if (ended.state !== 'done') throw new Error(ended.error?.message ?? ended.state);
};
const of = async (asset: AssetId): Promise<Forecast> => {
  const [forecast] = await forecasts.update([asset]);
  if (forecast === undefined) throw new Error('no forecast was made');
  return forecast;
};
/** Rows of a pump go on as they were, for so many hours. */
const goOn = (asset: AssetId, hours: number): void => {
  const sensors = plant.sensors.ofAsset(asset).map(({ id }) => ({ sensor: id, last: plant.series.info(id).last ?? 0 }));
  const from = Math.max(...sensors.map(({ last }) => last));
  const positions = Float64Array.from({ length: hours * 6 }, (_, i) => from + (i + 1) * (hour / 6));
  const columns = sensors.map(({ sensor, last }) => ({ sensor, values: new Float64Array(positions.length).fill(plant.series.read(sensor, last, last).values[0] ?? 0) }));
  plant.transaction(() => plant.series.append({ asset, positions, columns }));
  clock.set(microsOf((positions.at(-1) ?? from) / 1000));
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'forecast-'));
  plant = openPlant(folder, { clock });
  jobs = createJobs(plant.jobs, clock, silentLog);
  registry = createRegistry({ plant, clock, folder });
  scorer = createScorer(silentLog, () => undefined);
  runs = createRuns({ plant, clock, log: silentLog, folder, jobs, registry, startTrainer: createTrainers(silentLog, () => undefined), askScorer: scorer.ask, settleCleaning: () => Promise.resolve(null), qualityOf: () => Promise.resolve([]) });
  forecasts = createForecasts({
    plant, clock, log: silentLog, modelFolder: registry.modelFolder, documentOf: registry.documentOf, standsStill: (asset) => still.has(asset), spansOf: () => [],
    askScorer: (model, slices) => {
      asked.push(slices);
      return scorer.ask(model, slices);
    },
  });
  units = fillFleet(plant, 20, 5, 20);
  pumps = fillDemo(plant, 40, now, ['P-101', 'P-103', 'K-101']);
}, 60_000);
afterAll(async () => {
  await jobs.close();
  await scorer.stop();
  plant.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('forecasts', () => {
  it('say why there is none while there is no model, once', async () => {
    const first = await of(idOf(pumps, 'K-101'));
    expect(first).toMatchObject({ model: null, rul: null, noForecast: { reason: 'no-model' } });
    expect(first.noForecast?.detail).toMatch(/^no model is trained for machines of type 'compressor': (no|1) failure is known, 5 needed/);
    expect((await of(idOf(pumps, 'K-101'))).id).toBe(first.id);
  });

  it('of run-to-failure tests come from their last rows, all in one question', async () => {
    await train('rul', 'turbine');
    const made = await forecasts.update(units.map(({ asset }) => asset));
    expect(asked.at(-1)).toHaveLength(20);
    expect(made).toHaveLength(20);
    for (const { rul, failureAt, asOf, drivers } of made) {
      expect(rul?.unit).toBe('cycles');
      expect(rul?.low).toBeLessThanOrEqual(rul?.median ?? -1);
      expect(rul?.high).toBeGreaterThanOrEqual(rul?.median ?? Infinity);
      expect(failureAt?.median).toBeCloseTo(asOf + (rul?.median ?? 0), 6);
      expect(drivers.length).toBeGreaterThan(0);
    }
    const left = (names: string[]): number => {
      const own = names.map((name) => made.find(({ asset }) => asset === idOf(units, name))?.rul?.median ?? 0);
      return own.reduce((sum, value) => sum + value, 0) / own.length;
    };
    expect(left(['unit-16', 'unit-17', 'unit-18', 'unit-19', 'unit-20'])).toBeGreaterThan(left(['unit-1', 'unit-2', 'unit-3', 'unit-4', 'unit-5']));
  }, 60_000);

  it('of both champions are one forecast', async () => {
    await train('failure', 'turbine');
    const forecast = await of(idOf(units, 'unit-1'));
    expect(forecast.rul).not.toBeNull();
    expect(forecast.failureProbability).toMatchObject([{ unit: 'cycles', p: expect.any(Number) }]);
    expect(forecast.failureProbability[0]?.p).toBeGreaterThan(0.5);
    const before = asked.length;
    expect((await of(idOf(units, 'unit-1'))).id).toBe(forecast.id);
    expect(asked.length).toBe(before);
  }, 60_000);

  it('of a machine in a plant know nothing from before its repair, and wait while it stands or is down', async () => {
    // Two pumps and 40 days are little to learn from; what is asked, not how good the answer is, is the matter here.
    plant.events.add(Array.from({ length: 6 }, (_, i) => ({ asset: idOf(pumps, 'P-101'), kind: 'failure' as const, mode: 'UNK', start: (now - (i * 2 + 1) * 86_400_000) * 1000, end: (now - (i * 2 + 1) * 86_400_000) * 1000 + hour, knownAt: 0, comment: null })));
    await train('rul', 'pump');
    const pump = idOf(pumps, 'P-101');
    const forecast = await of(pump);
    expect(asked.at(-1)?.[0]?.rows).toBeLessThanOrEqual(23);
    expect(forecast).toMatchObject({ asOf: now * 1000, noForecast: null });
    expect(forecast.failureAt?.median).toBeCloseTo(now * 1000 + (forecast.rul?.median ?? 0) * (forecast.rul?.unit === 'days' ? 24 : 1) * hour, -3);
    expect(await of(pump)).toEqual(forecast);
    goOn(pump, 1);
    expect((await of(pump)).asOf).toBe(now * 1000 + hour);
    still.add(pump);
    goOn(pump, 1);
    expect((await of(pump)).asOf).toBe(now * 1000 + hour);
    still.delete(pump);
    plant.events.add([{ asset: pump, kind: 'failure', mode: 'VIB', start: clock.now() - 1, end: null, knownAt: clock.now(), comment: null }]);
    expect(await of(pump)).toMatchObject({ noForecast: { reason: 'not-running', detail: 'it has failed, and its repair is not recorded yet' } });
    plant.events.add([{ asset: pump, kind: 'maintenance', mode: 'corrective', start: clock.now(), end: clock.now() + hour, knownAt: clock.now(), comment: null }]);
    goOn(pump, 3);
    const restarted = await of(pump);
    expect(asked.at(-1)?.[0]?.rows ?? 0).toBeLessThanOrEqual(2 * 60);
    expect(restarted.asOf).toBe(clock.now());
  }, 60_000);

  it('go silent with readings that are followed, and not with records of the past', async () => {
    const pump = idOf(pumps, 'P-103');
    clock.set(microsOf(now + 5 * 3_600_000));
    expect((await of(pump)).noForecast?.reason).not.toBe('stale-data');
    plant.sources.upsert({ path: '/logs', kind: 'folder', site: null, asset: null, mapping: null, options: SourceOptions.parse({}) });
    clock.set(microsOf(now + 6 * 3_600_000));
    expect((await of(pump)).noForecast?.reason).toBe('stale-data');
  });

  it('of a model that is no champion are told, not kept', async () => {
    const champion = plant.models.champion('rul', 'turbine');
    await train('rul', 'turbine');
    const challenger = registry.models().find((model) => model.machineType === 'turbine' && model.task === 'rul' && model.id !== plant.models.champion('rul', 'turbine')?.id);
    if (champion === undefined || challenger === undefined) throw new Error('two models were expected');
    const unit = idOf(units, 'unit-2');
    const kept = plant.forecasts.latest(unit);
    const [tried] = await forecasts.update([unit], challenger.id);
    expect(tried).toMatchObject({ id: 0, model: challenger.id, noForecast: null });
    expect(plant.forecasts.latest(unit)).toEqual(kept);
  }, 60_000);

  it('say which sensor is missing', async () => {
    const { id: asset } = plant.assets.ensure({ path: ['Fleet', 'odd'], machineType: 'turbine', axis: 'cycle' });
    const sensor = plant.sensors.ensure({ asset, name: 'temperature', unit: null, unitAsWritten: null, quantity: null, kind: 'number' }).id;
    plant.transaction(() => plant.series.append({ asset, positions: Float64Array.from([1, 2, 3]), columns: [{ sensor, values: Float64Array.from([1, 2, 3]) }] }));
    expect(await of(asset)).toMatchObject({ noForecast: { reason: 'sensor-missing', detail: expect.stringContaining('pressure') } });
  });
});
