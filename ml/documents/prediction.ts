import { z } from 'zod';

/** Why there is no forecast: a value, not an error. */
export const NoForecast = z.strictObject({
  reason: z.enum(['no-model', 'too-short', 'sensor-missing', 'too-many-gaps', 'unlike-training', 'stale-data', 'not-running', 'scorer-down']),
  detail: z.string(),
});
export type NoForecast = z.infer<typeof NoForecast>;

/** Share of a prediction's departure from a healthy machine that one sensor carries; shares sum to 1. */
export const Driver = z.strictObject({ sensor: z.string(), share: z.number() });
export type Driver = z.infer<typeof Driver>;

/** What the scorer answers for one asset. Remaining life in the model's unit; probability within the model's horizon. */
export const Prediction = z.strictObject({
  rul: z.strictObject({ median: z.number(), low: z.number(), high: z.number() }).nullable(),
  failure: z.strictObject({ horizon: z.number(), p: z.number() }).nullable(),
  drivers: z.array(Driver),
  noForecast: NoForecast.nullable(),
});
export type Prediction = z.infer<typeof Prediction>;
