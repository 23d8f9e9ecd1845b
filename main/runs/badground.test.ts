import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TrainRequest, type Run } from '../contract/training.ts';
import { Random } from '../simulator/random.ts';
import { openTrainingPlant, type TrainingPlant } from '../testdata/trainingPlant.ts';

/* Data from which little or nothing can be learned: a clear answer, or a model whose forecasts are numbers. */

const quick = { window: 12, pooling: 1, members: 1, filters: 4, blocks: 1, kernel: 3, dense: 4, epochs: 2, stride: 4, batch: 64 };
let bench: TrainingPlant;
let folder: TrainingPlant['folder'];
let plant: TrainingPlant['plant'];
let jobs: TrainingPlant['jobs'];
let registry: TrainingPlant['registry'];
let runs: TrainingPlant['runs'];

beforeEach(() => {
  bench = openTrainingPlant();
  ({ folder, plant, jobs, registry, runs } = bench);
});
afterEach(() => bench.remove());

type Sensors = Readonly<Record<string, (share: number, random: Random, machine: number) => number>>;
const wears: Sensors = { wears: (share, random) => 10 * share ** 2 + 0.3 * random.normal(), noise: (_share, random) => random.normal() };

/** Machines on a cycle axis with one life each, all of them ending in a failure; a value of NaN is no reading. */
const fill = (machines: number, life: number, sensors: Sensors, seedOf = (machine: number) => machine): void => {
  for (let machine = 0; machine < machines; machine++) {
    const random = Random.seeded(100 + seedOf(machine));
    const { id: asset } = plant.assets.ensure({ path: ['Works', `mill-${machine}`], machineType: 'mill', axis: 'cycle' });
    const length = life === 0 ? 0 : life + (seedOf(machine) % 3);
    plant.transaction(() => {
      const columns = Object.entries(sensors).map(([name, value]) => ({
        sensor: plant.sensors.ensure({ asset, name, unit: null, unitAsWritten: null, quantity: null, kind: 'number' }).id,
        values: Float64Array.from({ length }, (_, cycle) => value((cycle + 1) / length, random, machine)),
      }));
      if (length > 0) plant.series.append({ asset, positions: Float64Array.from({ length }, (_, cycle) => cycle + 1), columns });
      plant.events.add([{ asset, kind: 'failure', mode: 'BRD', start: Math.max(1, length), end: null, knownAt: Math.max(1, length), comment: null }]);
    });
  }
};

const trained = async (config: Record<string, unknown> = {}, task: 'rul' | 'failure' = 'rul'): Promise<Run> => {
  const { job, run } = runs.train(TrainRequest.parse({ task, config: { ...quick, ...config } }), 'cli');
  await jobs.ended(job);
  return runs.get(run);
};
/** The run failed with this code and words, and left no model. */
const expectRefused = async (run: Promise<Run>, code: string, words: RegExp): Promise<void> => {
  const { state, error, id } = await run;
  expect({ state, code: error?.code, message: error?.message }).toMatchObject({ state: 'failed', code, message: expect.stringMatching(words) });
  expect(plant.models.list()).toEqual([]);
  expect(existsSync(join(folder, 'runs', id, 'model'))).toBe(false);
};
/** Every figure of the registered model and of what it says of each machine is a number. */
const expectNumbers = async (run: Promise<Run>): Promise<Run> => {
  const done = await run;
  expect({ state: done.state, error: done.error }).toEqual({ state: 'done', error: null });
  const [model] = plant.models.list();
  const metrics = model?.evaluation.metrics;
  expect(metrics?.kind === 'rul' ? metrics.rmse : metrics?.kind === 'failure' ? metrics.f1 : Number.NaN).toSatisfy(Number.isFinite);
  return done;
};

describe('nothing can be learned', { timeout: 120_000 }, () => {
  it('from sensors that never change, or that are empty', async () => {
    fill(6, 40, { still: () => 7, empty: () => Number.NaN });
    await expectRefused(trained(), 'too-little-data', /every sensor of the machines of type 'mill' is empty or constant/);
  });

  it('from forty rows', async () => {
    fill(5, 8, wears);
    await expectRefused(trained({ window: 100 }), 'too-little-data', /only 0 have at least 13 rows of readings before them, 5 needed: import longer histories/);
  });

  it('where every window has the same label', async () => {
    fill(6, 40, wears);
    await expectRefused(trained({ horizon: 500 }, 'failure'), 'no-labels', /every training window has the same label/);
  });

  it('where no failure has readings, where there is one machine, and where there is none', () => {
    expect(() => runs.train(TrainRequest.parse({ task: 'rul' }), 'cli')).toThrow(expect.objectContaining({ code: 'no-labels' }));
    fill(6, 0, wears);
    expect(() => runs.train(TrainRequest.parse({ task: 'rul' }), 'cli')).toThrow(expect.objectContaining({ code: 'no-labels', message: expect.stringMatching(/no failures of machines of type 'mill' known, 5 needed.*; 6 more are recorded and can't be used \(its machine has no readings\)/) }));
    fill(1, 40, wears);
    expect(() => runs.train(TrainRequest.parse({ task: 'rul' }), 'cli')).toThrow(expect.objectContaining({ code: 'too-little-data', message: expect.stringMatching(/1 failure of machines of type 'mill' known, 5 needed/) }));
  });

  it('with steps that end in no number: it says so, and what to do', async () => {
    fill(6, 40, wears);
    await expectRefused(trained({ learningRate: 1e30, gradientClip: null, batchNormalisation: false, warmUpEpochs: 0 }), 'training-diverged', /smaller learning rate|no numbers/);
  });
});

describe('numbers come of', { timeout: 120_000 }, () => {
  it('1e12 beside 1e-9, a value beyond float32, a constant and an empty sensor', async () => {
    fill(6, 40, {
      huge: (share, random) => 1e12 * (1 + 0.5 * share ** 2 + 0.02 * random.normal()),
      tiny: (share, random) => 1e-9 * (share ** 2 + 0.05 * random.normal()),
      beyond: (share, random) => (share === 1 ? 1e300 : random.normal()),
      still: () => -3,
      empty: () => Number.NaN,
    });
    const { model } = await expectNumbers(trained());
    expect(model === null ? [] : registry.documentOf(model).leftOut).toEqual(expect.arrayContaining([{ name: 'still', reason: 'constant' }, { name: 'empty', reason: 'empty' }]));
  });

  it('machines that are copies of each other', async () => {
    fill(6, 40, wears, () => 1);
    await expectNumbers(trained());
  });
});
