import { z } from 'zod';
import { TrainingConfig } from '../../ml/documents/config.ts';
import { BackendReport } from '../../ml/documents/backend.ts';
import { EpochRecord } from '../../ml/documents/history.ts';
import { Evaluation } from '../../ml/documents/metrics.ts';
import { SearchReport, SearchTrial } from '../../ml/documents/search.ts';
import { ErrorDocument } from './errors.ts';

/**
 * Engine to trainer. The run's folder holds dataset.bin and dataset.json; the trainer writes checkpoint/ and model/ into it
 * (model.json, weights.bin), each under a temporary name, synced, renamed.
 */
export const TrainerCommand = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('train'), folder: z.string(), model: z.string(), config: TrainingConfig, resume: z.boolean() }),
  /** Looks for a better configuration within `minutes`, after the trials that search.json holds; the trainer writes that file. */
  z.strictObject({ kind: z.literal('search'), folder: z.string(), config: TrainingConfig, minutes: z.number().positive() }),
  z.strictObject({ kind: z.literal('cancel') }),
]);
export type TrainerCommand = z.infer<typeof TrainerCommand>;

/**
 * Where a run computes from an epoch on. asked: it was told to; only: nothing else is there; faster: measured with the run's own
 * network; lost: the backend before ended on the way. `reason` says it in one English sentence, with the figures.
 */
export const BackendUse = z.strictObject({ backend: z.string(), afterEpoch: z.int(), why: z.enum(['asked', 'only', 'faster', 'lost']).default('only'), reason: z.string() });
export type BackendUse = z.infer<typeof BackendUse>;

/** Trainer to engine. Exactly one of done, searched, cancelled, failed is the last. */
export const TrainerMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready'), backend: z.string() }),
  z.strictObject({ kind: z.literal('started'), parameters: z.int(), windows: z.int(), epochsDone: z.int() }),
  /** Where the run computes from here on, and why there: told at its start, and when a backend is lost on the way. */
  BackendUse.extend({ kind: z.literal('backend') }),
  z.strictObject({ kind: z.literal('epoch'), record: EpochRecord }),
  z.strictObject({ kind: z.literal('evaluating') }),
  z.strictObject({ kind: z.literal('trial'), trial: SearchTrial, chosen: z.int().nullable(), elapsedMs: z.number() }),
  z.strictObject({ kind: z.literal('searched'), report: SearchReport }),
  z.strictObject({ kind: z.literal('done'), bestEpoch: z.int(), evaluation: Evaluation, fingerprint: z.string(), parameters: z.int() }),
  z.strictObject({ kind: z.literal('cancelled'), epochsDone: z.int() }),
  z.strictObject({ kind: z.literal('failed'), error: ErrorDocument }),
]);
export type TrainerMessage = z.infer<typeof TrainerMessage>;

/** What a trainer started with --probe answers, once, before it ends. */
export const BackendsMessage = z.strictObject({ kind: z.literal('backends'), backends: z.array(BackendReport) });
export type BackendsMessage = z.infer<typeof BackendsMessage>;
