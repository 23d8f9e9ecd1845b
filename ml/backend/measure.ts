import { TrainingConfig } from '../documents/config.ts';
import { Random } from '../dataset/random.ts';
import { initialise } from '../models/layout.ts';
import { buildNetwork, type Network } from '../models/network.ts';
import { predictCells, type Weights } from '../models/predict.ts';
import { computeStep } from '../training/step.ts';

/** Windows of the epoch that a training time is told for. */
const EPOCH = 12_800;
const BATCH = 256;
const PREDICTED = 1024;
const INPUTS = 14;

const defaultNetwork = (): Network => buildNetwork(TrainingConfig.parse({ task: 'rul', rulCap: 125 }), INPUTS);

const drawn = (length: number): Float32Array => {
  const random = Random.of(1, 'measure');
  return Float32Array.from({ length }, () => random.normal());
};

/** A backend that needs longer than this for a small batch is told by it alone. */
const SLOW_MS = 250;

/** Milliseconds a window: the fastest of as many batches as fit into the budget, after a small one that warms up. */
const msPerWindow = async (budgetMs: number, sizes: readonly [number, number], run: (windows: number) => Promise<unknown>): Promise<number> => {
  const timed = async (windows: number): Promise<number> => {
    const start = performance.now();
    await run(windows);
    return performance.now() - start;
  };
  await timed(sizes[0]);
  const small = await timed(sizes[0]);
  if (small > SLOW_MS) return small / sizes[0];
  // The first of a size is recorded as a graph, or compiled.
  await timed(sizes[1]);
  const end = performance.now() + budgetMs;
  let best = Number.POSITIVE_INFINITY;
  do best = Math.min(best, await timed(sizes[1]));
  while (performance.now() < end);
  return best / sizes[1];
};

const freshWeights = ({ parameters, statistics }: Network): Weights => ({ parameters: initialise(parameters, Random.of(1, 'weights')), statistics: initialise(statistics, Random.of(1, 'weights')) });

/** Windows a second that the default network predicts on the current backend, in batches. */
export const measurePrediction = async (budgetMs: number): Promise<number> => {
  const network = defaultNetwork();
  const weights = freshWeights(network);
  const cells = drawn(PREDICTED * network.window * INPUTS);
  const run = (windows: number): Promise<unknown> => predictCells(network, weights, cells.subarray(0, windows * network.window * INPUTS), windows);
  return 1000 / (await msPerWindow(budgetMs, [BATCH / 8, PREDICTED], run));
};

/** Milliseconds that an epoch of 12,800 windows of this network takes on the current backend, from single steps. */
export const measureTrainingOf = async (network: Network, budgetMs: number): Promise<number> => {
  const weights = freshWeights(network);
  const size = network.window * network.inputs;
  const cells = drawn(BATCH * size);
  const run = (windows: number): Promise<unknown> =>
    computeStep(network, weights, { count: windows, cells: cells.slice(0, windows * size), targets: new Float32Array(windows * network.head.outputs), weights: new Float32Array(windows).fill(1) }, Random.of(1, 'dropout'));
  return EPOCH * (await msPerWindow(budgetMs, [BATCH / 8, BATCH], run));
};

/** The same for the default network. */
export const measureTraining = (budgetMs: number): Promise<number> => measureTrainingOf(defaultNetwork(), budgetMs);
