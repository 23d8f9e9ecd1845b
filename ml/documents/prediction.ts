import { z } from 'zod';

/** Why there is no forecast: a value, not an error. */
export const NoForecast = z.strictObject({
  reason: z.enum(['no-model', 'too-short', 'sensor-missing', 'too-many-gaps', 'unlike-training', 'stale-data', 'not-running', 'scorer-down']),
  /** In one sentence, in English. */
  detail: z.string(),
  /** The figures of that sentence, for faces that word it themselves: shares, steps, names of sensors. */
  figures: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type NoForecast = z.infer<typeof NoForecast>;

/** Share of a prediction's departure from a healthy machine that one sensor carries; shares sum to 1. */
export const Driver = z.strictObject({ sensor: z.string(), share: z.number() });
export type Driver = z.infer<typeof Driver>;

/** The class of a machine that no failure is near to. */
export const HEALTHY = 'healthy';

/**
 * The kind of fault that is present, and leads to a failure within the horizon: calibrated probabilities that sum to 1, 'healthy' among the
 * classes; `likely` is null where none is likely enough.
 */
export const FaultPrediction = z.strictObject({
  horizon: z.number(),
  classes: z.array(z.strictObject({ name: z.string(), p: z.number() })),
  likely: z.string().nullable(),
});
export type FaultPrediction = z.infer<typeof FaultPrediction>;

/** Departure from healthy running. */
export const AnomalyPrediction = z.strictObject({
  score: z.number(),
  /** The score from which running is anomalous. */
  limit: z.number(),
  /** score / limit */
  share: z.number(),
  /** Steps of the model for which the score has been above the limit without a break; null where it is not, or only the newest is known. */
  stepsAbove: z.int().nullable(),
});
export type AnomalyPrediction = z.infer<typeof AnomalyPrediction>;

/** What the scorer answers for one asset: what its model's task is about, the rest null. Remaining life in the model's unit; probability within its horizon. */
export const Prediction = z.strictObject({
  rul: z.strictObject({ median: z.number(), low: z.number(), high: z.number() }).nullable(),
  failure: z.strictObject({ horizon: z.number(), p: z.number() }).nullable(),
  fault: FaultPrediction.nullable().default(null),
  anomaly: AnomalyPrediction.nullable().default(null),
  drivers: z.array(Driver),
  noForecast: NoForecast.nullable(),
});
export type Prediction = z.infer<typeof Prediction>;
