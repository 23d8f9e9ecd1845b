import { z } from 'zod';
import { Preset, TrainingConfig } from '../../ml/documents/config.ts';
import { EpochRecord } from '../../ml/documents/history.ts';
import { Evaluation } from '../../ml/documents/metrics.ts';
import { SearchReport } from '../../ml/documents/search.ts';
import { Task } from '../../ml/documents/task.ts';
import { call } from './call.ts';
import { ErrorDocument } from './errors.ts';
import { Amount, Feasibility, FeasibilityRequest } from './feasibility.ts';
import { JobStarted } from './jobs.ts';
import { resource } from './resource.ts';
import { BackendUse } from './trainer.ts';
import { JobId, Micros, ModelId, RunId, ScheduleId, Zone } from './values.ts';

/** cut: the trainer ended before the run did; it goes on from its last checkpoint when asked. */
export const RunState = z.enum(['freezing', 'training', 'evaluating', 'done', 'failed', 'cancelled', 'cut']);
export type RunState = z.infer<typeof RunState>;

export const Run = z.strictObject({
  id: RunId,
  job: JobId.nullable(),
  task: Task,
  machineType: z.string(),
  state: RunState,
  /** Who or what asked for it: 'operator', 'schedule', 'demo', 'cli'. */
  cause: z.enum(['operator', 'schedule', 'demo', 'cli']),
  config: TrainingConfig,
  backend: z.string().nullable(),
  /** Where the run computed from which epoch on, and why there: the choice at its start, then each backend that was lost on the way. */
  backends: z.array(BackendUse),
  fingerprint: z.string().nullable(),
  /** Units of the frozen dataset by split. */
  units: z.strictObject({ train: z.int(), validation: z.int() }).nullable(),
  epochsDone: z.int(),
  epochsPlanned: z.int(),
  bestEpoch: z.int().nullable(),
  lastEpoch: EpochRecord.nullable(),
  /** Estimate from the pace of the last epochs, in seconds; null when not training. */
  secondsLeft: z.number().nullable(),
  evaluation: Evaluation.nullable(),
  model: ModelId.nullable(),
  error: ErrorDocument.nullable(),
  startedAt: Micros,
  endedAt: Micros.nullable(),
});
export type Run = z.infer<typeof Run>;

export const ModelRole = z.enum(['champion', 'challenger', 'archived']);
export type ModelRole = z.infer<typeof ModelRole>;
export const Model = z.strictObject({
  id: ModelId,
  run: RunId.nullable(),
  task: Task,
  machineType: z.string(),
  role: ModelRole,
  createdAt: Micros,
  fingerprint: z.string(),
  backend: z.string(),
  parameters: z.int(),
  evaluation: Evaluation,
});
export type Model = z.infer<typeof Model>;

const ModelSensor = z.strictObject({ name: z.string(), unit: z.string().nullable() });

/** What a model sees and was not given, out of its document. */
export const ModelFacts = z.strictObject({
  /** One row. */
  step: Amount,
  /** Rows that it sees for one forecast. */
  window: z.int(),
  inputs: z.array(ModelSensor),
  leftOut: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
  /** Readings are cleaned by the sensors' recipes first. */
  isCleaned: z.boolean(),
  /** Operating regimes: the sensors that tell them, and their centres in those sensors' units, [regimes][sensors]; one centre without values: no regimes. */
  regimes: z.strictObject({ sensors: z.array(ModelSensor), centres: z.array(z.array(z.number())) }),
  /** Validation units that its 90 % intervals were sized by; null where it has none. */
  intervalUnits: z.int().nullable(),
});
export type ModelFacts = z.infer<typeof ModelFacts>;

/** Time that a search for a better configuration may take; at most a week. */
export const SearchBudget = z.strictObject({ minutes: z.number().positive().max(10_080) });
export type SearchBudget = z.infer<typeof SearchBudget>;

export const Schedule = z.strictObject({
  id: ScheduleId,
  cron: z.string(),
  zone: Zone,
  task: Task,
  machineType: z.string().nullable(),
  preset: Preset,
  /** Its runs look for a better configuration for so long first; null: they don't. */
  search: SearchBudget.nullable(),
  nextRuns: z.array(Micros),
  lastRun: z.strictObject({ at: Micros, run: RunId.nullable(), outcome: z.enum(['started', 'skipped', 'failed']), reason: z.string().nullable() }).nullable(),
});
export type Schedule = z.infer<typeof Schedule>;

