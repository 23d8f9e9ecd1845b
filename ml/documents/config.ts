import { z } from 'zod';
import { Task } from './task.ts';

export const Preset = z.enum(['plain', 'residual', 'inception', 'dilated']);
export type Preset = z.infer<typeof Preset>;

/** Everything that decides how a 1D-CNN is trained. The defaults were chosen on validation units of training data only. */
export const TrainingConfig = z.strictObject({
  task: Task,
  preset: Preset.default('plain'),
  seed: z.int().nonnegative().default(1),
  /** Sensors that nothing is learnt from, by name: those that will not be known while a machine runs. */
  leaveOut: z.array(z.string()).default([]),
  /** Rows of one window (resampled steps of the axis). */
  window: z.int().min(4).max(4096).default(100),
  /** Rows between the starts of two training windows. */
  stride: z.int().min(1).default(1),
  /** The largest remaining useful life that is told apart, in steps of the dataset (125 cycles on C-MAPSS). */
  rulCap: z.number().positive().nullable().default(null),
  /** Horizon of `failure`, in steps of the dataset. */
  horizon: z.number().positive().nullable().default(null),
  filters: z.int().min(4).max(512).default(32),
  blocks: z.int().min(1).max(12).default(3),
  kernel: z.int().min(2).max(64).default(7),
  dense: z.int().min(4).max(1024).default(64),
  /** Rows that are averaged into one step before the first convolution, counted back from the newest: noise goes, slow wear stays; 1: none. */
  pooling: z.int().min(1).max(256).default(4),
  /** Networks in one model, from different starts, trained side by side; the forecast is their mean, which errs and varies less. */
  members: z.int().min(1).max(16).default(4),
  l2: z.number().min(0).default(1e-5),
  dropout: z.number().min(0).max(0.9).default(0.1),
  batchNormalisation: z.boolean().default(true),
  learningRate: z.number().positive().default(3e-3),
  schedule: z.enum(['constant', 'cosine']).default('cosine'),
  warmUpEpochs: z.number().min(0).default(1),
  gradientClip: z.number().positive().nullable().default(1),
  weightAveraging: z.number().min(0).max(0.9999).default(0.98),
  /** Share of the training windows whose history is cut short at random, so that padding tells nothing about age. */
  shortHistories: z.number().min(0).max(0.9).default(0.1),
  /** Spread of the noise added to each step (see `pooling`) of a training window, as a multiple of each input's own measurement noise: what differs by less must not matter; 0: off. */
  jitter: z.number().min(0).max(5).default(0.3),
  /** Spread of the random factor that each input of a training window is multiplied by: how strongly a sensor answers differs between machines; 0: off. */
  scaling: z.number().min(0).max(1).default(0),
  /** Share of a training window's inputs in which a gap of random length, up to a quarter of the window, is made: sensors that fall silent; 0: off. */
  masking: z.number().min(0).max(0.9).default(0),
  /** Spread of the pace at which a random stretch of a training window is run through: machines that wear faster or slower; 0: off. */
  windowWarp: z.number().min(0).max(1).default(0),
  /** Power of a class's rarity that its windows are weighted by, for `failure` and `fault`; 0: all windows count the same, 1: all classes do. */
  classWeights: z.number().min(0).max(1).default(0.5),
  /** Whether the network is told which readings were missing. auto: of sensors that fall silent for a twentieth of their rows or more; on: of all that lack any. */
  maskInputs: z.enum(['auto', 'on', 'off']).default('auto'),
  /** Windows visited in one epoch at most, drawn anew each time; keeps an epoch short on large plants. */
  windowsPerEpoch: z.int().min(64).default(8_000),
  batch: z.int().min(8).default(128),
  epochs: z.int().min(1).max(10_000).default(10),
  /** Epochs without a better validation loss before training stops; the best epoch's weights are kept. */
  patience: z.int().min(1).default(10),
  /** Wall-clock budget; null: none. */
  minutes: z.number().positive().nullable().default(null),
  /** Share of the units (never of the windows) kept for validation. */
  validationShare: z.number().min(0.05).max(0.5).default(0.2),
});
export type TrainingConfig = z.infer<typeof TrainingConfig>;
