import { beforeAll, expect, it } from 'vitest';
import { loadTfjsNode } from '../backend/tfjs.ts';
import { TrainingConfig } from '../documents/config.ts';
import { fleet, smallFleet } from '../testdata/fleet.ts';
import { prepare, type Prepared } from '../training/prepare.ts';
import { train, type TrainedModel } from '../training/train.ts';
import { verifyStored } from './verify.ts';

let prepared: Prepared;
let trained: TrainedModel;

beforeAll(async () => {
  await loadTfjsNode();
  const config = TrainingConfig.parse({ task: 'rul', window: 12, pooling: 1, members: 1, filters: 4, blocks: 1, kernel: 3, dense: 4, epochs: 1, stride: 4 });
  prepared = prepare(fleet({ ...smallFleet, units: 6, regimes: 2 }), config);
  trained = await train(prepared, { model: 'm', backend: 'cpu', versions: {}, sha256: () => 'hash' }, {
    epoch: () => undefined, checkpoint: () => Promise.resolve(), breathe: () => Promise.resolve(), evaluating: () => undefined, signal: new AbortController().signal, now: () => 0,
  });
}, 60_000);

it('a model that answers with numbers may be stored', async () => {
  await expect(verifyStored(trained, prepared)).resolves.toBeUndefined();
});

it('weights that make no numbers are refused', async () => {
  const weights = new Float32Array(trained.weights.slice().buffer);
  weights.fill(1e30);
  await expect(verifyStored({ ...trained, weights: new Uint8Array(weights.buffer) }, prepared)).rejects.toMatchObject({ code: 'training-diverged', message: expect.stringMatching(/answers with no numbers/) });
});

it('a figure of the document that is no number is refused, and named', async () => {
  const { document } = trained;
  await expect(verifyStored({ ...trained, document: { ...document, healthy: document.healthy.map(() => Number.NaN) } }, prepared)).rejects.toMatchObject({ code: 'training-diverged', message: expect.stringMatching(/healthy\.0/) });
});

it('a document that makes other windows of the same readings is refused', async () => {
  const { document } = trained;
  const mean = document.normalisation.mean.map((regime) => regime.map((value) => value + 1));
  await expect(verifyStored({ ...trained, document: { ...document, normalisation: { ...document.normalisation, mean } } }, prepared)).rejects.toMatchObject({ code: 'model-damaged' });
});