export const TrainRequest = z.strictObject({
  task: Task,
  /** null: the only machine type there is, else the one with the most failures. */
  machineType: z.string().nullable().default(null),
  /** Overrides of the defaults; unknown keys are refused. */
  config: TrainingConfig.partial().omit({ task: true }).default({}),
  /** Horizon of `failure` and `fault` in the dataset's unit (cycles, hours or days). */
  horizon: z.number().positive().nullable().default(null),
  /** Looks for a better configuration for so long before it trains; null: trains `config` as it is. */
  search: SearchBudget.nullable().default(null),
  cause: z.enum(['operator', 'cli']).default('operator'),
});
export type TrainRequest = z.infer<typeof TrainRequest>;

export const EvaluationReport = z.strictObject({
  model: ModelId,
  evaluation: Evaluation,
  /** Predicted and true at the last judged row: in the model's unit, or as a probability (of `fault`: that any is present) and the class. */
  perAsset: z.array(z.strictObject({ asset: z.string(), points: z.int(), rmse: z.number().nullable(), predicted: z.number().nullable(), truth: z.number().nullable(), predictedClass: z.string().nullable(), truthClass: z.string().nullable(), noForecast: z.string().nullable() })),
});
export type EvaluationReport = z.infer<typeof EvaluationReport>;

export const training = {
  feasibility: call('query', 'not-found').input(FeasibilityRequest).output(z.array(Feasibility)),
  train: call('job', 'too-little-data', 'no-labels', 'task-not-supported').input(TrainRequest).output(z.strictObject({ job: JobId, run: RunId })),
  resume: call('job', 'not-found', 'state-conflict').input(z.strictObject({ run: RunId })).output(z.strictObject({ job: JobId, run: RunId })),
  runs: call('stream').input(z.strictObject({})).output(resource(Run)),
  run: call('query', 'not-found').input(z.strictObject({ run: RunId })).output(z.strictObject({ run: Run, history: z.array(EpochRecord) })),
  /** The epochs of one run: those there are, then each as it is done. Ends with the run. */
  epochs: call('stream', 'not-found').input(z.strictObject({ run: RunId })).output(resource(EpochRecord)),
  /** What the search of a run has tried; null where it does not search. */
  search: call('query', 'not-found', 'file-unreadable').input(z.strictObject({ run: RunId })).output(SearchReport.nullable()),
  modelFacts: call('query', 'not-found', 'model-damaged').input(z.strictObject({ model: ModelId })).output(ModelFacts),
  models: call('query').input(z.strictObject({})).output(z.array(Model)),
  promote: call('command', 'not-found', 'state-conflict').input(z.strictObject({ model: ModelId })).output(Model),
  rollback: call('command', 'not-found', 'state-conflict').input(z.strictObject({ task: Task, machineType: z.string() })).output(Model),
  evaluate: call('job', 'not-found', 'too-little-data')
    .input(z.strictObject({ model: ModelId, plantFolder: z.string().nullable().default(null) }))
    .output(JobStarted),
  evaluation: call('query', 'not-found', 'state-conflict').input(z.strictObject({ job: JobId })).output(EvaluationReport),
  schedules: call('query').input(z.strictObject({})).output(z.array(Schedule)),
  previewCron: call('query', 'cron-invalid').input(z.strictObject({ cron: z.string(), zone: Zone, count: z.int().min(1).max(50).default(5) })).output(z.array(Micros)),
  addSchedule: call('command', 'cron-invalid')
    .input(z.strictObject({ cron: z.string().min(1).max(200), zone: Zone, task: Task, machineType: z.string().nullable().default(null), preset: Preset.default('plain'), search: SearchBudget.nullable().default(null) }))
    .output(Schedule),
  removeSchedule: call('command', 'not-found').input(z.strictObject({ schedule: ScheduleId })).output(z.strictObject({ schedule: ScheduleId })),
};
