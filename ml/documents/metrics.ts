import { z } from 'zod';

/** Metrics of remaining useful life over one evaluation. Units: steps of the axis (`unit`). */
export const RulMetrics = z.strictObject({
  kind: z.literal('rul'),
  unit: z.string(),
  units: z.int(),
  points: z.int(),
  rmse: z.number(),
  mae: z.number(),
  /** Asymmetric score of the PHM08 challenge (Saxena et al. 2008): a sum, late costs more than early. */
  score: z.number(),
  coverage90: z.number().nullable(),
  meanWidth90: z.number().nullable(),
});
export type RulMetrics = z.infer<typeof RulMetrics>;

/** Metrics of `failure` (failure within the horizon) over windows. */
export const FailureMetrics = z.strictObject({
  kind: z.literal('failure'),
  horizon: z.number(),
  unit: z.string(),
  units: z.int(),
  points: z.int(),
  threshold: z.number(),
  accuracy: z.number(),
  precision: z.number(),
  recall: z.number(),
  f1: z.number(),
  prAuc: z.number(),
  confusion: z.strictObject({ tp: z.int(), fp: z.int(), tn: z.int(), fn: z.int() }),
});
export type FailureMetrics = z.infer<typeof FailureMetrics>;

export const Metrics = z.discriminatedUnion('kind', [RulMetrics, FailureMetrics]);
export type Metrics = z.infer<typeof Metrics>;

/** A naive rival in the same table: its name (mean-life, age-only, last-value, ...) and the same metrics on the same points. */
export const Baseline = z.strictObject({ name: z.string(), metrics: Metrics });
export type Baseline = z.infer<typeof Baseline>;

export const Evaluation = z.strictObject({ metrics: Metrics, baselines: z.array(Baseline) });
export type Evaluation = z.infer<typeof Evaluation>;
