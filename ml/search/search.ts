import type { TrainingConfig } from '../documents/config.ts';
import type { SearchReport, SearchTrial } from '../documents/search.ts';
import { MlError } from '../errors.ts';
import { Random } from '../dataset/random.ts';
import type { Dataset } from '../dataset/table.ts';
import { candidatesOf } from './candidates.ts';
import { foldsOf } from './folds.ts';
import { tryOut, type TrialClock } from './trial.ts';

/** Configurations of one round; one in ETA of them goes on to the next rung. */
const CANDIDATES = 9;
const ETA = 3;
/** By how much a loss must be below that of the configuration that was asked for: less is chance. */
const LEAST_GAIN = 0.01;

export interface SearchHooks {
  /** A trial is done: the report to be written away before the promise resolves. */
  trial(trial: SearchTrial, report: SearchReport): Promise<void>;
  breathe(): Promise<void>;
  readonly signal: AbortSignal;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
}

/** What the next trial is to be; a search is the sequence of them. */
export interface Wanted {
  readonly config: TrainingConfig;
  readonly round: number;
  readonly rung: number;
  readonly epochs: number;
}

/** A loss to compare by: one that failed is the worst. */
const lossOf = ({ loss }: SearchTrial): number => loss ?? Number.POSITIVE_INFINITY;

/**
 * The trials of a search in their order: the configuration that was asked for, in full; then rounds of successive halving (Jamieson and
 * Talwalkar 2016; the brackets of Li et al. 2018 with one setting): nine configurations for a ninth of the epochs, the best three for a third,
 * the best in full. Each is handed the trial that came of it. It never ends: the clock ends it.
 */
export function* trialsOf(base: TrainingConfig): Generator<Wanted, never, SearchTrial> {
  yield { config: base, round: 0, rung: 0, epochs: base.epochs };
  for (let round = 1; ; round++) {
    const random = Random.of(base.seed, `search round ${round}`);
    let configs = candidatesOf(base, round, CANDIDATES, random);
    for (let rung = 0, share = ETA ** 2; configs.length > 0; rung++, share /= ETA) {
      const epochs = Math.max(1, Math.ceil(base.epochs / share));
      const done: SearchTrial[] = [];
      for (const config of configs) done.push(yield { config, round, rung, epochs });
      if (share <= 1) break;
      // Of equal losses the earlier one goes on: sorting is stable.
      configs = done.filter(({ loss }) => loss !== null).sort((a, b) => lossOf(a) - lossOf(b)).slice(0, Math.floor(configs.length / ETA) || 1).map(({ config }) => config);
    }
  }
}

/** The trial to train: of those done in full the one with the lowest loss, where it is clearly below the first one's. */
export const chosenOf = (done: readonly SearchTrial[], base: TrainingConfig): number | null => {
  const full = done.filter(({ epochs, loss }) => epochs >= base.epochs && loss !== null);
  const [first] = full;
  if (first === undefined) return null;
  const best = full.reduce((least, one) => (lossOf(one) < lossOf(least) ? one : least), first);
  const asked = full.find(({ round }) => round === 0);
  return asked !== undefined && lossOf(best) > (1 - LEAST_GAIN) * lossOf(asked) ? asked.number : best.number;
};

export const freshReport = (seed: number, minutes: number): SearchReport => ({ version: 1, seed, minutes, elapsedMs: 0, folds: 0, trials: [], chosen: null, finished: false });

/**
 * Looks for a better configuration within a time budget. Which trials come, and what comes of each, follows from data, configuration and seed
 * alone; the clock decides how many there are.
 * @param from a report of an earlier sitting: its trials are not done again
 * @throws MlError 'cancelled' when the signal aborts (the report so far was told by the last trial), 'too-little-data' when no unit can be held out
 */
export const search = async (dataset: Dataset, base: TrainingConfig, minutes: number, hooks: SearchHooks, from?: SearchReport): Promise<SearchReport> => {
  const folds = foldsOf(dataset, base.seed);
  if (folds.length === 0) throw new MlError('too-little-data', 'A search holds some of the training failures out to choose by; there are fewer than two of them. Train without a search, or record more failures.');
  const report: SearchReport = { ...(from ?? freshReport(base.seed, minutes)), minutes, folds: folds.length };
  const startedAt = hooks.now() - report.elapsedMs;
  const clock: TrialClock = { ...hooks, isOver: () => hooks.now() - startedAt >= minutes * 60_000 };
  const sequence = trialsOf(base);
  let next = sequence.next();
  for (const done of report.trials) next = sequence.next(done);
  while (!clock.isOver()) {
    const trial = await tryOut(folds, base, { ...next.value, number: report.trials.length + 1 }, clock);
    if (trial === null) break;
    report.trials.push(trial);
    report.elapsedMs = hooks.now() - startedAt;
    report.chosen = chosenOf(report.trials, base);
    await hooks.trial(trial, report);
    next = sequence.next(trial);
  }
  report.elapsedMs = hooks.now() - startedAt;
  report.chosen = chosenOf(report.trials, base);
  report.finished = true;
  return report;
};
