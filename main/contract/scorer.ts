import { z } from 'zod';
import { Prediction } from '../../ml/documents/prediction.ts';
import { ErrorDocument } from './errors.ts';

const float32 = z.instanceof(Float32Array);

/**
 * One asset's newest rows on the model's own grid (step of model.json), oldest first: row-major [rows, sensors] in the
 * model's sensor order, NaN where nothing was measured. The scorer windows, normalises and predicts.
 */
export const Slice = z.strictObject({ asset: z.int(), rows: z.int().nonnegative(), values: float32 });
export type Slice = z.infer<typeof Slice>;

export const ScorerCommand = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('score'), id: z.int(), modelFolder: z.string(), slices: z.array(Slice) }),
  z.strictObject({ kind: z.literal('forget'), modelFolder: z.string() }),
]);
export type ScorerCommand = z.infer<typeof ScorerCommand>;

export const ScorerMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready'), backend: z.string() }),
  z.strictObject({ kind: z.literal('scored'), id: z.int(), predictions: z.array(z.strictObject({ asset: z.int(), prediction: Prediction })) }),
  z.strictObject({ kind: z.literal('failed'), id: z.int(), error: ErrorDocument }),
]);
export type ScorerMessage = z.infer<typeof ScorerMessage>;
