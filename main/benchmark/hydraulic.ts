import { setImmediate as breathe } from 'node:timers/promises';
import { loadTfjsNode } from '../../ml/backend/tfjs.ts';
import { TrainingConfig } from '../../ml/documents/config.ts';
import type { Classification } from '../../ml/documents/metrics.ts';
import { discriminantGround, fitDiscriminant, scoreDiscriminant } from '../../ml/evaluation/discriminant.ts';
import { fitBoosted, predictBoosted } from '../../ml/evaluation/boosting/boost.ts';
import { classify, saidOf } from '../../ml/evaluation/faultMetrics.ts';
import { fitLinear } from '../../ml/evaluation/linear.ts';
import { cellFeatures, cycleFeatures, learnCycles, type CycleTraining } from '../../ml/fault/cycles.ts';
import { CONDITIONS, readHydraulic, type HydraulicData } from './hydraulicFiles.ts';

export interface HydraulicOptions {
  readonly folder: string;
  readonly seed: number;
  readonly say: (line: string) => void;
}

const FOLDS = 5;
/** Cycles of a block at most. */
const LONGEST_BLOCK = 60;
/** Training cycles that are left out on either side of a held-out block. */
const GAP = 5;

/** Consecutive cycles [from, to) in which cooler, pump and accumulator stand still; the valve goes through its states within most blocks. */
export const blocksOf = ({ truth, cycles }: Pick<HydraulicData, 'truth' | 'cycles'>): { from: number; to: number }[] => {
  const count = cycles.codes.length;
  const slow = CONDITIONS.flatMap((name, at) => (name === 'valve' ? [] : [truth[at] ?? new Int32Array()]));
  const blocks: { from: number; to: number }[] = [];
  let from = 0;
  for (let cycle = 1; cycle <= count; cycle++) {
    if (cycle < count && slow.every((states) => states[cycle] === states[from])) continue;
    const parts = Math.ceil((cycle - from) / LONGEST_BLOCK);
    for (let part = 0; part < parts; part++) blocks.push({ from: from + Math.round((part * (cycle - from)) / parts), to: from + Math.round(((part + 1) * (cycle - from)) / parts) });
    from = cycle;
  }
  return blocks;
};

interface Fold {
  readonly training: number[];
  readonly heldOut: number[];
}

/**
 * Blocks in the order of their pump and accumulator state, dealt out to the folds in turn: each state is held out and learned from in every
 * fold. What is learned from keeps a gap to what is held out.
 */
export const foldsOf = ({ truth, cycles }: Pick<HydraulicData, 'truth' | 'cycles'>, blocks: readonly { from: number; to: number }[]): Fold[] => {
  const count = cycles.codes.length;
  const rank = ({ from }: { from: number }): number => ['pump', 'accumulator'].reduce((sum, name) => 100 * sum + (truth[CONDITIONS.findIndex((one) => one === name)]?.[from] ?? 0), 0);
  const dealt = blocks.toSorted((a, b) => rank(a) - rank(b) || a.from - b.from);
  return Array.from({ length: FOLDS }, (_, fold) => {
    const own = dealt.filter((_block, at) => at % FOLDS === fold);
    const near = (cycle: number, gap: number): boolean => own.some(({ from, to }) => cycle >= from - gap && cycle < to + gap);
    const every = Array.from({ length: count }, (_cycle, cycle) => cycle);
    return { training: every.filter((cycle) => !near(cycle, GAP)), heldOut: every.filter((cycle) => near(cycle, 0)) };
  });
};

/** Scores of every state of one condition at the held-out cycles, row-major [held out, states]. */
type Rival = (training: readonly number[], heldOut: readonly number[], truth: Int32Array, states: number) => Float32Array;

const pick = (features: Float32Array, width: number, chosen: readonly number[]): Float32Array => Float32Array.from(chosen.flatMap((cycle) => [...features.subarray(cycle * width, (cycle + 1) * width)]));

const columnsToRows = (columns: readonly ArrayLike<number>[], count: number): Float32Array => Float32Array.from(Array.from({ length: count }, (_, at) => columns.map((column) => column[at] ?? 0)).flat());

const scaledBy = (features: Float32Array, width: number, training: readonly number[]): Float32Array => {
  const of = (column: number): number[] => training.map((cycle) => features[cycle * width + column] ?? 0);
  const means = Array.from({ length: width }, (_, column) => of(column).reduce((sum, value) => sum + value, 0) / training.length);
  const spreads = means.map((mean, column) => Math.sqrt(of(column).reduce((sum, value) => sum + (value - mean) ** 2, 0) / training.length));
  return features.map((value, at) => ((spreads[at % width] ?? 0) > 1e-9 ? (value - (means[at % width] ?? 0)) / (spreads[at % width] ?? 1) : 0));
};

