import { z } from 'zod';

/**
 * What the honesty guard can find; each makes an evaluation look better than the model will be in the plant.
 * - knows-the-end: one column tells the remaining life before any wear can show (a countdown, a noisy copy of the label)
 * - columns-know-the-end: several columns tell it together
 * - life-constant: a column that is constant within a life tells how long that life will be
 * - computed-from-the-end: a column is a noise-free function of the remaining life, or of the share of the life that is over
 * - failure-flag: a column (or its gaps) switches at the same distance from every failure
 * - only-near-failures: a column is measured near failures only
 * - changes-at-failure: a column switches in the very last row of each life
 * - future-filled: gaps are filled in a straight line towards the next reading
 * - future-copy: a column holds what another one will read some steps later
 * - scaled-over-life: every life was scaled by its own mean and spread, or minimum and maximum, its end included
 * - scaler-saw-validation: the scaling was learnt from the validation lives too
 * - rows-after-failure: a life's rows go on after its failure
 * - label-known-later: a training life's failure was not known yet when the validation life ran
 * - same-life-in-both-parts: one life, or parts of it, both train and validate
 * - gap-too-short: a validation life follows a cut-off training life of the same machine within a window
 * - copied-life: a life is a copy of another one under another name (also scaled, noisy, resampled, cut), on whichever side each stands
 * - easy-validation: the validation lives are the easy ones
 * - failures-at-once: the machines fail at the same moments, so that a calendar tells the failures
 * - scores-at-once: what the model says moves together on all machines and not with the machine's own state
 * - calendar-column: a column is a clock
 * - shuffled-twin: a twin trained on labels swapped between machines does better than the age alone
 * - age-only-twin: the model does no better than the age alone
 */
export const HonestyCode = z.enum([
  'knows-the-end',
  'columns-know-the-end',
  'life-constant',
  'computed-from-the-end',
  'failure-flag',
  'only-near-failures',
  'changes-at-failure',
  'future-filled',
  'future-copy',
  'scaled-over-life',
  'scaler-saw-validation',
  'rows-after-failure',
  'label-known-later',
  'same-life-in-both-parts',
  'gap-too-short',
  'copied-life',
  'easy-validation',
  'failures-at-once',
  'scores-at-once',
  'calendar-column',
  'shuffled-twin',
  'age-only-twin',
]);
export type HonestyCode = z.infer<typeof HonestyCode>;

/** One thing found: where, how strong, and what to do. Sentences are English; a window words the code itself. */
export const HonestyFinding = z.strictObject({
  code: HonestyCode,
  /** blocking: the model can't be promoted. warning: told, and left to people. */
  severity: z.enum(['blocking', 'warning']),
  columns: z.array(z.string()),
  /** Units (machine, and where it begins) that it is about; empty: all. */
  units: z.array(z.string()),
  /** What was measured, and the value beyond which it is a finding; `measure` says of what. */
  figure: z.number(),
  limit: z.number(),
  measure: z.string(),
  what: z.string(),
  remedy: z.string(),
});
export type HonestyFinding = z.infer<typeof HonestyFinding>;

/** A twin: another predictor trained beside the model, and how it did on the same validation windows. */
export const HonestyTwin = z.strictObject({
  name: z.enum(['shuffled-labels', 'age-only', 'stand-in']),
  /** RMSE in steps of the axis for remaining life, Brier score for a failure within the horizon. */
  error: z.number(),
  /** What it is compared with. */
  chance: z.number(),
});
export type HonestyTwin = z.infer<typeof HonestyTwin>;

/** What the honesty guard found about a model's data, split and evaluation. */
export const Honesty = z.strictObject({
  version: z.literal(1),
  findings: z.array(HonestyFinding),
  twins: z.array(HonestyTwin),
  /** Checks that could not be made, and why. */
  skipped: z.array(z.strictObject({ code: HonestyCode, reason: z.string() })),
});
export type Honesty = z.infer<typeof Honesty>;

/** The findings that keep a model from being promoted. */
export const blockingFindings = (honesty: Honesty | null): HonestyFinding[] => honesty?.findings.filter(({ severity }) => severity === 'blocking') ?? [];
