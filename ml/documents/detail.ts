import { z } from 'zod';

/** Errors of remaining life where the truth lies in one stretch; lengths in the evaluation's unit. */
export const ErrorBin = z.strictObject({ from: z.number(), to: z.number(), points: z.int(), rmse: z.number(), bias: z.number() });
export type ErrorBin = z.infer<typeof ErrorBin>;

/** Predictions of one stretch of probability, and how often the failure came. */
export const ReliabilityBin = z.strictObject({ from: z.number(), to: z.number(), points: z.int(), predicted: z.number(), observed: z.number() });
export type ReliabilityBin = z.infer<typeof ReliabilityBin>;

/** What alarms at one threshold would have done over the judged lives. */
export const AlarmOutcome = z.strictObject({
  /** On the probability; on the predicted remaining life (at most so much) in the evaluation's unit. */
  threshold: z.number(),
  failures: z.int(),
  caught: z.int(),
  falseAlarms: z.int(),
  /** From the alarm to the failure, of the failures caught, in the evaluation's unit; null without one. */
  leadTime: z.strictObject({ least: z.number(), median: z.number(), most: z.number() }).nullable(),
  /** Remaining life given away where the machine is stopped at each alarm that catches its failure, in the evaluation's unit. */
  givenAway: z.number(),
});
export type AlarmOutcome = z.infer<typeof AlarmOutcome>;

/** Alarms over all thresholds looked at, and the one in use. */
export const AlarmCurve = z.strictObject({
  /** An alarm that stands this long before a failure, or at any time after, has caught it; in the evaluation's unit. */
  horizon: z.number(),
  chosen: AlarmOutcome,
  curve: z.array(AlarmOutcome),
  /** How long the judged lives ran, in `exposureUnit`; false alarms are counted by it. */
  exposure: z.number(),
  exposureUnit: z.enum(['machine-years', 'thousand-cycles']),
});
export type AlarmCurve = z.infer<typeof AlarmCurve>;

/** alpha-lambda accuracy and prognostic horizon (Saxena, Celaya, Saha, Saha and Goebel 2010). */
export const PrognosticQuality = z.strictObject({
  alpha: z.number(),
  /** Share of the lives whose prediction lies within alpha of the true remaining life, at each share lambda of the known stretch. */
  accuracy: z.array(z.strictObject({ lambda: z.number(), lives: z.int(), within: z.number() })),
  /** From when on the predictions stay within alpha of the life's length: remaining life there, in the evaluation's unit; median over lives. */
  horizon: z.number().nullable(),
  /** Lives for which there is such a moment, and all that were looked at. */
  livesWithHorizon: z.int(),
  lives: z.int(),
});
export type PrognosticQuality = z.infer<typeof PrognosticQuality>;

/** What stands behind the numbers of an evaluation: of the model alone, not of its rivals. */
export const EvaluationDetail = z.strictObject({
  unit: z.string(),
  errorByTruth: z.array(ErrorBin).nullable(),
  prognostic: PrognosticQuality.nullable(),
  reliability: z.strictObject({ bins: z.array(ReliabilityBin), brier: z.number(), expectedError: z.number() }).nullable(),
  alarms: AlarmCurve.nullable(),
});
export type EvaluationDetail = z.infer<typeof EvaluationDetail>;
