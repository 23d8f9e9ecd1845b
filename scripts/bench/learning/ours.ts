// Our side of a contest: the very loop that a trainer runs, an epoch at a time. One JSON command a line in, one answer a line out.
import { createInterface } from 'node:readline';
import { setImmediate as breathe } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import { NodeJSKernelBackend } from '@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js';
import { z } from 'zod';
import { graphState } from '../../../ml/backend/program.ts';
import { loadTfjsNode } from '../../../ml/backend/tfjs.ts';
import { TrainingConfig } from '../../../ml/documents/config.ts';
import { Random } from '../../../ml/dataset/random.ts';
import { initialise, sizeOf } from '../../../ml/models/layout.ts';
import { predictCells } from '../../../ml/models/predict.ts';
import { fit } from '../../../ml/training/fit.ts';
import { prepare, type Prepared } from '../../../ml/training/prepare.ts';
import { madeFleet } from './fleet.ts';

const Shape = z.object({ window: z.int(), inputs: z.int(), windows: z.int(), batch: z.int(), filters: z.int(), blocks: z.int(), kernel: z.int(), dense: z.int(), asShipped: z.boolean() });

/** As the peer trains; `asShipped` with the noise, the shortened histories and the averaging of our defaults on top. */
const configOf = ({ window, windows, batch, filters, blocks, kernel, dense, asShipped }: z.infer<typeof Shape>): TrainingConfig =>
  TrainingConfig.parse({
    task: 'rul',
    preset: 'plain',
    rulCap: 125,
    window,
    filters,
    blocks,
    kernel,
    dense,
    batch,
    windowsPerEpoch: windows,
    epochs: 10_000,
    patience: 10_000,
    dropout: 0.2,
    l2: 1e-5,
    learningRate: 3e-3,
    gradientClip: 1,
    schedule: 'constant',
    pooling: 1,
    members: 1,
    maskInputs: 'off',
    ...(asShipped ? {} : { jitter: 0, scaling: 0, masking: 0, windowWarp: 0, shortHistories: 0, weightAveraging: 0 }),
  });

let prepared: Prepared | null = null;
let release: () => void = () => undefined;
let next: Promise<void> = Promise.resolve();
let seconds: (value: number) => void = () => undefined;

/** Waits for the next 'epoch' after each epoch. */
const hold = (): Promise<void> => {
  const gate = Promise.withResolvers<void>();
  release = () => gate.resolve();
  return gate.promise;
};

const start = (shape: z.infer<typeof Shape>): Prepared => {
  const ready = prepare(madeFleet({ units: 65, sensors: shape.inputs, windows: Math.ceil(shape.windows / 64), window: shape.window }), configOf(shape));
  next = hold();
  void next.then(() => fit(ready, { epoch: ({ ms }) => seconds(ms / 1000), checkpoint: () => hold(), breathe: () => breathe(), signal: new AbortController().signal, now: () => performance.now() }));
  return ready;
};

const epoch = async (): Promise<{ seconds: number; cpuSeconds: number }> => {
  const told = Promise.withResolvers<number>();
  seconds = (value) => told.resolve(value);
  const before = process.cpuUsage();
  release();
  const taken = await told.promise;
  const { user, system } = process.cpuUsage(before);
  return { seconds: taken, cpuSeconds: (user + system) / 1e6 };
};

const predict = async ({ network }: Prepared, windows: number, times: number): Promise<number> => {
  const random = Random.of(1, 'weights');
  const weights = { parameters: initialise(network.parameters, random), statistics: initialise(network.statistics, random) };
  const cells = new Float32Array(windows * network.window * network.inputs).map((_, at) => Math.sin(at));
  await predictCells(network, weights, cells, windows);
  const started = performance.now();
  for (let time = 0; time < times; time++) await predictCells(network, weights, cells, windows);
  return (performance.now() - started) / 1000 / times;
};

const memory = () => {
  const backend = tf.backend();
  return { tensors: tf.memory().numTensors, tensorsOfBinding: backend instanceof NodeJSKernelBackend ? backend.binding.getNumOfTensors() : -1, mebibytes: process.memoryUsage.rss() / 2 ** 20 };
};

const backend = await loadTfjsNode();
for await (const line of createInterface({ input: process.stdin })) {
  const command = z.discriminatedUnion('do', [Shape.extend({ do: z.literal('prepare') }), z.object({ do: z.literal('epoch') }), z.object({ do: z.literal('predict'), windows: z.int(), times: z.int() }), z.object({ do: z.literal('memory') })]).parse(JSON.parse(line));
  if (command.do === 'prepare') prepared = start(command);
  if (prepared === null) throw new Error('nothing was prepared');
  const answer =
    command.do === 'prepare'
      ? { parameters: sizeOf(prepared.network.parameters), version: `${backend.name} ${backend.versions['tfjs-node'] ?? ''}` }
      : command.do === 'epoch'
        ? await epoch()
        : command.do === 'predict'
          ? { seconds: await predict(prepared, command.windows, command.times) }
          : memory();
  const { problem } = graphState();
  if (problem !== null) process.stderr.write(`no graphs: ${problem}\n`);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0);
