import type { TrainingConfig } from '../documents/config.ts';
import type { SearchTrial } from '../documents/search.ts';
import { MlError } from '../errors.ts';
import type { Dataset } from '../dataset/table.ts';
import { selectWindows } from '../dataset/windows.ts';
import { fit } from '../training/fit.ts';
import { prepare, type Prepared } from '../training/prepare.ts';
import { commonHistory } from './candidates.ts';

export interface TrialClock {
  breathe(): Promise<void>;
  readonly signal: AbortSignal;
  now(): number;
  /** Whether the time is spent. */
  isOver(): boolean;
}

/** Ends a fit when the time is spent; its trial is not counted. */
class TimeSpent extends Error {}

/** Validation windows that every configuration of the search can predict: those far enough from the start of their unit. */
const comparable = (prepared: Prepared, history: number): Prepared => {
  const { ends, firsts } = prepared.validation;
  const kept = [...ends.keys()].filter((at) => (ends[at] ?? 0) - (firsts[at] ?? 0) + 1 >= history);
  return { ...prepared, validation: selectWindows(prepared.validation, kept) };
};

const lossIn = async (dataset: Dataset, config: TrainingConfig, history: number, clock: TrialClock): Promise<{ loss: number; metric: number | null }> => {
  const prepared = comparable(prepare(dataset, config), history);
  if (prepared.validation.ends.length === 0) throw new MlError('too-little-data', `No held-out life has ${history} rows: the windows of the search are too long.`);
  const { history: epochs, best } = await fit(prepared, {
    epoch: () => undefined,
    checkpoint: () => Promise.resolve(),
    breathe: async () => {
      await clock.breathe();
      if (clock.isOver()) throw new TimeSpent();
    },
    signal: clock.signal,
    now: clock.now,
  });
  const record = epochs.find(({ epoch }) => epoch === best?.epoch) ?? epochs.at(-1);
  if (record?.valLoss === null || record?.valLoss === undefined) throw new MlError('training-diverged', 'It ended without a validation loss.');
  return { loss: record.valLoss, metric: record.valMetric };
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Trains one configuration on each fold, and takes the mean of the losses on what was held out.
 * @returns null when the time was spent before it was done
 * @throws MlError 'cancelled'
 */
export const tryOut = async (folds: readonly Dataset[], base: TrainingConfig, { config, epochs, round, rung, number }: Pick<SearchTrial, 'config' | 'epochs' | 'round' | 'rung' | 'number'>, clock: TrialClock): Promise<SearchTrial | null> => {
  const startedAt = clock.now();
  const trial = { number, round, rung, config, epochs };
  // One network each: the mean of several is better than one, and about as much better for all configurations.
  const wanted: TrainingConfig = { ...config, epochs, patience: Math.max(config.patience, epochs), minutes: null, members: 1 };
  try {
    const results: { loss: number; metric: number | null }[] = [];
    for (const fold of folds) results.push(await lossIn(fold, wanted, commonHistory(base), clock));
    const metrics = results.flatMap(({ metric }) => metric ?? []);
    return { ...trial, loss: mean(results.map(({ loss }) => loss)), metric: metrics.length === results.length ? mean(metrics) : null, ms: clock.now() - startedAt, failed: null };
  } catch (thrown) {
    if (thrown instanceof TimeSpent) return null;
    // What can't be learned with one configuration is a result of the search, not its end.
    if (thrown instanceof MlError && thrown.code !== 'cancelled') return { ...trial, loss: null, metric: null, ms: clock.now() - startedAt, failed: thrown.message };
    throw thrown;
  }
};
