import { z } from 'zod';
import { call } from './call.ts';
import { JobStarted } from './jobs.ts';
import { resource } from './resource.ts';
import { AssetId, Micros, Position, SensorId, Zone } from './values.ts';

/** How it stands with what lasts: the disk, the database, the last backup. One document; it is told whenever it changes. */
export const StorageState = z.strictObject({
  id: z.literal('storage'),
  /**
   * ok; low-space: nothing is lost yet, a margin is left; disk-full: nothing new is taken; read-only: the folder or the disk can't be written;
   * locked: another program holds the database; damaged: restore or rebuild.
   */
  state: z.enum(['ok', 'low-space', 'disk-full', 'read-only', 'locked', 'damaged']),
  since: Micros,
  /** What SQLite or the system said, in English; null when ok. */
  message: z.string().nullable(),
  /** Bytes. */
  free: z.number().nullable(),
  margin: z.number(),
  database: z.number(),
  lastBackup: z.strictObject({ file: z.string(), at: Micros, bytes: z.number() }).nullable(),
  /** Whether the plant is open: false when it is damaged so far that only restoring or rebuilding is left. */
  isOpen: z.boolean(),
  /** The last look for damage. quick: sizes, the small tables, the newest readings; whole: every page and every checksum. Null: none since the engine started. */
  checked: z.strictObject({ at: Micros, extent: z.enum(['quick', 'whole']), problems: z.array(z.string()) }).nullable(),
  /** Restoring or rebuilding that is under way: other calls are refused until it has ended. */
  work: z.strictObject({ kind: z.enum(['restore', 'rebuild']), stage: z.enum(['copying', 'checking', 'replacing', 'reading']), done: z.number(), total: z.number().nullable(), unit: z.enum(['bytes', 'rows', 'steps']) }).nullable(),
});
export type StorageState = z.infer<typeof StorageState>;

export const Backup = z.strictObject({
  file: z.string(),
  at: Micros,
  bytes: z.number(),
  /** Whether the file is there and begins like a backup. */
  isThere: z.boolean(),
  /** Made by itself each day, and removed by itself when newer ones are there. */
  isAutomatic: z.boolean(),
});
export type Backup = z.infer<typeof Backup>;

/** What becomes of old readings. The first rule that fits a sensor holds; where none does, everything is kept. */
export const RetentionRule = z.strictObject({
  /** Null: every machine. */
  asset: AssetId.nullable(),
  /** Null: every sensor of it. */
  sensor: SensorId.nullable(),
  /** Readings older than so many days are thinned or removed; null: never. */
  keepDays: z.number().positive().nullable(),
  /** Thinned to one mean, lowest and highest reading of each step (seconds); null: removed instead. */
  thenEverySeconds: z.number().positive().nullable(),
  /** Thinned readings older than so many days are removed; null: never. */
  keepThinnedDays: z.number().positive().nullable(),
});
export type RetentionRule = z.infer<typeof RetentionRule>;

export const Retention = z.strictObject({
  rules: z.array(RetentionRule).max(100),
  /** When it was last applied, and what that did. */
  applied: z.strictObject({ at: Micros, readingsBefore: z.int(), readingsAfter: z.int(), bytesFreed: z.number() }).nullable(),
});
export type Retention = z.infer<typeof Retention>;

/** What rules would do if applied now. Readings that a label or a frozen run needs are kept and counted. */
export const RetentionPreview = z.strictObject({ sensors: z.int(), readings: z.int(), removed: z.int(), thinned: z.int(), kept: z.int() });
export type RetentionPreview = z.infer<typeof RetentionPreview>;

export const ExportRequest = z.strictObject({
  /** An absolute path ending in .csv or .parquet. */
  file: z.string().min(1),
  sensors: z.array(SensorId).min(1),
  from: Position.nullable().default(null),
  to: Position.nullable().default(null),
  /** wide: a column a sensor, a row a time; long: a row a reading. */
  layout: z.enum(['wide', 'long']).default('wide'),
  /** Times are written as ISO 8601 with this zone's offset; null: in UTC. Parquet holds instants, whatever the zone. */
  zone: Zone.nullable().default(null),
});
export type ExportRequest = z.infer<typeof ExportRequest>;

/** What rebuilding saved and what not: a sentence for each thing that is lost, with its sensor, span and readings where they are known. */
export const Rebuilt = z.strictObject({ kept: z.string(), rowsSaved: z.int(), readingsSaved: z.int(), lost: z.array(z.string()) });
export type Rebuilt = z.infer<typeof Rebuilt>;

export const storage = {
  watch: call('stream').input(z.strictObject({})).output(resource(StorageState)),
  state: call('query').input(z.strictObject({})).output(StorageState),
  backups: call('query').input(z.strictObject({})).output(z.array(Backup)),
  /** Puts a backup in the plant's place; the database that was there is kept beside it. The engine opens the plant anew. */
  restore: call('command', 'file-unreadable', 'plant-damaged', 'plant-newer', 'disk-full', 'state-conflict').input(z.strictObject({ file: z.string().min(1) })).output(z.strictObject({ kept: z.string().nullable() })),
  /** Copies all that can still be read into a new database; the damaged one is kept beside it. */
  rebuild: call('command', 'plant-damaged', 'disk-full', 'state-conflict').input(z.strictObject({})).output(Rebuilt),
  retention: call('query').input(z.strictObject({})).output(Retention),
  changeRetention: call('command', 'input-invalid').input(z.strictObject({ rules: z.array(RetentionRule).max(100) })).output(Retention),
  previewRetention: call('query').input(z.strictObject({ rules: z.array(RetentionRule).max(100) })).output(RetentionPreview),
  applyRetention: call('job').input(z.strictObject({})).output(JobStarted),
  export: call('job', 'file-unreadable', 'disk-full').input(ExportRequest).output(JobStarted),
};
