import { join } from 'node:path';
import type { Clock } from '../engine/clock.ts';
import { backupTo } from './backup.ts';
import { checkPlant, type CheckReport } from './check.ts';
import { inTransaction, openConnection, type Connection } from './connection.ts';
import { migrate, migrationsFolder, readMigrations } from './migrate.ts';
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
import { createSources, type SourceRepository } from './records/sources.ts';
import { createSeries } from './series/create.ts';
import type { SeriesStore } from './series/series.ts';

/** Everything that is stored of one plant. One process has it open at a time (lock.ts). */
export interface Plant {
  /** The plant's folder; models and runs have theirs beside the database. */
  readonly folder: string;
  readonly sqliteVersion: string;
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
  /**
   * Everything that `work` writes commits together, or not at all when it throws. May be nested: the inner one is undone alone. `work` can't be async.
   * @throws what `work` throws; AppError('disk-full' | 'plant-damaged' | ...) for the file's own troubles
   */
  transaction<T>(work: () => T): T;
  /** Looks at everything and changes nothing: the file, the references, every chunk. Takes a while on a large plant. */
  check(): CheckReport;
  /** A copy that opens as a plant's database, made while the plant is in use; there once it is whole. @throws AppError('disk-full' | 'file-unreadable') */
  backup(file: string): Promise<void>;
  close(): void;
}

export interface PlantOptions {
  readonly clock: Clock;
  /** Where the migrations lie; found beside the program when left out. */
  readonly migrations?: string;
  /** Pages of 4 KiB that the database may grow to: a full disk, for tests. */
  readonly pagesAtMost?: number;
}

/** Name of the database in a plant's folder. */
export const DATABASE_FILE = 'plant.db';

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
  };
};

/**
 * Opens the plant in `folder`, made when missing, brought to this version when older.
 * @throws AppError('plant-newer') when a newer version wrote it, 'plant-damaged', 'file-unreadable', 'disk-full', 'plant-locked'
 */
export const openPlant = (folder: string, options: PlantOptions): Plant => {
  const connection = openConnection(join(folder, DATABASE_FILE));
  try {
    if (options.pagesAtMost !== undefined) connection.pragma(`max_page_count = ${options.pagesAtMost}`);
    migrate(connection, readMigrations(options.migrations ?? migrationsFolder()), options.clock.now());
    const records = recordsOf(connection, options);
    const series = createSeries(connection, () => options.clock.now());
    return {
      folder,
      sqliteVersion: String(connection.prepare('SELECT sqlite_version()').pluck().get()),
      ...records,
      series,
      transaction: (work) => {
        try {
          return inTransaction(connection, 'a change of the plant', work);
        } catch (thrown) {
          // The memory of the series may hold what was just undone.
          series.forget();
          throw thrown;
        }
      },
      check: () => checkPlant(connection, series),
      backup: (file) => backupTo(connection, file),
      close: () => {
        connection.close();
      },
    };
  } catch (thrown) {
    connection.close();
    throw thrown;
  }
};
