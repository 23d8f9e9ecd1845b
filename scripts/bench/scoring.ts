// The speed of prediction: batches of 1 and 256 windows against Keras 3's predict_on_batch on the same TensorFlow, in turn; and a
// whole plant rescored by the scorer's process. node scripts/bench/scoring.ts [--rounds N] [--threads N]: one JSON document.
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ScorerMessage, type Slice } from '../../main/contract/scorer.ts';
import { loadTfjsNode } from '../../ml/backend/tfjs.ts';
import { TrainingConfig } from '../../ml/documents/config.ts';
import { prepare } from '../../ml/training/prepare.ts';
import { train } from '../../ml/training/train.ts';
import { madeFleet } from './learning/fleet.ts';
import { Prepared, Seconds, startPartner } from './learning/partner.ts';
import { contest, summary } from './measure.ts';
import { openPython } from './peers/python.ts';

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '7' }, threads: { type: 'string', default: String(availableParallelism()) }, json: { type: 'boolean' } } });
const rounds = Number(options.rounds);
const threads = Number(options.threads);
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const SHAPE = { do: 'prepare', window: 50, inputs: 14, windows: 2560, batch: 256, filters: 32, blocks: 3, kernel: 7, dense: 64, asShipped: false };
/** Calls of one measurement, by the windows of a call. */
const BATCHES = [
  { windows: 1, times: 200 },
  { windows: 256, times: 30 },
];
const ASSETS = 200;
const SENSORS = 50;
const WINDOW = 50;

const compare = async (python: string) => {
  const own = startPartner('ours', process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'learning', 'ours.ts')], threads);
  const keras = startPartner('Keras', python, [join(import.meta.dirname, 'peers', 'keras_peer.py')], threads);
  try {
    await own.ask(SHAPE, Prepared);
    const { version } = await keras.ask(SHAPE, Prepared);
    const results = [];
    for (const batch of BATCHES) {
      const run = (partner: typeof own) => () => partner.ask({ do: 'predict', ...batch }, Seconds);
      say(`${batch.windows} windows a call, ${batch.times} calls a measurement, seconds a call`);
      const { ours, peers } = await contest({ name: 'ours', does: 'ml/models/predict.ts', run: run(own) }, [{ name: version, does: 'Model.predict_on_batch', run: run(keras) }], rounds, () => undefined);
      const { min, median, max } = peers[0]?.ratio ?? { min: NaN, median: NaN, max: NaN };
      const timeRatio = { min: 1 / max, median: 1 / median, max: 1 / min };
      say(`  ours ${(ours.seconds.median * 1000).toFixed(2)} ms, ${version} ${((peers[0]?.seconds.median ?? NaN) * 1000).toFixed(2)} ms: ${timeRatio.median.toFixed(2)} times`);
      results.push({ windows: batch.windows, timeRatio, ours: ours.seconds, peer: peers[0]?.seconds ?? null });
    }
    return { version, results };
  } finally {
    own.end();
    keras.end();
  }
};

/** A trained model of fifty sensors, as the registry holds it. */
const writeModel = async (folder: string): Promise<readonly string[]> => {
  await loadTfjsNode();
  const config = TrainingConfig.parse({ task: 'rul', rulCap: 125, window: WINDOW, epochs: 1, windowsPerEpoch: 1024 });
  const identity = { model: 'bench', backend: 'tfjs-node', versions: {}, sha256: (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex') };
  const hooks = { epoch: () => undefined, checkpoint: () => Promise.resolve(), breathe: () => Promise.resolve(), evaluating: () => undefined, signal: new AbortController().signal, now: () => performance.now() };
  const { document, weights } = await train(prepare(madeFleet({ units: 24, sensors: SENSORS, windows: 60, window: WINDOW }), config), identity, hooks);
  writeFileSync(join(folder, 'model.json'), JSON.stringify(document));
  writeFileSync(join(folder, 'weights.bin'), weights);
  return document.sensors.map(({ name }) => name);
};

const slicesOf = (sensors: readonly string[]): Slice[] => {
  const { values } = madeFleet({ units: ASSETS, sensors: SENSORS, windows: 40, window: WINDOW });
  const life = values.length / SENSORS / ASSETS;
  return Array.from({ length: ASSETS }, (_, asset) => {
    const slice = new Float32Array(WINDOW * sensors.length);
    for (let row = 0; row < WINDOW; row++) sensors.forEach((name, at) => (slice[row * sensors.length + at] = values[(asset * life + row) * SENSORS + Number(name.slice(1))] ?? NaN));
    return { asset, rows: WINDOW, values: slice };
  });
};

/** Seconds from the command to the last prediction, drivers and all, in the scorer's own process; the first call opens the model. */
const rescore = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millwright-bench-'));
  const sensors = await writeModel(folder);
  const scorer = fork(join(import.meta.dirname, '..', '..', 'main', 'scorer', 'start.ts'), [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'], env: { ...process.env, TF_NUM_INTRAOP_THREADS: String(threads), TF_NUM_INTEROP_THREADS: String(threads) } });
  try {
    await once(scorer, 'message');
    const slices = slicesOf(sensors);
    const seconds: number[] = [];
    let forecasts = 0;
    for (let id = 0; id < 4; id++) {
      const start = performance.now();
      scorer.send({ kind: 'score', id, modelFolder: folder, slices });
      const [raw] = await once(scorer, 'message');
      seconds.push((performance.now() - start) / 1000);
      const answer = ScorerMessage.parse(raw);
      if (answer.kind !== 'scored') throw new Error(`the scorer answered ${JSON.stringify(answer)}`);
      forecasts = answer.predictions.filter(({ prediction }) => prediction.noForecast === null).length;
    }
    say(`${ASSETS} assets of ${sensors.length} sensors rescored in ${seconds.map((one) => one.toFixed(2)).join(', ')} s; ${forecasts} forecasts`);
    return { assets: ASSETS, sensors: sensors.length, forecasts, firstSeconds: seconds[0] ?? null, seconds: summary(seconds.slice(1)) };
  } finally {
    scorer.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
};

const rescored = await rescore();
const peer = await openPython(say, 'keras.txt');
if ('absent' in peer) say(peer.absent);
const compared = 'python' in peer ? await compare(peer.python) : null;
const [single] = compared?.results ?? [];
const result = { unit: 'times the peer needs for a call with one window (lower is better)', ratio: single?.timeRatio ?? null, ours: single?.ours ?? null, peer: single?.peer ?? null, absent: 'absent' in peer ? peer.absent : null, peerVersion: compared?.version ?? null, batches: compared?.results ?? [], rescored, threads, rounds, load: loadavg()[0] };
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(0);
