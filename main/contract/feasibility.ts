import { z } from 'zod';
import { Task } from '../../ml/documents/task.ts';
import { AssetId, EventId, Position } from './values.ts';

/** A failure that training can't use as it stands. */
export const LeftOutLabel = z.strictObject({
  event: EventId,
  asset: AssetId,
  assetName: z.string(),
  mode: z.string(),
  start: Position,
  /** no-readings: its machine has none; before-readings: nothing was read before it; in-downtime: the machine was down already, by another failure or its repair; behind-end: another failure ends the record before it; too-few-rows: the life before it is shorter than a window needs. */
  code: z.enum(['no-readings', 'before-readings', 'in-downtime', 'behind-end', 'too-few-rows']),
  /** In one sentence, in English. */
  reason: z.string(),
});
export type LeftOutLabel = z.infer<typeof LeftOutLabel>;

/**
 * What a feasibility analysis (after GB/T 40571) looks at. The figures stand in `found`, `needed` and `details`.
 * readings: machines that have any. failures: lives that ended in one, with readings before it. failures-of-mode: the same of one failure
 * mode. modes: failure modes with enough failures. history: lives with a whole window of rows before their failure. sensors: those that
 * all machines have and that vary. quality: the median score of their readings. sampling: readings within the time that the failure takes
 * to show. movement: whether any sensor moves before failures, as the p-value of a permutation test. horizon: readings within it.
 * healthy-running: rows of running far from any failure. not-built: this version does not learn the task.
 */
export const CriterionCode = z.enum(['readings', 'failures', 'failures-of-mode', 'modes', 'history', 'sensors', 'quality', 'sampling', 'movement', 'horizon', 'healthy-running', 'not-built']);
export type CriterionCode = z.infer<typeof CriterionCode>;

