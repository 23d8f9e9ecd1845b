import { z } from 'zod';

/** One epoch of one training run; written to the database while the run goes on. */
export const EpochRecord = z.strictObject({
  epoch: z.int().positive(),
  loss: z.number(),
  valLoss: z.number().nullable(),
  /** The task's headline metric on the validation units: RMSE in axis steps for rul, F1 for failure, macro-F1 for fault. */
  valMetric: z.number().nullable(),
  learningRate: z.number(),
  ms: z.number().nonnegative(),
});
export type EpochRecord = z.infer<typeof EpochRecord>;
