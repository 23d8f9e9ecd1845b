import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTfjsNode } from '../backend/tfjs.ts';
import type { Dataset } from '../dataset/table.ts';
import type { DatasetCleaning } from '../documents/cleaning.ts';
import { TrainingConfig } from '../documents/config.ts';
import { ModelDocument } from '../documents/model.ts';
import { fleet, smallFleet } from '../testdata/fleet.ts';
import { prepare } from '../training/prepare.ts';
import { train, type TrainedModel } from '../training/train.ts';
import { evaluateOn } from './evaluateOn.ts';
import { openPredictor, type Predictor } from './predictor.ts';
import { predictSlices } from './predictSlices.ts';

const shape = { ...smallFleet, units: 24, life: [60, 160] as const, regimes: 2 };
const cleaning: DatasetCleaning = { version: 1, machines: {}, otherwise: { sensors: {}, resample: null, hold: 3 } };
const cleanedFleet = (): Dataset => {
  const { document, values } = fleet(shape);
  return { document: { ...document, cleaning }, values };
};
const trainModel = async (change: Partial<TrainingConfig>): Promise<TrainedModel> => {
  const config = TrainingConfig.parse({ task: 'rul', window: 16, filters: 8, blocks: 2, kernel: 3, dense: 16, epochs: 12, batch: 64, learningRate: 3e-3, ...change });
  const identity = { model: 'test', backend: 'tfjs-node', versions: {}, sha256: (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex') };
  return train(prepare(cleanedFleet(), config), identity, { epoch: () => undefined, checkpoint: () => Promise.resolve(), breathe: () => Promise.resolve(), evaluating: () => undefined, signal: new AbortController().signal, now: () => performance.now() });
};

let model: TrainedModel;
let predictor: Predictor;
beforeAll(async () => {
  await loadTfjsNode();
  model = await trainModel({});
  predictor = openPredictor(ModelDocument.parse(JSON.parse(JSON.stringify(model.document))), model.weights);
}, 120_000);

/** The last `rows` rows of a new machine's life, cut `before` its failure, in the model's sensors. */
const sliceOf = (rows: number, before: number, change: (value: number, sensor: string) => number = (value) => value) => {
  const dataset = fleet({ ...shape, seed: 99, units: 1 });
  const names = dataset.document.sensors.map(({ name }) => name);
  const end = dataset.document.rows - before;
  const values: number[] = [];
  for (let row = end - rows; row < end; row++) for (const { name } of predictor.document.sensors) values.push(change(dataset.values[row * names.length + names.indexOf(name)] ?? Number.NaN, name));
  return { rows, values: Float32Array.from(values) };
};

describe('a trained model', () => {
  it('beats the calendar on the validation units, and carries what it needs', () => {
    const { document } = model;
    const errorOf = (name: string): number => {
      const metrics = document.evaluation.baselines.find((baseline) => baseline.name === name)?.metrics;
      return metrics?.kind === 'rul' ? metrics.rmse : Number.NaN;
    };
    expect(document.evaluation.metrics.kind === 'rul' ? document.evaluation.metrics.rmse : Number.NaN).toBeLessThan(Math.min(errorOf('mean-life'), errorOf('age-only')));
    expect(document.sensors.map(({ name }) => name)).toEqual(['rising', 'falling', 'setting']);
    expect(document.inputs.map((at) => document.sensors[at]?.name)).toEqual(expect.arrayContaining(['rising', 'falling']));
    expect(document.cleaning).toEqual(cleaning);
    expect(document.leftOut).toContainEqual({ name: 'constant', reason: 'constant' });
    expect(document.normalisation.centres).toHaveLength(2);
    expect(document.conformal?.bins.length).toBeGreaterThan(0);
  });

  it('is refused when its weights or its layers are not its own', () => {
    expect(() => openPredictor(model.document, model.weights.slice(4))).toThrow(/bytes/);
    expect(() => openPredictor({ ...model.document, config: { ...model.document.config, dense: 32 } }, model.weights)).toThrow(/other layers/);
    const spoilt = model.weights.slice();
    spoilt.set([0, 0, 0xc0, 0x7f]);
    expect(() => openPredictor(model.document, spoilt)).toThrow(/not a number/);
  });
});

describe('predictSlices', () => {
  it('sees the end coming, with an interval and the sensors that tell it', async () => {
    const [late, early] = await predictSlices(predictor, [sliceOf(20, 2), sliceOf(20, 50)]);
    if (late?.rul === null || late === undefined || early?.rul === null || early === undefined) throw new Error('both have ground');
    expect(late.rul.median).toBeLessThan(early.rul.median);
    expect(late.rul.low).toBeLessThanOrEqual(late.rul.median);
    expect(late.rul.high).toBeGreaterThanOrEqual(late.rul.median);
    expect(late.drivers.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    expect(['rising', 'falling']).toContain(late.drivers[0]?.sensor);
  });

  it('gives the same answer alone and among others, in the order asked', async () => {
    const [alone] = await predictSlices(predictor, [sliceOf(20, 10)]);
    const [, , among] = await predictSlices(predictor, [sliceOf(20, 2), sliceOf(1, 2), sliceOf(20, 10)]);
    expect(among?.rul?.median).toBeCloseTo(alone?.rul?.median ?? Number.NaN, 3);
  });

  it.each([
    ['too-short', sliceOfLater(1, 2)],
    ['sensor-missing', sliceOfLater(20, 2, (value, sensor) => (sensor === 'rising' ? Number.NaN : value))],
    ['unlike-training', sliceOfLater(20, 2, (value, sensor) => (sensor === 'rising' ? value + 500 : value))],
  ])('says %s instead of a forecast', async (reason, make) => {
    const [prediction] = await predictSlices(predictor, [make()]);
    expect(prediction).toMatchObject({ rul: null, failure: null, drivers: [], noForecast: { reason } });
  });

  it('says too-many-gaps, and nothing at all for no rows', async () => {
    const gappy = sliceOf(20, 2);
    const values = gappy.values.map((value, at) => (Math.floor(at / predictor.document.sensors.length) % 4 === 0 ? value : Number.NaN));
    const [gaps, empty] = await predictSlices(predictor, [{ rows: 20, values }, { rows: 0, values: new Float32Array() }]);
    expect(gaps?.noForecast?.reason).toBe('too-many-gaps');
    expect(empty?.noForecast?.reason).toBe('too-short');
    await expect(predictSlices(predictor, [{ rows: 3, values: new Float32Array(1) }])).rejects.toThrow(/should hold 3 rows/);
  });
});

function sliceOfLater(...args: Parameters<typeof sliceOf>): () => ReturnType<typeof sliceOf> {
  return () => sliceOf(...args);
}

describe('evaluateOn', () => {
  it('judges units never seen, every window or the last alone', async () => {
    const unseen = fleet({ ...shape, seed: 77, units: 6 });
    const dataset = { ...unseen, document: { ...unseen.document, units: unseen.document.units.map((unit) => ({ ...unit, split: 'test' as const })) } };
    const every = await evaluateOn(predictor, dataset, 'all');
    const last = await evaluateOn(predictor, dataset, 'last');
    expect(every.evaluation.metrics.points).toBeGreaterThan(300);
    expect(last.evaluation.metrics.points).toBe(6);
    expect(last.perUnit.map(({ truth }) => truth)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(every.evaluation.baselines.every(({ metrics }) => metrics.points === every.evaluation.metrics.points)).toBe(true);
  });
});

describe('failure within a horizon', () => {
  it('is a calibrated probability with a threshold from the validation units', async () => {
    const failing = await trainModel({ task: 'failure', horizon: 15 });
    const { metrics } = failing.document.evaluation;
    if (metrics.kind !== 'failure') throw new Error('expected metrics of failure');
    expect(metrics.f1).toBeGreaterThan(0.6);
    const [late, early] = await predictSlices(openPredictor(failing.document, failing.weights), [sliceOf(20, 2), sliceOf(20, 50)]);
    expect(late?.failure?.horizon).toBe(15);
    expect(late?.failure?.p).toBeGreaterThan(0.5);
    expect(early?.failure?.p).toBeLessThan(0.2);
  });
});
