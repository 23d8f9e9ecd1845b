import { join } from 'node:path';
import { loadTfjsNode } from '../../ml/backend/tfjs.ts';
import { accuracyScore, bestPrediction, errorPercent } from '../../ml/degradation/accuracyScore.ts';
import { baselinesAt, type Baselines } from '../../ml/degradation/baselines.ts';
import { centralInterval, fitIntervalLevel } from '../../ml/degradation/interval.ts';
import { cutsFrom, leaveOneOut, type Trial } from '../../ml/degradation/leaveOneOut.ts';
import { fitDegradation, remainingAt, type DegradationModel } from '../../ml/degradation/model.ts';
import { quantile } from '../../ml/degradation/remaining.ts';
import { AppError } from '../contract/errors.ts';
import { bearingKey, readBearings, readRemaining, type Bearing } from './pronostiaFiles.ts';

export interface PronostiaOptions {
  /** Holds features_train and features_test_truncated. */
  readonly folder: string;
  /** csv of bearing and rul_s; null: predictions without a score. */
  readonly truth: string | null;
  readonly seed: number;
  readonly say: (line: string) => void;
}

const NOMINAL = 0.9;
/** Cuts of a learning life: anywhere over it, and as many again in its second half, where a forecast is asked for most. */
const CUTS = 20;
const cutsOf = (rows: number): number[] => [...cutsFrom(rows, 0, CUTS), ...cutsFrom(rows, 0.5, CUTS)];

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Scores of the trials: each life counts once, however many of its cuts are among them. */
const scoresOf = (trials: readonly Trial[]): Record<string, number> => {
  const byLife = [...Map.groupBy(trials, ({ life }) => life).values()];
  const score = (predicted: (trial: Trial) => number): number => mean(byLife.map((of) => mean(of.map((trial) => accuracyScore(predicted(trial), trial.truth)))));
  return {
    score: score(({ predicted }) => predicted),
    meanAbsErrorPercent: mean(byLife.map((of) => mean(of.map(({ predicted, truth }) => Math.abs(errorPercent(predicted, truth)))))),
    meanLife: score(({ baselines }) => baselines.meanLife),
    ageAlone: score(({ baselines }) => baselines.ageAlone),
    exponentialRms: score(({ baselines }) => baselines.exponentialRms),
    cuts: trials.length,
  };
};

/** The table of the learning bearings, each predicted by a model that hasn't seen it. */
const tableOf = (trials: readonly Trial[]) => {
  const band = ({ age, truth }: Trial): number => Math.floor((4 * age) / (age + truth));
  return {
    all: scoresOf(trials),
    byShareOfLife: ['0-25 %', '25-50 %', '50-75 %', '75-100 %'].map((share, at) => ({ share, ...scoresOf(trials.filter((trial) => band(trial) === at)) })),
    byBearing: [...Map.groupBy(trials, ({ life }) => life)].map(([bearing, of]) => ({ bearing, ...scoresOf(of) })),
  };
};

/** One prediction a cut-off bearing, in seconds, in the order of the names. */
const predictAll = async (model: DegradationModel, learning: readonly Bearing[], test: readonly Bearing[], level: number) => {
  const lives = learning.map(({ history }) => history);
  const predictions: { bearing: string; rul: number; low: number; high: number; median: number; expectedScore: number; baselines: Baselines }[] = [];
  for (const { history, stepSeconds } of test) {
    const [distribution] = await remainingAt(model, history, [history.rows]);
    if (distribution === undefined) throw new AppError('internal', `There is no forecast for ${history.name}.`);
    const { remaining, expected } = bestPrediction(distribution);
    const { low, high } = centralInterval(distribution, level);
    const baselines = baselinesAt(model, lives, history, history.rows);
    predictions.push({
      bearing: history.name,
      rul: remaining * stepSeconds,
      low: low * stepSeconds,
      high: high * stepSeconds,
      median: quantile(distribution, 0.5) * stepSeconds,
      expectedScore: expected,
      baselines: { meanLife: baselines.meanLife * stepSeconds, ageAlone: baselines.ageAlone * stepSeconds, exponentialRms: baselines.exponentialRms * stepSeconds },
    });
  }
  return predictions;
};

type Prediction = Awaited<ReturnType<typeof predictAll>>[number];

/** The challenge's score over the bearings: it is an error when the truth of one is missing. */
const judge = (predictions: readonly Prediction[], path: string) => {
  const truth = readRemaining(path);
  const pairs = predictions.map((prediction) => {
    const seconds = truth.get(bearingKey(prediction.bearing));
    if (seconds === undefined) throw new AppError('file-not-understood', `${path} has no line for ${prediction.bearing}.`, { file: path });
    return { prediction, seconds };
  });
  const scoreOf = (predicted: (prediction: Prediction) => number): number => mean(pairs.map(({ prediction, seconds }) => accuracyScore(predicted(prediction), seconds)));
  return {
    score: scoreOf(({ rul }) => rul),
    meanAbsErrorPercent: mean(pairs.map(({ prediction, seconds }) => Math.abs(errorPercent(prediction.rul, seconds)))),
    coverage90: mean(pairs.map(({ prediction: { low, high }, seconds }) => (seconds >= low && seconds <= high ? 1 : 0))),
    baselines: { meanLife: scoreOf(({ baselines }) => baselines.meanLife), ageAlone: scoreOf(({ baselines }) => baselines.ageAlone), exponentialRms: scoreOf(({ baselines }) => baselines.exponentialRms) },
  };
};

/**
 * PRONOSTIA by the protocol of the command line's contract: learns from the learning bearings, judges itself by leaving one of
 * them out, and only then opens the cut-off bearings, each of which is predicted by itself.
 * @returns the document that the command line prints
 * @throws AppError when the files are not there or not understood, MlError when training fails
 */
export const benchmarkPronostia = async ({ folder, truth, seed, say }: PronostiaOptions): Promise<Record<string, unknown>> => {
  const backend = await loadTfjsNode();
  const started = performance.now();
  const learning = readBearings(join(folder, 'features_train'));
  const lives = learning.map(({ history }) => history);
  say(`${learning.length} learning bearings: ${lives.map(({ name, rows }) => `${name} (${rows})`).join(', ')}`);
  const trials = await leaveOneOut(lives, seed, cutsOf, (life) => say(`${life} predicted by the others`));
  const interval = fitIntervalLevel(trials, NOMINAL, seed);
  const model = await fitDegradation(lives, seed);
  const trainSeconds = (performance.now() - started) / 1000;
  const predictions = await predictAll(model, learning, readBearings(join(folder, 'features_test_truncated')), interval.level);
  const judged = truth === null ? { score: null, meanAbsErrorPercent: null, coverage90: null, baselines: null } : judge(predictions, truth);
  return {
    predictions,
    ...judged,
    interval,
    leaveOneOut: tableOf(trials),
    learningBearings: learning.length,
    seed,
    backend: backend.name,
    trainSeconds,
    seconds: (performance.now() - started) / 1000,
  };
};
