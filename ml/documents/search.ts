import { z } from 'zod';
import { TrainingConfig } from './config.ts';

/** One configuration tried for so many epochs. */
export const SearchTrial = z.strictObject({
  /** From 1, in the order of trying. */
  number: z.int().positive(),
  /** 0: the configuration that was asked for, trained in full; then rounds of successive halving. */
  round: z.int().nonnegative(),
  /** Within its round, from 0: few epochs of many configurations, up to the full number of one. */
  rung: z.int().nonnegative(),
  config: TrainingConfig,
  epochs: z.int().positive(),
  /** Mean over the held-out units of the mean loss over their windows, of the best epoch; null where it failed. */
  loss: z.number().nullable(),
  /** The task's headline metric there: RMSE in axis steps for rul, F1 for failure. */
  metric: z.number().nullable(),
  ms: z.number().nonnegative(),
  /** Why it has no loss; null where it has one. */
  failed: z.string().nullable(),
});
export type SearchTrial = z.infer<typeof SearchTrial>;

/** search.json in a run's folder: what was tried, and what was chosen. */
export const SearchReport = z.strictObject({
  version: z.literal(1),
  seed: z.int().nonnegative(),
  /** Time budget. */
  minutes: z.number().positive(),
  /** Time spent so far, over all sittings. */
  elapsedMs: z.number().nonnegative(),
  /** Ways of holding units of the training part out, over which a loss is averaged; 0: not begun. */
  folds: z.int().nonnegative(),
  trials: z.array(SearchTrial),
  /** Number of the trial whose configuration is trained; null while it goes on, or when no trial was done within the budget. */
  chosen: z.int().nullable(),
  finished: z.boolean(),
});
export type SearchReport = z.infer<typeof SearchReport>;

/** The configuration to train after a search: the chosen one; the one that was asked for where the budget allowed no trial. */
export const chosenConfig = (report: SearchReport, base: TrainingConfig): TrainingConfig => report.trials.find(({ number }) => number === report.chosen)?.config ?? base;
