import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TrainRequest, type Run } from '../contract/training.ts';
import { RunId } from '../contract/values.ts';
import { systemClock } from '../engine/clock.ts';
import { silentLog } from '../engine/log.ts';
import { createTrainers } from '../engine/trainer.ts';
import { openPlant } from '../store/plant.ts';
import { fillFleet } from '../testdata/plants.ts';
import { openTrainingPlant, type TrainingPlant } from '../testdata/trainingPlant.ts';

const quick = { window: 16, members: 1, filters: 4, blocks: 1, kernel: 3, dense: 8, epochs: 3, stride: 4, batch: 64, learningRate: 0.01 };
const request = (config: Partial<TrainRequest['config']> = {}, task: 'rul' | 'failure' = 'rul'): TrainRequest => TrainRequest.parse({ task, config: { ...quick, ...config } });
let bench: TrainingPlant;
let folder: TrainingPlant['folder'];
let plant: TrainingPlant['plant'];
let jobs: TrainingPlant['jobs'];
let registry: TrainingPlant['registry'];
let runs: TrainingPlant['runs'];
let pid = 0;

const open = (where?: string): void => {
  const start = createTrainers(silentLog, () => undefined);
  bench = openTrainingPlant(where, (on) => {
    const trainer = start(on);
    pid = trainer.pid;
    return trainer;
  });
  ({ folder, plant, jobs, registry, runs } = bench);
};

beforeEach(() => open());
afterEach(() => bench.remove());

const nextEpoch = (): Promise<number> =>
  new Promise((resolve) => {
    const stop = runs.onEpoch((_, record) => {
      stop();
      resolve(record.epoch);
    });
  });

describe('a training run', () => {
  it('freezes, trains, tells its epochs, registers a champion and is evaluated on another plant', async () => {
    fillFleet(plant, 14);
    const heard: Run['state'][] = [];
    runs.onRun((run) => heard.push(run.state));
    const { job, run: id } = runs.train(request(), 'cli');
    expect(runs.get(id)).toMatchObject({ state: 'freezing', job, task: 'rul', machineType: 'turbine', cause: 'cli', epochsPlanned: 3 });
    expect(await jobs.ended(job)).toMatchObject({ state: 'done', error: null });
    const run = runs.get(id);
    expect(run).toMatchObject({ state: 'done', model: id, epochsDone: 3, units: { train: 11, validation: 3 }, error: null });
    expect(run.evaluation?.baselines.map(({ name }) => name)).toContain('mean-life');
    expect([...new Set(heard)]).toEqual(['freezing', 'training', 'evaluating', 'done']);
    expect(plant.runs.history(id)).toHaveLength(3);
    expect(registry.models()).toMatchObject([{ id, run: id, role: 'champion', fingerprint: run.fingerprint }]);
    const model = registry.models()[0]?.id;
    if (model === undefined) throw new Error('no model was registered');
    expect(readdirSync(registry.modelFolder(model)).sort()).toEqual(['model.json', 'weights.bin']);

    const other = openPlant(join(folder, 'other'), { clock: systemClock });
    fillFleet(other, 6, 6, 25, 99);
    other.close();
    const report = await runs.evaluate(model, join(folder, 'other'), { signal: new AbortController().signal, progress: () => undefined });
    expect(report.perAsset.map(({ truth }) => truth)).toEqual(Array(6).fill(25));
    expect(report.evaluation.metrics).toMatchObject({ kind: 'rul', units: 6, points: 6, unit: 'cycles' });
    const squares = report.perAsset.map(({ predicted, truth }) => ((predicted ?? 0) - (truth ?? 0)) ** 2);
    expect(report.evaluation.metrics).toMatchObject({ rmse: expect.closeTo(Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / 6), 3) });
    await expect(runs.evaluate(model, join(folder, 'nowhere'), { signal: new AbortController().signal, progress: () => undefined })).rejects.toMatchObject({ code: 'not-found' });

    const own = await runs.evaluate(model, null, { signal: new AbortController().signal, progress: () => undefined });
    expect(own.evaluation.metrics.units).toBe(3);
  });

  it('is cut when its trainer is killed, and goes on from its checkpoint', async () => {
    fillFleet(plant, 14);
    const { job, run: id } = runs.train(request({ epochs: 200, patience: 200, stride: 1 }), 'operator');
    await nextEpoch();
    await nextEpoch();
    process.kill(pid, 'SIGKILL');
    expect(await jobs.ended(job)).toMatchObject({ state: 'cut', error: { code: 'run-cut' } });
    const cut = runs.get(id);
    expect(cut).toMatchObject({ state: 'cut', model: null });
    const again = runs.resume(id);
    const first = await nextEpoch();
    expect(first).toBeGreaterThan(1);
    expect(first).toBeLessThanOrEqual(cut.epochsDone + 1);
    expect(() => runs.resume(id)).toThrow(/only a run that was cut/);
    jobs.cancel(again.job);
    expect(await jobs.ended(again.job)).toMatchObject({ state: 'cancelled' });
    expect(runs.get(id)).toMatchObject({ state: 'cancelled', error: null });
  });

  it('is marked cut by the next engine, and runs wait for each other', async () => {
    fillFleet(plant, 14);
    const first = runs.train(request({ epochs: 500, patience: 500 }), 'operator');
    const second = runs.train(request({ seed: 2 }), 'operator');
    await nextEpoch();
    expect(runs.get(second.run).state).toBe('freezing');
    jobs.cancel(second.job);
    expect(await jobs.ended(second.job)).toMatchObject({ state: 'cancelled' });
    expect(runs.get(first.run).state).toBe('training');
    await bench.close();
    open(folder);
    expect(runs.get(first.run)).toMatchObject({ state: 'cut' });
    expect(runs.list().map((run) => run.state)).toEqual(expect.arrayContaining(['cut', 'cancelled']));
  });

  it('is refused before it begins where the labels do not allow it', () => {
    fillFleet(plant, 3);
    expect(() => runs.train(request(), 'cli')).toThrow(/3 failures/);
    expect(() => runs.get(RunId.parse('none'))).toThrow(/no training run/);
    expect(runs.list()).toEqual([]);
  });

  it('fails with what the trainer says', async () => {
    fillFleet(plant, 14);
    const { job, run } = runs.train(request({ epochs: 500, patience: 500 }, 'failure'), 'cli');
    await nextEpoch();
    expect(runs.get(run).config.horizon).toBeGreaterThan(10);
    jobs.cancel(job);
    await jobs.ended(job);
    rmSync(join(folder, 'runs', run, 'dataset.bin'));
    expect(await jobs.ended(runs.resume(run).job)).toMatchObject({ state: 'failed', error: { code: 'file-unreadable' } });
    expect(runs.get(run)).toMatchObject({ state: 'failed', error: { code: 'file-unreadable' } });
  });
});
