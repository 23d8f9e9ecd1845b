import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TrainingConfig } from '../../ml/documents/config.ts';
import type { TrainerMessage } from '../contract/trainer.ts';
import { silentLog } from './log.ts';
import { createTrainers, type TrainerProcess } from './trainer.ts';

// A card that is lost with its process can't be had here: the program plays a trainer that ends so, and the process is a real one.
const program = `
const card = process.env.MILLWRIGHT_CUDA_LIBRARIES !== undefined;
process.on('disconnect', () => process.exit(0));
process.send({ kind: 'ready', backend: card ? 'tfjs-node-cuda' : 'tfjs-node' });
process.on('message', (command) => {
  if (command.kind === 'cancel') return process.send({ kind: 'cancelled', epochsDone: 2 });
  if (!card) return process.send({ kind: 'cancelled', epochsDone: command.resume ? 7 : 0 });
  process.send({ kind: 'backend', backend: process.env.COMPUTES_ON ?? 'tfjs-node-cuda', afterEpoch: 0, why: 'faster', reason: 'r' });
  for (const epoch of [1, 2]) process.send({ kind: 'epoch', record: { epoch, loss: 1, valLoss: 1, valMetric: 1, learningRate: 1, ms: 1 } });
  if (command.model === 'dies') setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50);
});
`;

let folder: string;
let trainer: TrainerProcess | null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mw-trainer-'));
  writeFileSync(join(folder, 'trainer.mjs'), program);
  trainer = null;
});
afterEach(() => {
  trainer?.kill();
  rmSync(folder, { recursive: true, force: true });
});

const start = (card: Record<string, string>): { messages: TrainerMessage[]; ends: string[] } => {
  const heard = { messages: [] as TrainerMessage[], ends: [] as string[] };
  trainer = createTrainers(silentLog, () => undefined, null, { file: join(folder, 'trainer.mjs'), onCard: () => card })({ message: (message) => heard.messages.push(message), exit: (why) => heard.ends.push(why) });
  return heard;
};
const train = (model: string): void => trainer?.send({ kind: 'train', folder, model, config: TrainingConfig.parse({ task: 'rul' }), resume: false });

describe('a trainer whose process ends on the card', () => {
  it('is followed by one on the processor, from the last checkpoint on, and the run is told so', async () => {
    const { messages, ends } = start({ MILLWRIGHT_CUDA_LIBRARIES: folder });
    train('dies');
    await expect.poll(() => messages.at(-1), { timeout: 10_000 }).toEqual({ kind: 'cancelled', epochsDone: 7 });
    expect(messages.flatMap((message) => (message.kind === 'backend' ? [message] : [])).at(-1)).toEqual({ kind: 'backend', backend: 'tfjs-node', afterEpoch: 2, why: 'lost', reason: 'tfjs-node-cuda was lost (its process ended: signal SIGKILL); the run goes on from its checkpoint after epoch 2 on tfjs-node' });
    await expect.poll(() => ends, { timeout: 5000 }).toHaveLength(1);
  });

  it('is not followed when it was cancelled or computed elsewhere', async () => {
    const cancelled = start({ MILLWRIGHT_CUDA_LIBRARIES: folder });
    train('lives');
    trainer?.send({ kind: 'cancel' });
    await expect.poll(() => cancelled.ends, { timeout: 10_000 }).toHaveLength(1);
    expect(cancelled.messages.at(-1)).toEqual({ kind: 'cancelled', epochsDone: 2 });
    const elsewhere = start({ MILLWRIGHT_CUDA_LIBRARIES: folder, COMPUTES_ON: 'webgpu' });
    train('dies');
    await expect.poll(() => elsewhere.ends, { timeout: 10_000 }).toEqual(['signal SIGKILL']);
    expect(elsewhere.messages.filter(({ kind }) => kind === 'ready')).toHaveLength(1);
  });
});