/** One criterion of one task. met: it speaks for the task; doubtful: the task can be tried, its forecasts are to be taken with care; unmet: it can't be learned. */
export const Criterion = z.strictObject({
  code: CriterionCode,
  verdict: z.enum(['met', 'doubtful', 'unmet']),
  found: z.number(),
  /** What makes it met; of a p-value, what it must lie below. */
  needed: z.number(),
  /** What makes it at least doubtful; null where that is the same. */
  least: z.number().nullable(),
  unit: z.enum(['machines', 'failures', 'modes', 'lives', 'sensors', 'score', 'readings', 'p', 'rows']),
  /** Failure mode that it speaks of, where it speaks of one. */
  mode: z.string().nullable(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  /** In one sentence, in English. */
  message: z.string(),
});
export type Criterion = z.infer<typeof Criterion>;

/** A length of time, or a count of cycles, as people read it. */
export const Amount = z.strictObject({ value: z.number(), unit: z.enum(['hours', 'days', 'cycles']) });
export type Amount = z.infer<typeof Amount>;

/** One horizon that 'failure' might be learned for. */
export const HorizonFeasibility = z.strictObject({
  horizon: Amount,
  possible: z.boolean(),
  /** too-short: fewer than two readings lie within it; too-long: most of a life lies within it; too-few-failures: as for the task. */
  code: z.enum(['possible', 'too-short', 'too-long', 'too-few-failures']),
  message: z.string(),
});
export type HorizonFeasibility = z.infer<typeof HorizonFeasibility>;

export const TaskFeasibility = z.strictObject({
  task: Task,
  possible: z.boolean(),
  /** ready: every criterion is met; preliminary: it can be tried; impossible. */
  verdict: z.enum(['ready', 'preliminary', 'impossible']),
  /** In one sentence, in English: what decides. */
  reason: z.string(),
  /** What was looked at, the deciding ones first. */
  criteria: z.array(Criterion),
  /** Of 'failure' alone. */
  horizons: z.array(HorizonFeasibility),
});
export type TaskFeasibility = z.infer<typeof TaskFeasibility>;

export const FailureModeCount = z.strictObject({ mode: z.string(), failures: z.int(), /** Those that have readings before them. */ usable: z.int(), needed: z.int() });
export type FailureModeCount = z.infer<typeof FailureModeCount>;

/** One machine: what the model of its type could tell of it. */
export const MachineFeasibility = z.strictObject({
  asset: AssetId,
  name: z.string(),
  failures: z.int(),
  /** Lives that were cut short by maintenance, and the one that goes on. */
  censored: z.int(),
  history: Amount.nullable(),
  /** Median distance of its readings, in axis units. */
  interval: z.number().nullable(),
  sensors: z.int(),
  missingSensors: z.array(z.string()),
  /** Median score of its sensors, 0 to 100; null: not looked at. */
  quality: z.number().nullable(),
  /** What can be forecast of it once a model is trained. */
  tasks: z.array(Task),
  /** Why not more: ok, no-readings, sensors-missing, poor-quality, type-impossible. */
  code: z.enum(['ok', 'no-readings', 'sensors-missing', 'poor-quality', 'type-impossible']),
  reason: z.string(),
});
export type MachineFeasibility = z.infer<typeof MachineFeasibility>;

/** One sensor that all machines of the type have. Null figures: not looked at, or nothing to measure by. */
export const SensorFeasibility = z.strictObject({
  name: z.string(),
  unit: z.string().nullable(),
  /** Share of the rows of the lives in which it was measured. */
  coverage: z.number().nullable(),
  /** Median score over the machines. */
  quality: z.number().nullable(),
  /** How far its readings before failures lie from those earlier in the same lives: -1 always below, 0 no difference, 1 always above (2 AUC - 1). */
  movement: z.number().nullable(),
  /** p-value of the movement, corrected for the number of sensors. */
  p: z.number().nullable(),
});
export type SensorFeasibility = z.infer<typeof SensorFeasibility>;

/** What the readings say, which takes a moment to read: at depth 'readings' alone. */
export const Movement = z.strictObject({
  /** p-value that no sensor moves before failures: sign flips of whole lives, the largest movement over all sensors. */
  p: z.number(),
  /** Lives that it was measured on. */
  lives: z.int(),
  permutations: z.int(),
  /** The sensor that moves most. */
  sensor: z.string().nullable(),
  /** How long before failures it begins to show, as the median over lives; null where nothing moves. */
  showsFor: Amount.nullable(),
  /** Readings within that time. */
  readings: z.number().nullable(),
});
export type Movement = z.infer<typeof Movement>;

/** What failures cost in time, to weigh the effort by: the plant's money is not known here. */
export const Benefit = z.strictObject({
  failures: z.int(),
  /** Years of running of all machines together; null on a cycle axis. */
  machineYears: z.number().nullable(),
  failuresAMachineYear: z.number().nullable(),
  /** Median time from a failure to the end of its repair; null where no end is known. */
  downtimeHours: z.number().nullable(),
  downtimeHoursAYear: z.number().nullable(),
});
export type Benefit = z.infer<typeof Benefit>;

/** What should be learned now, and what to do for more. */
export const Proposal = z.strictObject({
  task: Task.nullable(),
  verdict: z.enum(['ready', 'preliminary', 'impossible']),
  horizon: Amount.nullable(),
  /** In one sentence, in English: "3 failures of 'BRD', 12 needed; meanwhile: anomaly". */
  message: z.string(),
});
export type Proposal = z.infer<typeof Proposal>;

/** What labels and readings of one machine type allow, and why the rest is not offered: 'can this machine be predicted?'. */
export const Feasibility = z.strictObject({
  machineType: z.string(),
  machines: z.int(),
  failures: z.int(),
  tasks: z.array(TaskFeasibility),
  /** Failures that training leaves out, and why. */
  leftOut: z.array(LeftOutLabel),
  /** labels: counted only; readings: what the readings say is part of it. */
  depth: z.enum(['labels', 'readings']),
  /** One row of the grid that training would choose; null without a failure to choose it by. */
  step: Amount.nullable(),
  proposal: Proposal,
  modes: z.array(FailureModeCount),
  lives: z.strictObject({ failed: z.int(), censored: z.int(), goingOn: z.int(), median: Amount.nullable() }),
  perMachine: z.array(MachineFeasibility),
  sensors: z.array(SensorFeasibility),
  /** Sensors that training would leave out, and why. */
  sensorsLeftOut: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
  movement: Movement.nullable(),
  benefit: Benefit,
});
export type Feasibility = z.infer<typeof Feasibility>;

export const FeasibilityRequest = z.strictObject({
  /** readings: looks at quality and movement too, which takes seconds on a large plant. */
  depth: z.enum(['labels', 'readings']).default('labels'),
  /** null: every type. */
  machineType: z.string().nullable().default(null),
});
export type FeasibilityRequest = z.infer<typeof FeasibilityRequest>;
