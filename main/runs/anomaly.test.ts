import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../../ml/dataset/random.ts';
import { TrainRequest } from '../contract/training.ts';
import { systemClock } from '../engine/clock.ts';
import { silentLog } from '../engine/log.ts';
import { createForecasts } from '../forecast/forecasts.ts';
import { openPlant, type Plant } from '../store/plant.ts';
import { openTrainingPlant, type TrainingPlant } from '../testdata/trainingPlant.ts';
import { readFrozen } from './freeze.ts';

let bench: TrainingPlant;
let folder: TrainingPlant['folder'];
let plant: TrainingPlant['plant'];
let jobs: TrainingPlant['jobs'];
let scorer: TrainingPlant['scorer'];
let registry: TrainingPlant['registry'];
let runs: TrainingPlant['runs'];

beforeEach(() => {
  bench = openTrainingPlant();
  ({ folder, plant, jobs, scorer, registry, runs } = bench);
});
afterEach(() => bench.remove());

interface Pump {
  readonly name: string;
  readonly rows: number;
  /** Cycle from which flow and current depart from each other. */
  readonly wearsFrom: number | null;
  readonly failureAt: number | null;
}

/** Pumps whose flow follows the load and whose current follows the flow, as long as they are healthy. */
const fill = (into: Plant, pumps: readonly Pump[], seed: number): void => {
  const random = Random.of(seed, 'pumps');
  for (const { name, rows, wearsFrom, failureAt } of pumps) {
    const { id: asset } = into.assets.ensure({ path: ['Hall', name], machineType: 'pump', axis: 'cycle' });
    const load = Array.from({ length: rows }, (_, cycle) => 10 + Math.sin(cycle / 7) + 0.3 * random.normal());
    const worn = (cycle: number): number => (wearsFrom !== null && cycle >= wearsFrom ? 1.5 : 0);
    const columns = { load, flow: load.map((one, cycle) => 3 * one - worn(cycle) + 0.2 * random.normal()), current: load.map((one, cycle) => one / 2 + worn(cycle) + 0.1 * random.normal()) };
    into.transaction(() => {
      const sensors = Object.entries(columns).map(([sensor, values]) => ({ sensor: into.sensors.ensure({ asset, name: sensor, unit: null, unitAsWritten: null, quantity: null, kind: 'number' }).id, values: Float64Array.from(values) }));
      into.series.append({ asset, positions: Float64Array.from(load, (_, cycle) => cycle + 1), columns: sensors });
      if (failureAt !== null) into.events.add([{ asset, kind: 'failure', mode: 'WEAR', start: failureAt, end: null, knownAt: failureAt, comment: null }]);
    });
  }
};

const request = TrainRequest.parse({ task: 'anomaly', config: { window: 24, filters: 8, epochs: 4, batch: 32 } });
const silent = { signal: new AbortController().signal, progress: () => undefined };

describe('departures from healthy running', () => {
  it('are learned without a failure, judged on later running, found on another plant, and told in the forecast with the sensors that show them', async () => {
    fill(plant, [{ name: 'pump-1', rows: 1200, wearsFrom: null, failureAt: null }, { name: 'pump-2', rows: 1200, wearsFrom: 1150, failureAt: null }], 1);
    const { job, run } = runs.train(request, 'cli');
    expect(await jobs.ended(job)).toMatchObject({ state: 'done', error: null });
    const [model] = registry.models();
    expect(model).toMatchObject({ task: 'anomaly', role: 'champion', evaluation: { metrics: { kind: 'anomaly', units: 2, labelled: null } } });
    expect(model?.evaluation.baselines.map(({ name }) => name)).toEqual(['limits-only', 't2+q']);
    expect(runs.get(run).epochsDone).toBe(4);
    const frozen = await readFrozen(join(folder, 'runs', run));
    expect(frozen.units.map(({ asset, split, rows }) => [asset, split, rows])).toEqual([['pump-1', 'train', 936], ['pump-1', 'validation', 240], ['pump-2', 'train', 936], ['pump-2', 'validation', 240]]);

    const other = openPlant(join(folder, 'other'), { clock: systemClock });
    fill(other, [{ name: 'pump-8', rows: 500, wearsFrom: null, failureAt: null }, { name: 'pump-9', rows: 500, wearsFrom: 385, failureAt: 501 }], 9);
    other.close();
    if (model === undefined) throw new Error('no model was registered');
    const report = await runs.evaluate(model.id, join(folder, 'other'), silent);
    const { metrics } = report.evaluation;
    if (metrics.kind !== 'anomaly') throw new Error('it is judged as what it is');
    expect(metrics.falseAlarmRate).toBeLessThan(0.1);
    expect(metrics.labelled?.recall ?? 0).toBeGreaterThan(0.9);
    expect(report.perAsset.map(({ asset, truth, predicted }) => [asset, truth, (predicted ?? 0) > 1])).toEqual([['pump-8', 0, false], ['pump-9', 1, true]]);

    const forecasts = createForecasts({ plant, clock: systemClock, log: silentLog, askScorer: scorer.ask, modelFolder: registry.modelFolder, documentOf: registry.documentOf, standsStill: () => null, spansOf: () => [] });
    await forecasts.update(null);
    const [one, two] = plant.assets.machines().map((asset) => plant.forecasts.latest(asset.id));
    expect(one).toMatchObject({ noForecast: null, rul: null, anomaly: { since: null } });
    expect(one?.anomaly?.share ?? 9).toBeLessThan(1);
    expect(two?.anomaly?.share ?? 0).toBeGreaterThan(1);
    expect(Math.abs((two?.anomaly?.since ?? 0) - 1158)).toBeLessThan(15);
    expect(two?.drivers.slice(0, 2).map(({ sensor }) => sensor).sort()).toEqual(['current', 'flow']);
  }, 60_000);

  it('are not learned from less than two windows, and it says how much is needed', () => {
    fill(plant, [{ name: 'pump-1', rows: 100, wearsFrom: null, failureAt: null }], 1);
    const refused = (): unknown => runs.train(request, 'cli');
    expect(refused).toThrow(/too few to learn from/);
  });

  it('are not searched for: nothing could choose', () => {
    fill(plant, [{ name: 'pump-1', rows: 1200, wearsFrom: null, failureAt: null }], 1);
    expect(() => runs.train({ ...request, search: { minutes: 1 } }, 'cli')).toThrow(/a search chooses by/);
  });
});