/** The naive rivals: the most frequent state; linear and boosted functions of mean, spread, slope and range of each channel over the cycle. */
const rivalsOf = (data: HydraulicData, seed: number): Record<string, Rival> => {
  const { features, width } = cycleFeatures(data.cycles);
  const oneEach = (fitOne: (cells: Float32Array, labels: Float32Array) => (cells: Float32Array) => ArrayLike<number>): Rival => (training, heldOut, truth, states) => {
    const cells = scaledBy(features, width, training);
    const learned = pick(cells, width, training);
    const asked = pick(cells, width, heldOut);
    return columnsToRows(Array.from({ length: states }, (_, state) => fitOne(learned, Float32Array.from(training, (cycle) => (truth[cycle] === state ? 1 : 0)))(asked)), heldOut.length);
  };
  return {
    majority: (training, heldOut, truth, states) => columnsToRows(Array.from({ length: states }, (_, state) => heldOut.map(() => training.filter((cycle) => truth[cycle] === state).length)), heldOut.length),
    'cycle-linear': oneEach((cells, labels) => {
      const { weights, constant } = fitLinear(cells, labels, width);
      return (asked) => Array.from({ length: asked.length / width }, (_, at) => weights.reduce((sum, weight, column) => sum + weight * (asked[at * width + column] ?? 0), constant));
    }),
    'cycle-boosting': oneEach((cells, labels) => {
      const boosted = fitBoosted(cells, labels, width, { loss: 'logistic', seed });
      return (asked) => predictBoosted(boosted, asked, width);
    }),
  };
};

/** Chosen on training cycles of the first fold (README.md). */
const settingsOf = (seed: number, steps: number): CycleTraining => ({
  seed, epochs: 20, learningRate: 3e-3, l2: 1e-3, batch: 32, jitter: 0.03,
  config: TrainingConfig.parse({ task: 'fault', preset: 'plain', window: steps, filters: 16, blocks: 2, kernel: 7, dense: 64, dropout: 0.3, pooling: 1, members: 1 }),
});
const SHRINKAGE = 1e-3;

/** Said state of each asked cycle by condition: [conditions][asked]. */
type Answers = Int32Array[];

interface Asked {
  readonly training: readonly number[];
  readonly asked: readonly number[];
}

/** What is tried for each condition; which one speaks is chosen on blocks of the training part. */
const CANDIDATES = ['network', 'discriminant'] as const;
type Candidate = (typeof CANDIDATES)[number];

const sizesOf = ({ states }: HydraulicData): number[] => states.map(({ length }) => length);

const askNetwork = async (data: HydraulicData, { training, asked }: Asked, seed: number): Promise<Answers> => {
  const sizes = sizesOf(data);
  const logits = await learnCycles(data.cycles, training, asked, sizes, settingsOf(seed, data.cycles.steps), { epoch: () => undefined, breathe: () => breathe(), signal: new AbortController().signal });
  const outputs = sizes.reduce((sum, size) => sum + size, 0);
  return sizes.map((size, condition) => {
    const begin = sizes.slice(0, condition).reduce((sum, one) => sum + one, 0);
    return saidOf(Float32Array.from(asked.flatMap((_, row) => [...logits.subarray(row * outputs + begin, row * outputs + begin + size)])), size);
  });
};

const askDiscriminant = (data: HydraulicData, { training, asked }: Asked): Answers => {
  const { of, width } = cellFeatures(data.cycles, training);
  const ground = discriminantGround(of(training), width, SHRINKAGE);
  const features = of(asked);
  return sizesOf(data).map((size, condition) => saidOf(scoreDiscriminant(fitDiscriminant(ground, training.map((cycle) => data.truth[condition]?.[cycle] ?? -1), size), features), size));
};

const askBoth = async (data: HydraulicData, asked: Asked, seed: number): Promise<Record<Candidate, Answers>> => ({ network: await askNetwork(data, asked, seed), discriminant: askDiscriminant(data, asked) });

const macroF1 = (data: HydraulicData, condition: number, said: ArrayLike<number>, cycles: readonly number[]): number =>
  classify(said, cycles.map((cycle) => data.truth[condition]?.[cycle] ?? -1), data.states[condition] ?? []).macroF1;

interface Told {
  /** What was said of every cycle while it was held out: [conditions][cycles]. */
  readonly said: Record<Candidate | 'chosen', Int32Array[]>;
  /** Who spoke: [folds][conditions]. */
  readonly chosen: Candidate[][];
}

