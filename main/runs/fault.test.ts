import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../../ml/dataset/random.ts';
import type { Forecast } from '../contract/plant.ts';
import { TrainRequest } from '../contract/training.ts';
import type { ModelId } from '../contract/values.ts';
import { systemClock } from '../engine/clock.ts';
import { silentLog } from '../engine/log.ts';
import { createForecasts } from '../forecast/forecasts.ts';
import { openPlant, type Plant } from '../store/plant.ts';
import { openTrainingPlant, type TrainingPlant } from '../testdata/trainingPlant.ts';

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

const life = 100;

/** Machines that run to a failure: a breakdown announces itself in the temperature, a leak in the pressure. The last `cut` end 5 cycles before it. */
const fill = (into: Plant, modes: readonly string[], cut: number, seed: number): void => {
  const random = Random.of(seed, 'faults');
  modes.forEach((mode, unit) => {
    const { id: asset } = into.assets.ensure({ path: ['Hall', `press-${unit + 1}`], machineType: 'press', axis: 'cycle' });
    const rows = unit >= modes.length - cut ? life - 5 : life;
    const wear = Array.from({ length: rows }, (_, cycle) => Math.max(0, (cycle - 70) / 30));
    const columns = { temperature: wear.map((w) => 60 + (mode === 'BRD' ? 8 * w : 0) + random.normal()), pressure: wear.map((w) => 9 - (mode === 'ELP' ? 8 * w : 0) + random.normal()) };
    into.transaction(() => {
      const sensors = Object.entries(columns).map(([name, values]) => ({ sensor: into.sensors.ensure({ asset, name, unit: null, unitAsWritten: null, quantity: null, kind: 'number' }).id, values: Float64Array.from(values) }));
      into.series.append({ asset, positions: Float64Array.from(wear, (_, cycle) => cycle + 1), columns: sensors });
      into.events.add([{ asset, kind: 'failure', mode, start: life, end: null, knownAt: life, comment: null }]);
    });
  });
};

const alternating = (count: number): string[] => Array.from({ length: count }, (_, unit) => (unit % 2 === 0 ? 'BRD' : 'ELP'));
const request = TrainRequest.parse({ task: 'fault', config: { window: 12, members: 1, filters: 8, blocks: 2, kernel: 3, dense: 16, epochs: 12, batch: 64, learningRate: 0.01, dropout: 0, weightAveraging: 0.9 } });
const silent = { signal: new AbortController().signal, progress: () => undefined };

const trainModel = async (): Promise<ModelId> => {
  const { job } = runs.train(request, 'cli');
  expect(await jobs.ended(job)).toMatchObject({ state: 'done', error: null });
  const [model] = registry.models();
  if (model === undefined) throw new Error('no model was registered');
  return model.id;
};

describe('kinds of faults', () => {
  it('are learned from the modes of failures, judged on another plant, and named by the forecast', async () => {
    fill(plant, alternating(16), 2, 1);
    const model = await trainModel();
    const { evaluation } = registry.models()[0] ?? {};
    expect(evaluation?.metrics).toMatchObject({ kind: 'fault', classes: ['healthy', 'BRD', 'ELP'], horizon: 15, unit: 'cycles' });
    expect(evaluation?.baselines.map(({ name }) => name)).toEqual(['majority', 'class-linear', 'class-boosting']);
    const f1 = evaluation?.metrics.kind === 'fault' ? evaluation.metrics.macroF1 : 0;
    const majority = evaluation?.baselines[0]?.metrics;
    expect(f1).toBeGreaterThan(0.85);
    expect(majority?.kind === 'fault' ? majority.macroF1 : 1).toBeLessThan(0.4);

    const other = openPlant(join(folder, 'other'), { clock: systemClock });
    fill(other, ['BRD', 'ELP', 'ELP', 'OHE'], 4, 9);
    other.close();
    const report = await runs.evaluate(model, join(folder, 'other'), silent);
    // Overheating is a kind that the model has never met: nothing right can be said of it.
    expect(report.perAsset.map(({ asset, predictedClass, truthClass }) => [asset, predictedClass, truthClass])).toEqual([['press-1', 'BRD', 'BRD'], ['press-2', 'ELP', 'ELP'], ['press-3', 'ELP', 'ELP']]);
    expect(report.evaluation.metrics).toMatchObject({ kind: 'fault', points: 3, accuracy: 1 });

    const forecasts = createForecasts({ plant, clock: systemClock, log: silentLog, askScorer: scorer.ask, modelFolder: registry.modelFolder, documentOf: registry.documentOf, standsStill: () => null, spansOf: () => [] });
    await forecasts.update(null);
    const forecastOf = (name: string): Forecast | undefined => plant.assets.machines().flatMap((asset) => (asset.name === name ? (plant.forecasts.latest(asset.id) ?? []) : []))[0];
    expect(forecastOf('press-15')).toMatchObject({ fault: { likely: 'BRD', horizon: 15, unit: 'cycles' }, rul: null, noForecast: null });
    expect(forecastOf('press-15')?.drivers[0]?.sensor).toBe('temperature');
    expect(forecastOf('press-16')).toMatchObject({ fault: { likely: 'ELP' } });
    expect(forecastOf('press-16')?.drivers[0]?.sensor).toBe('pressure');
    expect(forecastOf('press-16')?.fault?.classes.reduce((sum, { p }) => sum + p, 0)).toBeCloseTo(1, 5);
  }, 60_000);

  it('are refused where one mode alone has enough failures', () => {
    fill(plant, ['BRD', 'BRD', 'BRD', 'BRD', 'ELP', 'ELP'], 0, 1);
    expect(() => runs.train(request, 'cli')).toThrow(/1 failure mode with 3 failures or more/);
  });
});
