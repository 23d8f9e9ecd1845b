import { z } from 'zod';
import { DatasetCleaning } from './cleaning.ts';
import { Axis, Task } from './task.ts';

/**
 * One unit (a run of one machine between two restarts of its life): rows [offset, offset + rows) of dataset.bin.
 * `end`: 'failure' when the last row is followed by the failure at `failureAt`; 'censored' when the run was cut off before.
 */
export const DatasetUnit = z.strictObject({
  asset: z.string(),
  offset: z.int().nonnegative(),
  rows: z.int().positive(),
  /** Axis position of the first row: microseconds since 1970, or cycles. */
  start: z.number(),
  end: z.enum(['failure', 'censored']),
  failureAt: z.number().nullable(),
  /** Failure mode (ISO 14224) of the failure at `failureAt`, where it is known: the class of `fault`. */
  mode: z.string().optional(),
  /** When the failure became known, on the axis; where it isn't told, at the failure itself. */
  knownAt: z.number().nullable().optional(),
  split: z.enum(['train', 'validation', 'test']),
});
export type DatasetUnit = z.infer<typeof DatasetUnit>;

export const DatasetSensor = z.strictObject({
  name: z.string(),
  unit: z.string().nullable(),
  /** Of a sensor that is read less often than the rows follow: its last value stands for missing rows behind it up to this far, in axis units. */
  hold: z.number().positive().optional(),
});
export type DatasetSensor = z.infer<typeof DatasetSensor>;

/**
 * dataset.json: what dataset.bin holds. Row k of a unit stands at start + k * step on the axis.
 * dataset.bin: little-endian float32, row-major [rows, sensors]; NaN where nothing was measured.
 */
export const DatasetDocument = z.strictObject({
  version: z.literal(1),
  task: Task,
  machineType: z.string(),
  axis: Axis,
  /** Axis units between two rows: microseconds, or cycles. */
  step: z.number().positive(),
  /** What one step is called when shown, and how many of them: RUL in steps * stepInUnit = RUL in unit. */
  unit: z.enum(['cycles', 'hours', 'days']),
  stepInUnit: z.number().positive(),
  sensors: z.array(DatasetSensor).min(1),
  units: z.array(DatasetUnit),
  rows: z.int().nonnegative(),
  /** How the readings were cleaned before they were put on the grid; null: taken as they are. */
  cleaning: DatasetCleaning.nullable().default(null),
  /** SHA-256 of dataset.bin, and of the recipe where one was applied: the data fingerprint. */
  fingerprint: z.string(),
  /** Sensors left out and why (constant, empty). */
  leftOut: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
});
export type DatasetDocument = z.infer<typeof DatasetDocument>;
