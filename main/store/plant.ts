import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { AppError } from '../contract/errors.ts';
import type { Clock } from '../engine/clock.ts';
import { backupTo, type WorkHooks } from './backup.ts';
import { checkPlant, checkSteps, type CheckReport } from './check.ts';
import { BUSY_TIMEOUT_MS, inTransaction, openConnection, type Connection } from './connection.ts';
import { lookThrough, type LookExtent, type LookStep } from './look.ts';
import { assertCurrent, migrate, migrationsFolder, readMigrations } from './migrate.ts';
import { createAlarms, type AlarmRepository } from './records/alarms.ts';
import { createAssets, type AssetRepository } from './records/assets.ts';
import { createAudit, type AuditRepository } from './records/audit.ts';
import { createBaselines, type BaselineRepository } from './records/baselines.ts';
import { createEvents, type EventRepository } from './records/events.ts';
import { createFailureModes, type FailureModeRepository } from './records/failuremodes.ts';
import { createForecasts, type ForecastRepository } from './records/forecasts.ts';
import { createHealths, type HealthRepository } from './records/healths.ts';
import { createJobs, type JobRepository } from './records/jobs.ts';
import { createModels, type ModelRepository } from './records/models.ts';
import { createProfiles, type ProfileRepository } from './records/profiles.ts';
import { createQualities, type QualityRepository } from './records/qualities.ts';
import { createQuarantine, type QuarantineRepository } from './records/quarantine.ts';
import { createRuns, type RunRepository } from './records/runs.ts';
import { createSchedules, type ScheduleRepository } from './records/schedules.ts';
import { createSensors, type SensorRepository } from './records/sensors.ts';
import { createSettings, type SettingsRepository } from './records/settings.ts';
import { createUpkeep, type UpkeepRepository } from './records/upkeep.ts';
import { createSources, type SourceRepository } from './records/sources.ts';
import { createSeries } from './series/create.ts';
import type { SeriesStore } from './series/series.ts';
import { watchedSeries } from './series/watched.ts';
import { command } from './statement.ts';
import { completeSwap, DATABASE_FILE } from './swap.ts';
import { hearTroubles } from './trouble.ts';

/** Everything that is stored of one plant. One process has it open at a time (lock.ts). */
export interface Plant {
  /** The plant's folder; models and runs have theirs beside the database. */
  readonly folder: string;
  readonly sqliteVersion: string;
  /** Whether it wasn't closed in order the last time: a power cut, a crash. */
  readonly wasCut: boolean;
  readonly settings: SettingsRepository;
  readonly assets: AssetRepository;
  readonly sensors: SensorRepository;
  readonly series: SeriesStore;
  readonly events: EventRepository;
  readonly failureModes: FailureModeRepository;
  readonly qualities: QualityRepository;
  readonly sources: SourceRepository;
  readonly quarantine: QuarantineRepository;
  readonly profiles: ProfileRepository;
  readonly jobs: JobRepository;
  readonly runs: RunRepository;
  readonly models: ModelRepository;
  readonly schedules: ScheduleRepository;
  readonly healths: HealthRepository;
  readonly baselines: BaselineRepository;
  readonly forecasts: ForecastRepository;
  readonly alarms: AlarmRepository;
  readonly audit: AuditRepository;
  readonly upkeep: UpkeepRepository;
  /**
   * Everything that `work` writes commits together, or not at all when it throws. May be nested: the inner one is undone alone. `work` can't be async.
   * @throws what `work` throws; AppError('disk-full' | 'plant-damaged' | ...) for the file's own troubles
   */
  transaction<T>(work: () => T): T;
  /** Looks at everything and changes nothing: the file, the references, every chunk. Takes a while on a large plant. */
  check(): CheckReport;
  /** The same a step at a time, so that other work goes on in between. */
  checkSteps(problems: string[]): Generator<LookStep, void, void>;
  /**
   * Looks for damage a step at a time, so that other work goes on in between; what is found is added to `problems`, a sentence each.
   * quick: the small tables, what is counted, the newest readings. whole: every page and every checksum.
   */
  look(extent: LookExtent, problems: string[]): Generator<LookStep, void, void>;
  /**
   * The whole plant as one file, models and runs with it, made while the plant is in use; there once it was looked at whole.
   * @returns its bytes
   * @throws AppError('disk-full' | 'file-unreadable'), 'plant-damaged' when no good backup can be made, 'cancelled'
   */
  backup(file: string, hooks?: WorkHooks): Promise<number>;
  /** Gives pages that nothing uses back to the disk, at most so many a call. @returns bytes that are free within the file still */
  reclaim(pages: number): number;
  /** Writes something small and takes it back: whether writing works. @throws AppError('disk-full' | 'plant-locked' | 'file-unreadable') */
  tryWriting(): void;
  /** Moves the write-ahead log into the database and gives its room back to the disk. */
  shrinkLog(): void;
  /** Whether a write waits for another program's lock, or is refused at once. */
  waitForLocks(wait: boolean): void;
  close(): void;
}

