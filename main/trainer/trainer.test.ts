import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TrainingConfig } from '../../ml/documents/config.ts';
import { ModelDocument } from '../../ml/documents/model.ts';
import { SearchReport } from '../../ml/documents/search.ts';
import { fingerprintOf } from '../../ml/dataset/fingerprint.ts';
import { fleet, smallFleet } from '../../ml/testdata/fleet.ts';
import { TrainerMessage, type TrainerCommand } from '../contract/trainer.ts';
import { sha256 } from './runFolder.ts';

const startFile = fileURLToPath(new URL('./start.ts', import.meta.url));
const config = TrainingConfig.parse({ task: 'rul', window: 16, filters: 8, blocks: 2, kernel: 3, dense: 8, epochs: 8, batch: 64, members: 2 });

/** A real trainer process, its messages checked against the contract as they come. */
class Trainer {
  readonly child: ChildProcess = fork(startFile, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  readonly messages: TrainerMessage[] = [];
  private heard: (() => void)[] = [];

  constructor() {
    this.child.on('message', (message) => {
      this.messages.push(TrainerMessage.parse(message));
      for (const wake of this.heard.splice(0)) wake();
    });
  }

  send(command: TrainerCommand): void {
    this.child.send(command);
  }

  async until<K extends TrainerMessage['kind']>(kind: K, count = 1): Promise<Extract<TrainerMessage, { kind: K }>> {
    for (;;) {
      const found = this.messages.filter((message): message is Extract<TrainerMessage, { kind: K }> => message.kind === kind)[count - 1];
      if (found !== undefined) return found;
      const failed = this.messages.find((message) => message.kind === 'failed');
      if (failed !== undefined) throw new Error(JSON.stringify(failed));
      await new Promise<void>((wake) => this.heard.push(wake));
    }
  }

  losses(): number[] {
    return this.messages.flatMap((message) => (message.kind === 'epoch' ? [message.record.loss] : []));
  }
}

let folder: string;
let trainers: Trainer[];
const start = (): Trainer => {
  const trainer = new Trainer();
  trainers.push(trainer);
  return trainer;
};
const freeze = (into: string): void => {
  const { document, values } = fleet(smallFleet);
  const bytes = Buffer.from(values.buffer);
  writeFileSync(join(into, 'dataset.bin'), bytes);
  writeFileSync(join(into, 'dataset.json'), JSON.stringify({ ...document, fingerprint: createHash('sha256').update(bytes).digest('hex') }));
};
const command = (change: Partial<Extract<TrainerCommand, { kind: 'train' }>> = {}): TrainerCommand => ({ kind: 'train', folder, model: 'model-1', config, resume: false, ...change });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trainer-'));
  freeze(folder);
  trainers = [];
});
afterEach(() => {
  for (const { child } of trainers) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

// Each test starts processes that load TensorFlow: on a busy machine that takes its time.
describe('the trainer', { timeout: 120_000 }, () => {
  it('trains a frozen dataset, tells each epoch, leaves a whole model, and ends', async () => {
    const trainer = start();
    const ended = once(trainer.child, 'exit');
    trainer.send(command());
    const done = await trainer.until('done');
    await ended;
    expect(trainer.messages.map(({ kind }) => kind)).toEqual(['ready', 'started', 'backend', ...Array.from({ length: 8 }, () => 'epoch'), 'evaluating', 'done']);
    const document = ModelDocument.parse(JSON.parse(readFileSync(join(folder, 'model', 'model.json'), 'utf8')));
    expect(document.id).toBe('model-1');
    expect(document.evaluation).toEqual(done.evaluation);
    expect(document.evaluation.honesty).toMatchObject({ version: 1, findings: expect.any(Array) });
    expect(createHash('sha256').update(readFileSync(join(folder, 'model', 'weights.bin'))).digest('hex')).toBe(document.weightsSha256);
    expect(readdirSync(join(folder, 'model')).sort()).toEqual(['model.json', 'weights.bin']);
  });

  it('takes a dataset whose readings were cleaned for what it is', async () => {
    const cleaning = { version: 1 as const, machines: {}, otherwise: { sensors: {}, resample: null, hold: 3 } };
    const bytes = readFileSync(join(folder, 'dataset.bin'));
    const { document } = fleet(smallFleet);
    writeFileSync(join(folder, 'dataset.json'), JSON.stringify({ ...document, cleaning, fingerprint: fingerprintOf(bytes, cleaning, sha256) }));
    const trainer = start();
    trainer.send(command({ config: { ...config, epochs: 1 } }));
    expect((await trainer.until('done')).fingerprint).not.toBe(sha256(bytes));
  });

  it('searches, keeps each trial, and goes on after SIGKILL behind the last one', async () => {
    const searching: TrainerCommand = { kind: 'search', folder, config: { ...config, filters: 4, blocks: 1, stride: 8, epochs: 2 }, minutes: 60 };
    const killed = start();
    killed.send(searching);
    const first = await killed.until('trial', 2);
    killed.child.kill('SIGKILL');
    await once(killed.child, 'exit');
    const kept = SearchReport.parse(JSON.parse(readFileSync(join(folder, 'search.json'), 'utf8')));
    expect(kept.trials.length).toBeGreaterThanOrEqual(2);
    expect(kept.finished).toBe(false);
    const resumed = start();
    resumed.send({ ...searching, minutes: (kept.elapsedMs + 4000) / 60_000 });
    const { report } = await resumed.until('searched');
    expect(report.trials.slice(0, kept.trials.length)).toEqual(kept.trials);
    expect(report.trials[1]).toEqual(first.trial);
    expect(report.finished).toBe(true);
    expect(SearchReport.parse(JSON.parse(readFileSync(join(folder, 'search.json'), 'utf8')))).toEqual(report);
    expect(existsSync(join(folder, 'model'))).toBe(false);
  });

  it('goes on after SIGKILL from its last checkpoint, and ends where the uninterrupted run does', async () => {
    const whole = start();
    whole.send(command());
    const expected = await whole.until('done');
    rmSync(join(folder, 'model'), { recursive: true });
    rmSync(join(folder, 'checkpoint'), { recursive: true });

    const killed = start();
    killed.send(command());
    await killed.until('epoch', 3);
    killed.child.kill('SIGKILL');
    await once(killed.child, 'exit');
    expect(existsSync(join(folder, 'model', 'model.json'))).toBe(false);

    const resumed = start();
    resumed.send(command({ resume: true }));
    const done = await resumed.until('done');
    const { epochsDone } = await resumed.until('started');
    expect(epochsDone).toBeGreaterThanOrEqual(2);
    expect(epochsDone).toBeLessThan(8);
    expect(done).toEqual(expected);
    expect(resumed.losses()).toEqual(whole.losses().slice(epochsDone));

    // Asked once more, it has nothing left to do.
    const again = start();
    again.send(command({ resume: true }));
    expect(await again.until('done')).toEqual(expected);
    expect(again.losses()).toEqual([]);
  });

  it('stops when cancelled, and ends', async () => {
    const trainer = start();
    const ended = once(trainer.child, 'exit');
    trainer.send(command({ config: { ...config, epochs: 5000, patience: 5000 } }));
    await trainer.until('epoch', 2);
    trainer.send({ kind: 'cancel' });
    const { epochsDone } = await trainer.until('cancelled');
    expect(epochsDone).toBeGreaterThanOrEqual(2);
    await ended;
    expect(existsSync(join(folder, 'model'))).toBe(false);
  });

  it('ends at once when its engine is gone', async () => {
    const trainer = start();
    trainer.send(command({ config: { ...config, epochs: 5000, patience: 5000 } }));
    await trainer.until('epoch', 1);
    const ended = once(trainer.child, 'exit');
    const before = performance.now();
    trainer.child.disconnect();
    await ended;
    expect(performance.now() - before).toBeLessThan(2000);
  });

  const broken: { code: string; what: string; bytes: string | null; change: Partial<TrainingConfig> }[] = [
    { code: 'file-unreadable', what: 'other bytes than were frozen', bytes: 'not it', change: {} },
    { code: 'too-little-data', what: 'a window longer than the lives', bytes: null, change: { window: 4000 } },
    { code: 'training-diverged', what: 'a rate beyond reason', bytes: null, change: { learningRate: 1e30, gradientClip: null, batchNormalisation: false } },
  ];
  it.each(broken)('says $code in words when there is $what', async ({ code, bytes, change }) => {
    if (bytes !== null) writeFileSync(join(folder, 'dataset.bin'), bytes);
    const trainer = start();
    trainer.send(command({ config: { ...config, ...change } }));
    await expect(trainer.until('done')).rejects.toThrow(new RegExp(`"code":"${code}"`));
    expect(existsSync(join(folder, 'model'))).toBe(false);
  });
});
