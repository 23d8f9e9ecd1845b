import { z } from 'zod';

/** What decides how a detector of departures from healthy running is fitted. How the defaults were chosen stands in ml/anomaly/README.md. */
export const DetectorSettings = z.strictObject({
  /** Rows of the network's window. */
  window: z.int().min(4).default(64),
  filters: z.int().min(4).default(16),
  /** Channels of the autoencoder's code. */
  code: z.int().min(1).default(3),
  /** Rows that a channel is smoothed over. */
  smoothing: z.int().min(1).default(45),
  /** Rows by which the level that a channel is held against lags behind. */
  lag: z.int().min(1).default(90),
  /** What the score is of; see ml/anomaly/channels.ts. */
  watched: z.array(z.enum(['level', 'relation', 'shape', 'noise'])).min(1).default(['level', 'relation', 'noise']),
  /** Whether the detector goes on learning while running is healthy: levels and their wander. Without, all is held against healthy running as it was learnt. */
  follows: z.boolean().default(true),
  /** Share of healthy rows above the limit that is aimed at. */
  rate: z.number().min(1e-4).max(0.2).default(0.01),
  steps: z.int().min(1).default(300),
  batch: z.int().min(8).default(64),
  learningRate: z.number().positive().default(3e-3),
  jitter: z.number().min(0).default(0.3),
  hidden: z.number().min(0).max(0.9).default(0.15),
});
export type DetectorSettings = z.infer<typeof DetectorSettings>;

/** What a stored model of `anomaly` has beside its weights. Channels: four of each input side by side (level, relation, shape, noise). */
export const AnomalyModel = z.strictObject({
  /** Sum of evidence from which a row is anomalous. */
  limit: z.number(),
  settings: DetectorSettings,
  /** Each input from the others, row-major [inputs, inputs]; see ml/anomaly/relations.ts. */
  relations: z.array(z.number()),
  /** Healthy mean of each channel, and variance of a healthy value about it; [channels]. */
  level: z.array(z.number()),
  variance: z.array(z.number()),
  /** Share of a deviation by which the level follows in a row; [channels]. */
  follow: z.array(z.number()),
  /** Rows that a slice should bring: enough to tell since when the machine has been anomalous. */
  rows: z.int().positive(),
});
export type AnomalyModel = z.infer<typeof AnomalyModel>;