export { DATABASE_FILE };

export interface PlantOptions {
  readonly clock: Clock;
  /** Nothing is written and nothing brought forward: another plant is only looked at, also while its own engine has it open. */
  readonly readOnly?: boolean;
  /** Asked before readings are taken; throws when they may not be (the disk is as good as full, the file is damaged). */
  readonly guard?: () => void;
  /** Hears of everything that goes wrong with the file or its disk, beside whoever met it. */
  readonly onTrouble?: (error: AppError) => void;
  /** Where the migrations lie; found beside the program when left out. */
  readonly migrations?: string;
  /** Pages of 4 KiB that the database may grow to: a full disk, for tests. */
  readonly pagesAtMost?: number;
}

/** Bytes written to see whether writing works: some pages, so that a full disk shows. */
const TRIAL_BYTES = 100_000;

const recordsOf = (connection: Connection, { clock }: PlantOptions) => {
  const now = () => clock.now();
  return {
    settings: createSettings(connection),
    assets: createAssets(connection),
    sensors: createSensors(connection),
    events: createEvents(connection),
    failureModes: createFailureModes(connection),
    qualities: createQualities(connection, now),
    sources: createSources(connection, now),
    quarantine: createQuarantine(connection),
    profiles: createProfiles(connection, now),
    jobs: createJobs(connection, now),
    runs: createRuns(connection),
    models: createModels(connection, now),
    schedules: createSchedules(connection, now),
    healths: createHealths(connection),
    baselines: createBaselines(connection),
    forecasts: createForecasts(connection),
    alarms: createAlarms(connection),
    audit: createAudit(connection, now),
    upkeep: createUpkeep(connection),
  };
};

/**
 * Opens the plant in `folder`, made when missing, brought to this version when older.
 * @throws AppError('plant-newer') when a newer version wrote it, 'plant-damaged', 'file-unreadable', 'disk-full', 'plant-locked'
 */
export const openPlant = (folder: string, options: PlantOptions): Plant => {
  if (options.readOnly !== true) completeSwap(folder);
  // Closing moves the log into the database and takes it away.
  const wasCut = (statSync(join(folder, `${DATABASE_FILE}-wal`), { throwIfNoEntry: false })?.size ?? 0) > 0;
  const connection = openConnection(join(folder, DATABASE_FILE), options.readOnly);
  try {
    if (options.pagesAtMost !== undefined) connection.pragma(`max_page_count = ${options.pagesAtMost}`);
    const shipped = readMigrations(options.migrations ?? migrationsFolder());
    if (options.readOnly === true) assertCurrent(connection, shipped);
    else migrate(connection, shipped, options.clock.now());
    const records = recordsOf(connection, options);
    const tell = options.onTrouble ?? (() => undefined);
    hearTroubles(connection, tell);
    const series = watchedSeries(createSeries(connection, () => options.clock.now()), options.guard ?? (() => undefined), tell);
    return {
      folder,
      sqliteVersion: String(connection.prepare('SELECT sqlite_version()').pluck().get()),
      wasCut,
      ...records,
      series,
      transaction: (work) => {
        try {
          return inTransaction(connection, 'changing the plant', work);
        } catch (thrown) {
          // The memory of the series may hold what was just undone.
          series.forget();
          throw thrown;
        }
      },
      check: () => checkPlant(connection, series),
      checkSteps: (problems) => checkSteps(connection, series, problems),
      look: (extent, problems) => lookThrough(connection, extent, problems),
      backup: (file, hooks) => backupTo(connection, folder, file, hooks),
      reclaim: (pages) => {
        // A file that was made before it could give pages back keeps them, and uses them again.
        if (Number(connection.pragma('auto_vacuum', { simple: true })) !== 2) return 0;
        // To SQLite, none means all.
        if (pages > 0) inTransaction(connection, 'giving room back', () => connection.exec(`PRAGMA incremental_vacuum(${pages})`));
        return Number(connection.pragma('freelist_count', { simple: true })) * Number(connection.pragma('page_size', { simple: true }));
      },
      shrinkLog: () => {
        connection.pragma('wal_checkpoint(TRUNCATE)');
      },
      waitForLocks: (wait) => {
        connection.pragma(`busy_timeout = ${wait ? BUSY_TIMEOUT_MS : 0}`);
      },
      tryWriting: () => {
        const put = command(connection, "INSERT INTO upkeep (name, value) VALUES ('trial', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value");
        put(JSON.stringify('x'.repeat(TRIAL_BYTES)));
        put('null');
      },
      close: () => {
        connection.close();
      },
    };
  } catch (thrown) {
    connection.close();
    throw thrown;
  }
};
