import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TrainingConfig } from '../../ml/documents/config.ts';
import { fleet, smallFleet } from '../../ml/testdata/fleet.ts';
import { BackendsMessage, TrainerMessage } from '../contract/trainer.ts';
import { cudaEnvironment, cudaFolder, installedIn, nvidiaDriver } from '../engine/cuda/place.ts';

/** Why the card can't be tried here; empty where it can. */
const missing = nvidiaDriver() === null ? 'no NVIDIA driver on this machine' : installedIn(cudaFolder()) === null ? "the CUDA build is not installed: 'backends install-cuda'" : '';
/** Losses on card and processor: float32 in another order of summation, over three epochs. */
const TOLERANCE = 1e-3;

const startFile = fileURLToPath(new URL('./start.ts', import.meta.url));
const config = TrainingConfig.parse({ task: 'rul', window: 16, filters: 8, blocks: 2, kernel: 3, dense: 8, epochs: 3, batch: 64 });

describe.skipIf(missing !== '')(`on an NVIDIA card (${missing === '' ? 'there is one' : `skipped: ${missing}`})`, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mw-card-'));
    const { document, values } = fleet(smallFleet);
    const bytes = Buffer.from(values.buffer);
    writeFileSync(join(folder, 'dataset.bin'), bytes);
    writeFileSync(join(folder, 'dataset.json'), JSON.stringify({ ...document, fingerprint: createHash('sha256').update(bytes).digest('hex') }));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const child = (args: readonly string[], environment: Record<string, string>) => fork(startFile, args, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'], env: { ...process.env, ...environment } });

  it('the CUDA build passes its self-check and is measured', async () => {
    const probing = child(['--probe'], cudaEnvironment());
    const message = await new Promise((heard) => probing.once('message', heard));
    const card = BackendsMessage.parse(message).backends.find(({ name }) => name === 'tfjs-node-cuda');
    expect(card).toMatchObject({ available: true, selfCheck: 'passed' });
    expect(card?.trainMsPerEpoch).toBeGreaterThan(0);
  }, 180_000);

  it('a run ends as on the processor', async () => {
    const lossesOn = (environment: Record<string, string>): Promise<{ backend: string; losses: number[] }> =>
      new Promise((resolve, reject) => {
        const trainer = child([], environment);
        const losses: number[] = [];
        let backend = '';
        trainer.on('message', (raw) => {
          const message = TrainerMessage.parse(raw);
          if (message.kind === 'ready') backend = message.backend;
          if (message.kind === 'epoch') losses.push(message.record.loss ?? Number.NaN, message.record.valLoss ?? Number.NaN);
          if (message.kind === 'done') resolve({ backend, losses });
        });
        trainer.once('exit', (code) => reject(new Error(`the trainer ended with ${String(code)}`)));
        trainer.send({ kind: 'train', folder, model: 'card', config, resume: false });
      });
    const card = await lossesOn(cudaEnvironment());
    const processor = await lossesOn({ CUDA_VISIBLE_DEVICES: '-1' });
    expect([card.backend, processor.backend]).toEqual(['tfjs-node-cuda', 'tfjs-node']);
    card.losses.forEach((loss, at) => expect(Math.abs(loss - (processor.losses[at] ?? Number.NaN))).toBeLessThan(TOLERANCE));
  }, 180_000);
});
