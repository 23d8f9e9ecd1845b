import { z } from 'zod';

/** On a probability, chosen on the training part; of no meaning for remaining life. */
const threshold = z.number();

/** A naive rival as the training part made it, small enough to travel with the model and be scored wherever the model is. */
export const FittedBaseline = z.discriminatedUnion('kind', [
  /** Mean life of the training units, in steps. */
  z.strictObject({ kind: z.literal('mean-life'), life: z.number(), threshold }),
  /** Mean label by age: ages up to `upTo` (in steps) have `mean`; older ones the last. */
  z.strictObject({ kind: z.literal('age-only'), bins: z.array(z.strictObject({ upTo: z.number(), mean: z.number() })).min(1), threshold }),
  /** Linear in the window's last normalised row: [inputs], and a constant. */
  z.strictObject({ kind: z.literal('last-value'), weights: z.array(z.number()), constant: z.number(), threshold }),
  /** Linear in the mean of the window's normalised rows: [inputs], and a constant. */
  z.strictObject({ kind: z.literal('window-mean'), weights: z.array(z.number()), constant: z.number(), threshold }),
]);
export type FittedBaseline = z.infer<typeof FittedBaseline>;
