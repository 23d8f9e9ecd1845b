import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { chosenConfig, SearchReport } from '../../ml/documents/search.ts';
import { TrainRequest } from '../contract/training.ts';
import { fillFleet } from '../testdata/plants.ts';
import { openTrainingPlant, type TrainingPlant } from '../testdata/trainingPlant.ts';

let bench: TrainingPlant;
let folder: TrainingPlant['folder'];
let plant: TrainingPlant['plant'];
let jobs: TrainingPlant['jobs'];
let runs: TrainingPlant['runs'];

beforeEach(() => {
  bench = openTrainingPlant();
  ({ folder, plant, jobs, runs } = bench);
});
afterEach(() => bench.remove());

it('a search is paused, goes on where it was, and what it chose is trained', async () => {
  fillFleet(plant, 8);
  const config = { window: 12, pooling: 1, members: 1, filters: 4, blocks: 1, kernel: 3, dense: 4, epochs: 2, stride: 8, batch: 64 };
  const { job, run } = runs.train(TrainRequest.parse({ task: 'rul', config, search: { minutes: 60 } }), 'cli');
  const report = (): SearchReport => SearchReport.parse(runs.search(run));
  while (report().trials.length === 0 && jobs.get(job).state === 'running') await sleep(50);
  expect(jobs.get(job).stage).toBe('searching');
  jobs.cancel(job);
  await jobs.ended(job);
  expect(runs.get(run)).toMatchObject({ state: 'cancelled', model: null });
  const paused = report();
  expect(paused).toMatchObject({ finished: false, minutes: 60 });

  // The rest of the hour is not waited for.
  const file = join(folder, 'runs', run, 'search.json');
  writeFileSync(file, JSON.stringify({ ...paused, minutes: (paused.elapsedMs + 2000) / 60_000 }));
  const resumed = runs.resume(run);
  await jobs.ended(resumed.job);
  const done = runs.get(run);
  expect({ state: done.state, error: done.error }).toEqual({ state: 'done', error: null });
  expect(report().trials.slice(0, paused.trials.length)).toEqual(paused.trials);
  expect(report().finished).toBe(true);
  expect(done.config).toEqual(chosenConfig(report(), done.config));
  expect(JSON.parse(readFileSync(join(folder, 'runs', run, 'model', 'model.json'), 'utf8'))).toMatchObject({ config: { preset: done.config.preset, window: done.config.window } });
}, 180_000);
