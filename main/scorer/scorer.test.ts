import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTfjsNode } from '../../ml/backend/tfjs.ts';
import { TrainingConfig } from '../../ml/documents/config.ts';
import { fleet, smallFleet } from '../../ml/testdata/fleet.ts';
import { prepare } from '../../ml/training/prepare.ts';
import { train } from '../../ml/training/train.ts';
import { ScorerMessage, type ScorerCommand, type Slice } from '../contract/scorer.ts';

const startFile = fileURLToPath(new URL('./start.ts', import.meta.url));
let folder: string;
let scorer: ChildProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'scorer-'));
  await loadTfjsNode();
  const config = TrainingConfig.parse({ task: 'rul', window: 16, filters: 8, blocks: 2, kernel: 3, dense: 8, epochs: 4, batch: 64, members: 2 });
  const identity = { model: 'model-1', backend: 'tfjs-node', versions: {}, sha256: (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex') };
  const { document, weights } = await train(prepare(fleet(smallFleet), config), identity, { epoch: () => undefined, checkpoint: () => Promise.resolve(), breathe: () => Promise.resolve(), evaluating: () => undefined, signal: new AbortController().signal, now: () => 0 });
  writeFileSync(join(folder, 'model.json'), JSON.stringify(document));
  writeFileSync(join(folder, 'weights.bin'), weights);
  scorer = fork(startFile, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const [ready] = await once(scorer, 'message');
  expect(ScorerMessage.parse(ready)).toEqual({ kind: 'ready', backend: 'tfjs-node' });
}, 120_000);
afterAll(() => {
  scorer.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const ask = async (command: ScorerCommand): Promise<ScorerMessage> => {
  scorer.send(command);
  const [answer] = await once(scorer, 'message');
  return ScorerMessage.parse(answer);
};

/** A new machine's rows in the order of the model's sensors: rising and falling. */
const slice = (asset: number, rows: number): Slice => {
  const { values, document } = fleet({ ...smallFleet, seed: 42, units: 1 });
  const last = document.rows - rows;
  return { asset, rows, values: Float32Array.from({ length: rows * 2 }, (_, at) => values[(last + (at >> 1)) * 5 + (at & 1)] ?? Number.NaN) };
};

describe('the scorer', () => {
  it('answers for every asset asked, a forecast or the reason why not', async () => {
    const answer = await ask({ kind: 'score', id: 7, modelFolder: folder, slices: [slice(1, 20), slice(2, 1), slice(3, 30)] });
    if (answer.kind !== 'scored') throw new Error(JSON.stringify(answer));
    expect(answer.id).toBe(7);
    expect(answer.predictions.map(({ asset }) => asset)).toEqual([1, 2, 3]);
    expect(answer.predictions.map(({ prediction }) => prediction.noForecast?.reason ?? null)).toEqual([null, 'too-short', null]);
  });

  it('gives the reason for a model that is not there or not whole, and goes on', async () => {
    const missing = await ask({ kind: 'score', id: 8, modelFolder: join(folder, 'nowhere'), slices: [] });
    expect(missing).toMatchObject({ kind: 'failed', id: 8, error: { code: 'model-damaged' } });
    const wrong = await ask({ kind: 'score', id: 9, modelFolder: folder, slices: [{ asset: 1, rows: 5, values: new Float32Array(3) }] });
    expect(wrong).toMatchObject({ kind: 'failed', id: 9, error: { code: 'input-invalid' } });
    scorer.send({ kind: 'forget', modelFolder: folder });
    expect(await ask({ kind: 'score', id: 10, modelFolder: folder, slices: [slice(4, 20)] })).toMatchObject({ kind: 'scored', id: 10 });
  });

  it('ends at once when its engine is gone', async () => {
    const ended = once(scorer, 'exit');
    const before = performance.now();
    scorer.disconnect();
    await ended;
    expect(performance.now() - before).toBeLessThan(2000);
  });
});
