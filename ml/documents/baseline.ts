import { z } from 'zod';

/** On a probability, chosen on the training part; of no meaning for remaining life. */
const threshold = z.number();

/** A sum of trees of four questions; node k is followed by 2k + 1 (at most the threshold) and 2k + 2, feature -1 asks nothing. */
const BoostedTrees = z.strictObject({
  loss: z.enum(['squared', 'logistic']),
  start: z.number(),
  trees: z.array(z.strictObject({ features: z.array(z.int()), thresholds: z.array(z.number()), values: z.array(z.number()) })),
});

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
  /** One limit on the last value of one input, in normalised units: the mean label above it, and at or below it. */
  z.strictObject({ kind: z.literal('limits-only'), input: z.int().nonnegative(), limit: z.number(), above: z.number(), below: z.number(), threshold }),
  /** Gradient boosting on features of the window (last value, mean, slope and spread of each input). */
  z.strictObject({ kind: z.literal('boosting'), boosted: BoostedTrees, threshold }),
  /** Of `fault`: the share of each class among the training windows, whatever the window. */
  z.strictObject({ kind: z.literal('majority'), shares: z.array(z.number()), threshold }),
  /** Of `fault`: a linear function of the window's mean row for each class. */
  z.strictObject({ kind: z.literal('class-linear'), classes: z.array(z.strictObject({ weights: z.array(z.number()), constant: z.number() })), threshold }),
  /** Of `fault`: gradient boosting on features of the window for each class against the others. */
  z.strictObject({ kind: z.literal('class-boosting'), classes: z.array(BoostedTrees), threshold }),
]);
export type FittedBaseline = z.infer<typeof FittedBaseline>;
