import { z } from 'zod';
import { EvaluationDetail } from './detail.ts';
import { Honesty } from './honesty.ts';

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

/** One class of a classification: how many points are of it, and how well it was told. */
export const ClassMetrics = z.strictObject({ name: z.string(), precision: z.number(), recall: z.number(), f1: z.number(), support: z.int() });
export type ClassMetrics = z.infer<typeof ClassMetrics>;

/** A classification of points: windows, or whole units (files). Rates are 0 where there is nothing to count. */
export const Classification = z.strictObject({
  points: z.int(),
  accuracy: z.number(),
  /** Mean F1 over the classes that occur or were said. */
  macroF1: z.number(),
  perClass: z.array(ClassMetrics),
  /** confusion[truth][said], in the order of the classes. */
  confusion: z.array(z.array(z.int())),
});
export type Classification = z.infer<typeof Classification>;

/** Metrics of `fault` (kind of fault present): by window, and by unit where each unit is of one class and its windows are taken together. */
export const FaultMetrics = z.strictObject({
  kind: z.literal('fault'),
  classes: z.array(z.string()),
  /** A failure of the class's mode comes within so much of `unit`; null where the class is of the moment. */
  horizon: z.number().nullable(),
  unit: z.string().nullable(),
  units: z.int(),
  ...Classification.shape,
  byUnit: Classification.nullable(),
});
export type FaultMetrics = z.infer<typeof FaultMetrics>;

/** Metrics of `anomaly` over windows: how often healthy running is called anomalous, and what is found where labels exist. */
export const AnomalyMetrics = z.strictObject({
  kind: z.literal('anomaly'),
  units: z.int(),
  points: z.int(),
  /** Limit on the score, set from healthy running alone. */
  threshold: z.number(),
  /** Share of the windows of healthy running that lie above it. */
  falseAlarmRate: z.number(),
  /** Against labels, where there are some; far: false alarm rate, mar: missed alarm rate. */
  labelled: z
    .strictObject({ precision: z.number(), recall: z.number(), f1: z.number(), far: z.number(), mar: z.number(), confusion: z.strictObject({ tp: z.int(), fp: z.int(), tn: z.int(), fn: z.int() }) })
    .nullable(),
});
export type AnomalyMetrics = z.infer<typeof AnomalyMetrics>;

export const Metrics = z.discriminatedUnion('kind', [RulMetrics, FailureMetrics, FaultMetrics, AnomalyMetrics]);
export type Metrics = z.infer<typeof Metrics>;

/** A naive rival in the same table: its name (mean-life, age-only, last-value, ...) and the same metrics on the same points. */
export const Baseline = z.strictObject({ name: z.string(), metrics: Metrics });
export type Baseline = z.infer<typeof Baseline>;

export const Evaluation = z.strictObject({
  metrics: Metrics,
  baselines: z.array(Baseline),
  /** What the honesty guard found; null or absent: it has not looked (models of before it, evaluations on other plants). */
  honesty: Honesty.nullable().optional(),
  /** Curves and tables behind the model's numbers; null or absent: the task has none, or the model is older than they are. */
  detail: EvaluationDetail.nullable().optional(),
});
export type Evaluation = z.infer<typeof Evaluation>;
