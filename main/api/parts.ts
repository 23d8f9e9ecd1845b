import type { Topic } from '../engine/topic.ts';
import type { JobContext, Jobs } from '../engine/jobs.ts';
import type { Clock } from '../engine/clock.ts';
import type { BackendReport } from '../../ml/documents/backend.ts';
import type { EpochRecord } from '../../ml/documents/history.ts';
import type { Alarm } from '../contract/alarms.ts';
import type { Source } from '../contract/data.ts';
import type { Machine } from '../contract/plant.ts';
import type { Backup, ExportRequest, Rebuilt, Retention, RetentionPreview, RetentionRule, StorageState } from '../contract/storage.ts';
import type { CudaState, Hello, Part, ProcessStatus } from '../contract/system.ts';
import type { Run } from '../contract/training.ts';
import type { AssetId, JobId, RunId } from '../contract/values.ts';
import type { Alarms } from '../alarms/alarms.ts';
import type { Forecasts } from '../forecast/forecasts.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { Labels } from '../labels/labels.ts';
import type { CleaningViews } from '../quality/cleaning/cleaning.ts';
import type { Quality } from '../quality/quality.ts';
import type { Registry } from '../registry/registry.ts';
import type { Runs } from '../runs/runs.ts';
import type { Schedules } from '../runs/schedules.ts';
import type { AuditToAppend } from '../store/records/audit.ts';
import type { Plant } from '../store/plant.ts';
import type { AppError } from '../contract/errors.ts';

/** The machines as the Plant screen shows them: put together from store, health, forecasts and alarms, never stored. */
export interface MachineBoard {
  readonly topic: Topic<Machine>;
  machine(asset: AssetId): Machine;
  list(): Machine[];
  /** Tells the readers that these machines' documents changed. */
  touch(assets: readonly AssetId[]): void;
}

/** The CUDA build of TensorFlow, of this user's machine. */
export interface CudaKeeper {
  state(): CudaState;
  /** @throws AppError('state-conflict') where there is no such build, or it is being installed */
  install(from: string | null): JobId;
  /** @throws AppError('state-conflict') while it is being installed */
  remove(): CudaState;
}

/** How the plant's disk, database and backups stand, and the ways out of damage. There also where no plant is open. */
export interface StorageKeeper {
  readonly topic: Topic<StorageState>;
  state(): StorageState;
  backups(): Backup[];
  /** Puts a backup in the plant's place; what was there is kept beside it. */
  restore(file: string, actor: string): Promise<{ kept: string | null }>;
  /** Copies all that can still be read into a new database. */
  rebuild(actor: string): Promise<Rebuilt>;
}

/** What becomes of old readings. */
export interface RetentionKeeper {
  get(): Retention;
  change(rules: readonly RetentionRule[]): Retention;
  preview(rules: readonly RetentionRule[], signal: AbortSignal | undefined): Promise<RetentionPreview>;
  /** The work of a job. @returns what it did */
  apply(context: JobContext): Promise<unknown>;
}

/** All that the calls are made of; put together in engine/engine.ts alone. */
export interface Parts {
  readonly hello: () => Hello;
  readonly clock: Clock;
  readonly plant: Plant;
  readonly jobs: Jobs;
  readonly ingest: Ingest;
  readonly quality: Quality;
  readonly cleaning: CleaningViews;
  readonly labels: Labels;
  readonly forecasts: Forecasts;
  readonly alarms: Alarms;
  readonly runs: Runs;
  readonly schedules: Schedules;
  readonly registry: Registry;
  readonly machines: MachineBoard;
  readonly topics: {
    readonly processes: Topic<ProcessStatus>;
    readonly sources: Topic<Source>;
    readonly alarms: Topic<Alarm>;
    readonly runs: Topic<Run>;
  };
  /** The epochs of one run: those there are, then each as it is done, until the run ends. */
  readonly epochs: (run: RunId, signal: AbortSignal | undefined) => ReturnType<Topic<EpochRecord>['stream']>;
  readonly storage: StorageKeeper;
  /** A command was given, and no row of the audit trail could be written. */
  readonly onAuditLost: (entry: AuditToAppend, error: AppError) => void;
  readonly retention: RetentionKeeper;
  /** Copies the plant into a file, and keeps its name. The work of a job. */
  readonly backup: (file: string, context: JobContext) => Promise<unknown>;
  /** Writes readings to a file. The work of a job. */
  readonly exportReadings: (request: ExportRequest, context: JobContext) => Promise<unknown>;
  readonly doctor: () => Promise<Part[]>;
  readonly backends: () => Promise<BackendReport[]>;
  readonly cuda: CudaKeeper;
  readonly startDemo: () => number;
  /** Rows of these assets are in: health, forecasts and alarms follow. */
  readonly afterRows: (assets: readonly AssetId[], signal?: AbortSignal) => Promise<void>;
}
