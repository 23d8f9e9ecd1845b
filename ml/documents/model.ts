import { z } from 'zod';
import { AnomalyModel } from './anomaly.ts';
import { Axis, Task } from './task.ts';
import { FittedBaseline } from './baseline.ts';
import { DatasetCleaning } from './cleaning.ts';
import { TrainingConfig } from './config.ts';
import { DatasetSensor } from './dataset.ts';
import { Evaluation } from './metrics.ts';

/** Mean and standard deviation of one sensor over the training part, by operating regime (index into `regimes.centres`). */
export const Normalisation = z.strictObject({
  /** Sensors (by index) that tell the operating regime; empty when there is one regime. */
  conditionSensors: z.array(z.int()),
  /** Regime centres in units of the condition sensors, scaled by `conditionScale`: [regimes][conditionSensors]. */
  centres: z.array(z.array(z.number())),
  conditionScale: z.array(z.number()),
  /** [regimes][sensors]; a std of 0: constant in that regime */
  mean: z.array(z.array(z.number())),
  std: z.array(z.array(z.number())),
});
export type Normalisation = z.infer<typeof Normalisation>;

/** Conformal intervals (Papadopoulos 2002; Vovk), by bin of the predicted value, from one window a validation unit. */
export const Conformal = z.strictObject({
  alpha: z.number(),
  /** Units that were calibrated on; with fewer than nine the 90 % intervals are widened by what normal errors would need. Null: not known. */
  units: z.int().nullable().default(null),
  bins: z.array(z.strictObject({ upTo: z.number(), low: z.number(), high: z.number(), n: z.int() })),
});
export type Conformal = z.infer<typeof Conformal>;

/** How the means of the inputs over some last rows go together in training (ml/dataset/sensors/likeness.ts); in normalised units. */
export const Likeness = z.strictObject({
  /** Rows that the means are taken over, the newest. */
  rows: z.int().positive(),
  /** [inputs] */
  mean: z.array(z.number()),
  /** Inverted covariance, row-major [inputs, inputs]. */
  precision: z.array(z.number()),
  /** Mahalanobis distance beyond which the rows are like none in training. */
  limit: z.number(),
  /** Lowest and highest mean of each input, widened; [inputs]. */
  low: z.array(z.number()),
  high: z.array(z.number()),
});
export type Likeness = z.infer<typeof Likeness>;

/** Where the model has ground: a window whose distance from the training data is above `limit` gets no forecast. */
export const Ground = z.strictObject({
  /** Per input lowest and highest normalised value seen in training, widened; [inputs]. */
  low: z.array(z.number()),
  high: z.array(z.number()),
  /** Share of a window's cells that may lie outside before the forecast is refused. */
  outsideShare: z.number(),
  /** Share of a window's cells that may be missing. */
  missingShare: z.number(),
  /** Over the whole window and over its newest rows; absent in models that are older, or made of too few windows. */
  likeness: z.array(Likeness).optional(),
});
export type Ground = z.infer<typeof Ground>;

/** The configuration of a stored model; one stored before these options were there has a network without them. */
const StoredConfig = z.preprocess((stored) => (typeof stored === 'object' && stored !== null ? { pooling: 1, members: 1, ...stored } : stored), TrainingConfig);

/** model.json: all that is needed to turn raw slices into predictions; the weights stand beside it in weights.bin. */
export const ModelDocument = z.strictObject({
  version: z.literal(1),
  id: z.string(),
  task: Task,
  machineType: z.string(),
  axis: Axis,
  step: z.number().positive(),
  unit: z.enum(['cycles', 'hours', 'days']),
  stepInUnit: z.number().positive(),
  /** Every sensor a slice must bring, in its order: the inputs, and those that tell the operating regime. */
  sensors: z.array(DatasetSensor),
  /** Sensors (by index) that the network is fed with; [inputs]. */
  inputs: z.array(z.int()).min(1),
  /** Inputs (by position among them) of which the network is told which rows were missing: a mask each, behind the inputs. */
  masks: z.array(z.int()).default([]),
  /** Sensors of the dataset that the network is not fed with, and why. */
  leftOut: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
  /** As resolved: no null where the task needs a value. */
  config: StoredConfig,
  /** How readings are cleaned before the model sees them, as its dataset's were. */
  cleaning: DatasetCleaning.nullable().default(null),
  normalisation: Normalisation,
  /** Mean normalised value of each input early in the training units' lives: a healthy machine; [inputs + masks]. */
  healthy: z.array(z.number()),
  conformal: Conformal.nullable(),
  /** Threshold on the probability, chosen on validation units; null but for failure. */
  threshold: z.number().nullable(),
  /** Platt calibration of the logit on validation units: p = sigmoid(a * logit + b); null but for failure. */
  calibration: z.strictObject({ a: z.number(), b: z.number() }).nullable(),
  /** Classes of `fault` in the order of the network's outputs, 'healthy' first; their probabilities are softmax(logits / temperature). Null for other tasks. */
  fault: z.strictObject({ classes: z.array(z.string()).min(2), temperature: z.number().positive() }).nullable().default(null),
  /** Of `anomaly`; null for other tasks. */
  anomaly: AnomalyModel.nullable().default(null),
  ground: Ground,
  /** The naive rivals, fitted on the same training part. */
  baselines: z.array(FittedBaseline),
  parameters: z.int(),
  /** What weights.bin holds, one after the other, as little-endian float32. */
  weights: z.array(z.strictObject({ name: z.string(), shape: z.array(z.int()) })),
  weightsSha256: z.string(),
  backend: z.string(),
  versions: z.record(z.string(), z.string()),
  fingerprint: z.string(),
  bestEpoch: z.int(),
  evaluation: Evaluation,
});
export type ModelDocument = z.infer<typeof ModelDocument>;
