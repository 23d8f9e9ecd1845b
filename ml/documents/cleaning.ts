import { z } from 'zod';

/** How the readings of one sensor are masked: each rule looks at a reading and those before it alone. Null: that rule is not applied. */
export const SensorCleaning = z.strictObject({
  /** A reading further than this many robust standard deviations from the median of those before it is left out. */
  spikeSigmas: z.number().positive().nullable(),
  /** Least standard deviation that spikes are measured by, in the sensor's unit. */
  sigma: z.number().nonnegative(),
  /** From so many equal readings on they are left out. */
  flatReadings: z.int().min(2).nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Usual step between readings, in axis units: how far back to look for the readings before. */
  interval: z.number().positive().nullable(),
});
export type SensorCleaning = z.infer<typeof SensorCleaning>;

export const Resampling = z.strictObject({
  /** Axis units. */
  step: z.number().positive(),
  how: z.enum(['mean', 'median', 'last', 'min', 'max']),
});
export type Resampling = z.infer<typeof Resampling>;

/** A recipe with its thresholds settled as numbers, so that the same is done to what is predicted as was done to what was learned from. */
export const SettledCleaning = z.strictObject({
  /** By the sensor's name; a sensor that is not named is taken as it is. */
  sensors: z.record(z.string(), SensorCleaning),
  resample: Resampling.nullable(),
  /** A value stands in for missing rows behind it up to this far, in axis units; null: it does not. */
  hold: z.number().positive().nullable(),
});
export type SettledCleaning = z.infer<typeof SettledCleaning>;

/** What cleaned a dataset: by machine, since thresholds are learned per sensor; `otherwise` for a machine that was not there. */
export const DatasetCleaning = z.strictObject({
  version: z.literal(1),
  /** By the machine's path from the site down, joined with '/'. `spans`: what people took out of it; null: of all sensors. */
  machines: z.record(
    z.string(),
    z.strictObject({ ...SettledCleaning.shape, spans: z.array(z.strictObject({ sensor: z.string().nullable(), from: z.number(), to: z.number() })) }),
  ),
  otherwise: SettledCleaning,
});
export type DatasetCleaning = z.infer<typeof DatasetCleaning>;
