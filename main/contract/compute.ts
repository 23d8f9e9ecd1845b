import { z } from 'zod';
import { BackendReport } from '../../ml/documents/backend.ts';
import { TrainingConfig } from '../../ml/documents/config.ts';
import { DatasetDocument } from '../../ml/documents/dataset.ts';
import { EpochRecord } from '../../ml/documents/history.ts';
import { ModelDocument } from '../../ml/documents/model.ts';
import { ErrorDocument } from './errors.ts';

/*
 * Trainer to the hidden window that computes on the graphics card, over a port that engine and main process relay without
 * reading it. Each message is one frame (main/channel/frames.ts): this document, and bytes beside it where it says so.
 */
export const ComputeCommand = z.discriminatedUnion('kind', [
  /** Self-check and speed of the default network. */
  z.strictObject({ kind: z.literal('probe') }),
  /** Speed of this configuration's network over so many inputs and classes. */
  z.strictObject({ kind: z.literal('measure'), config: TrainingConfig, inputs: z.int().positive(), classes: z.int().nonnegative() }),
  /** A whole training. Bytes: dataset.bin, then the checkpoint to go on from (empty: from the start). */
  z.strictObject({ kind: z.literal('train'), model: z.string(), document: DatasetDocument, config: TrainingConfig, owner: z.string() }),
  z.strictObject({ kind: z.literal('cancel') }),
]);
export type ComputeCommand = z.infer<typeof ComputeCommand>;

/** The hidden window to the trainer. */
export const ComputeMessage = z.discriminatedUnion('kind', [
  /** First of all: the card, or why there is none to compute on. */
  z.strictObject({ kind: z.literal('opened'), device: z.string().nullable(), reason: z.string() }),
  z.strictObject({ kind: z.literal('probed'), report: BackendReport.omit({ chosen: true }) }),
  z.strictObject({ kind: z.literal('measured'), msPerEpoch: z.number() }),
  z.strictObject({ kind: z.literal('epoch'), record: EpochRecord }),
  /** Bytes: the checkpoint after the epoch told last. */
  z.strictObject({ kind: z.literal('checkpoint') }),
  z.strictObject({ kind: z.literal('evaluating') }),
  /** Bytes: weights.bin; its hash is left to who writes the file. */
  z.strictObject({ kind: z.literal('trained'), document: ModelDocument }),
  z.strictObject({ kind: z.literal('cancelled'), epochsDone: z.int() }),
  z.strictObject({ kind: z.literal('failed'), error: ErrorDocument }),
  /** The card is gone, or the driver has reset it. */
  z.strictObject({ kind: z.literal('lost'), reason: z.string() }),
]);
export type ComputeMessage = z.infer<typeof ComputeMessage>;