/** Every cycle told while its block was held out. Within each fold the next fold's blocks choose who speaks for which condition; then both learn from all of the fold's training cycles. */
const tellAll = async (data: HydraulicData, folds: readonly Fold[], seed: number, say: (line: string) => void): Promise<Told> => {
  const empty = (): Int32Array[] => sizesOf(data).map(() => new Int32Array(data.cycles.codes.length).fill(-1));
  const said = { network: empty(), discriminant: empty(), chosen: empty() };
  const chosen: Candidate[][] = [];
  for (const [at, { training, heldOut }] of folds.entries()) {
    const next = folds[(at + 1) % folds.length] ?? { training: [], heldOut: [] };
    const within = new Set(training);
    const inner = { training: next.training.filter((cycle) => within.has(cycle)), asked: next.heldOut.filter((cycle) => within.has(cycle)) };
    const tried = await askBoth(data, inner, seed + at);
    const winners = CONDITIONS.map((_, condition): Candidate => (macroF1(data, condition, tried.network[condition] ?? [], inner.asked) > macroF1(data, condition, tried.discriminant[condition] ?? [], inner.asked) ? 'network' : 'discriminant'));
    const answers = await askBoth(data, { training, asked: heldOut }, seed + at);
    CONDITIONS.forEach((_, condition) => heldOut.forEach((cycle, row) => {
      for (const candidate of CANDIDATES) said[candidate][condition]?.fill(answers[candidate][condition]?.[row] ?? -1, cycle, cycle + 1);
      said.chosen[condition]?.fill(answers[winners[condition] ?? 'network'][condition]?.[row] ?? -1, cycle, cycle + 1);
    }));
    chosen.push(winners);
    say(`fold ${at + 1} of ${folds.length}: ${CONDITIONS.map((name, condition) => `${name} by the ${winners[condition] ?? ''}`).join(', ')}`);
  }
  return { said, chosen };
};

const rivalSaid = (rival: Rival, data: HydraulicData, folds: readonly Fold[], condition: number): Int32Array => {
  const truth = data.truth[condition] ?? new Int32Array();
  const states = data.states[condition]?.length ?? 0;
  const said = new Int32Array(truth.length).fill(-1);
  for (const { training, heldOut } of folds) saidOf(rival(training, heldOut, truth, states), states).forEach((state, row) => (said[heldOut[row] ?? 0] = state));
  return said;
};

const short = ({ accuracy, macroF1 }: Classification) => ({ accuracy, macroF1 });

/**
 * The states of four conditions from single load cycles, every cycle judged once while its whole block was held out.
 * @returns the document that the command line prints
 * @throws AppError when files are missing or not understood
 */
export const benchmarkHydraulic = async ({ folder, seed, say }: HydraulicOptions): Promise<Record<string, unknown>> => {
  const backend = await loadTfjsNode();
  const data = readHydraulic(folder);
  const blocks = blocksOf(data);
  const folds = foldsOf(data, blocks);
  say(`${data.cycles.codes.length} cycles in ${blocks.length} blocks, ${data.cycles.channels} channels of ${data.sensors.length} sensors; missing: ${data.missing.join(', ') || 'none'}`);
  const started = performance.now();
  const { said, chosen } = await tellAll(data, folds, seed, say);
  const trainSeconds = (performance.now() - started) / 1000;
  const rivals = Object.entries(rivalsOf(data, seed));
  const targets = CONDITIONS.map((name, at) => {
    const names = data.states[at] ?? [];
    const truth = data.truth[at] ?? new Int32Array();
    const of = (who: keyof Told['said']): Classification => classify(said[who][at] ?? [], truth, names);
    return {
      name, classes: names, ...short(of('chosen')), confusion: of('chosen').confusion, perClass: of('chosen').perClass,
      chosen: chosen.map((winners) => winners[at]),
      folds: folds.map(({ heldOut }) => short(classify(heldOut.map((cycle) => said.chosen[at]?.[cycle] ?? -1), heldOut.map((cycle) => truth[cycle] ?? -1), names))),
      candidates: CANDIDATES.map((candidate) => ({ name: candidate, ...short(of(candidate)) })),
      baselines: rivals.map(([rival, score]) => ({ name: rival, ...short(classify(rivalSaid(score, data, folds, at), truth, names)) })),
    };
  });
  return { targets, cycles: data.cycles.codes.length, blocks: blocks.length, foldCount: folds.length, gapCycles: GAP, sensors: data.sensors, missing: data.missing, trainSeconds, backend: backend.name, seed };
};
