// The speed of training: an epoch of the default network in our own loop against Keras 3 on the same TensorFlow, in turn; tensors
// and memory over 50 epochs. node scripts/bench/training.ts [--rounds N] [--threads N] [--windows N]: one JSON document.
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Epoch, Memory, Prepared, startPartner, type Partner } from './learning/partner.ts';
import { contest, summary } from './measure.ts';
import { openPython } from './peers/python.ts';

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '5' }, threads: { type: 'string', default: String(availableParallelism()) }, windows: { type: 'string', default: '12800' }, json: { type: 'boolean' } } });
const rounds = Number(options.rounds);
const threads = Number(options.threads);
const windows = Number(options.windows);
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const network = { inputs: 14, batch: 256, filters: 32, blocks: 3, kernel: 7, dense: 64 };
const ours = (): Partner => startPartner('ours', process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'learning', 'ours.ts')], threads);
/** Epochs of a partner; their processor seconds are kept beside. */
const epochsOf = (partner: Partner): { run: () => Promise<{ seconds: number }>; cpu: number[] } => {
  const cpu: number[] = [];
  return {
    cpu,
    run: async () => {
      const { seconds, cpuSeconds } = await partner.ask({ do: 'epoch' }, Epoch);
      cpu.push(cpuSeconds);
      return { seconds };
    },
  };
};

/** Epochs of both sides in turn, at one length of window. */
const compare = async (python: string, window: number) => {
  const shape = { do: 'prepare', ...network, window, windows };
  const [own, shipped, keras] = [ours(), ours(), startPartner('Keras', python, [join(import.meta.dirname, 'peers', 'keras_peer.py')], threads)];
  try {
    const mine = await own.ask({ ...shape, asShipped: false }, Prepared);
    await shipped.ask({ ...shape, asShipped: true }, Prepared);
    const theirs = await keras.ask(shape, Prepared);
    if (mine.parameters !== theirs.parameters) throw new Error(`the networks differ: ours has ${mine.parameters} parameters, the peer's ${theirs.parameters}`);
    say(`${mine.version} against ${theirs.version}: ${windows} windows of ${window}x${network.inputs}, ${mine.parameters} parameters, ${threads} threads`);
    const [epochs, peerEpochs, shippedEpochs] = [epochsOf(own), epochsOf(keras), epochsOf(shipped)];
    const result = await contest(
      { name: 'ours', does: 'ml/training/fit.ts, the same network, optimiser and regularisation', run: epochs.run },
      [
        { name: theirs.version, does: 'Model.fit, graph mode, as documented', run: peerEpochs.run },
        { name: 'ours as shipped', does: 'with the noise, shortened histories and weight averaging of the defaults', run: shippedEpochs.run },
      ],
      rounds,
      say,
    );
    const times = (index: number) => {
      const { min, median, max } = result.peers[index]?.ratio ?? { min: NaN, median: NaN, max: NaN };
      // How many times as long ours takes: the smaller the better.
      return { min: 1 / max, median: 1 / median, max: 1 / min };
    };
    // The first of each is the round that isn't counted.
    const cpuRatio = summary(epochs.cpu.slice(1).map((seconds, round) => seconds / (peerEpochs.cpu[round + 1] ?? NaN)));
    return { window, parameters: mine.parameters, peer: theirs.version, timeRatio: times(0), cpuRatio, ours: result.ours.seconds, keras: result.peers[0]?.seconds, asShipped: result.peers[1]?.seconds };
  } finally {
    for (const partner of [own, shipped, keras]) partner.end();
  }
};

/** Tensors alive and resident memory after epochs 3 and 50. */
const overEpochs = async () => {
  const own = ours();
  try {
    await own.ask({ do: 'prepare', ...network, window: 30, windows: 2560, asShipped: true }, Prepared);
    const after: Record<number, { tensors: number; tensorsOfBinding: number; mebibytes: number }> = {};
    for (let epoch = 1; epoch <= 50; epoch++) {
      await own.ask({ do: 'epoch' }, Epoch);
      if (epoch === 3 || epoch === 50) after[epoch] = await own.ask({ do: 'memory' }, Memory);
    }
    const [third, last] = [after[3], after[50]];
    if (third === undefined || last === undefined) throw new Error('the epochs were not all run');
    return { tensorsAdded: last.tensors - third.tensors, tensorsOfBindingAdded: last.tensorsOfBinding - third.tensorsOfBinding, mebibytes: { epoch3: third.mebibytes, epoch50: last.mebibytes }, memoryGrowth: last.mebibytes / third.mebibytes - 1 };
  } finally {
    own.end();
  }
};

const memory = await overEpochs();
say(`epoch 3 to 50: ${memory.tensorsAdded} tensors more, ${memory.mebibytes.epoch3.toFixed(0)} to ${memory.mebibytes.epoch50.toFixed(0)} MiB`);
const peer = await openPython(say, 'keras.txt');
if ('absent' in peer) say(peer.absent);
const shapes = [];
if ('python' in peer) for (const window of [30, 64]) shapes.push(await compare(peer.python, window));
const [first] = shapes;
const result = { unit: 'times the peer needs for an epoch (lower is better)', ratio: first?.timeRatio ?? null, ours: first?.ours ?? null, peer: first?.keras ?? null, absent: 'absent' in peer ? peer.absent : null, threads, rounds, load: loadavg()[0], shapes, memory };
process.stdout.write(`${JSON.stringify(result)}\n`);
