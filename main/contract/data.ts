import { z } from 'zod';
import { call } from './call.ts';
import { ErrorCode } from './errors.ts';
import { JobStarted } from './jobs.ts';
import { QualityFinding } from './quality.ts';
import { resource } from './resource.ts';
import { Source, SourceAccess, SourceOptions } from './sources.ts';
import { AssetId, Axis, EventId, JobId, Micros, Position, SensorId, SourceId, Zone } from './values.ts';

export const Layout = z.enum(['wide', 'long', 'cmapss', 'events']);
export type Layout = z.infer<typeof Layout>;

export const Dialect = z.strictObject({
  /** One character; '\s+' for runs of blanks; 'fixed:0,20,31' for columns that begin at these places. */
  delimiter: z.string(),
  decimal: z.enum(['.', ',']),
  quote: z.string().nullable(),
  encoding: z.string(),
  /** Lines before the first data record: preamble, names, units. */
  headerLines: z.int().nonnegative(),
});
export type Dialect = z.infer<typeof Dialect>;

export const TimestampFormat = z.strictObject({
  /**
   * iso, pattern (with `format`), epoch-s|ms|us|ns, filetime (100 ns since 1601), epoch-1904 (seconds, LabVIEW), excel, elapsed-* (since a
   * start), clock (the time of day alone), parts (year, month, ..., second in columns of their own), interval (no column: record number
   * times a stated interval), cycle, none.
   */
  kind: z.enum(['iso', 'pattern', 'epoch-s', 'epoch-ms', 'epoch-us', 'epoch-ns', 'filetime', 'epoch-1904', 'excel', 'elapsed-s', 'elapsed-ms', 'elapsed-us', 'elapsed-min', 'elapsed-h', 'elapsed-d', 'clock', 'parts', 'interval', 'cycle', 'none']),
  /**
   * As luxon writes patterns: 'dd.MM.yyyy HH:mm:ss'. elapsed: '... since 2025-05-20T06:00:00Z'. clock: 'HH:mm:ss on 2025-05-20'. parts: the names of
   * the parts in the columns' order, with 'on 2025-05-20' where no column tells the date. interval: 'every 0.5 s since 2025-05-20T06:00:00Z'.
   */
  format: z.string(),
  /** Zone of times that carry no offset: the site's zone, or one that the header states. */
  zone: z.string(),
});
export type TimestampFormat = z.infer<typeof TimestampFormat>;

export const ColumnRole = z.enum(['time', 'date', 'clock', 'cycle', 'value', 'state', 'tag', 'asset', 'unit', 'quality', 'counter', 'text', 'ignore', 'kind', 'mode', 'end', 'known']);
export type ColumnRole = z.infer<typeof ColumnRole>;

export const Column = z.strictObject({
  index: z.int().nonnegative(),
  /** Header text without its unit. */
  name: z.string(),
  role: ColumnRole,
  unit: z.string().nullable(),
  unitAsWritten: z.string().nullable(),
  /** Why this role was chosen, in one sentence. */
  why: z.string(),
  /** The header as it stands in the file: by it a profile finds the column again, whatever its name was changed to. */
  header: z.string().optional(),
});
export type Column = z.infer<typeof Column>;

/** How a file is read: found by `inspect`, overruled by people, kept as a profile or in a mapping file. */
export const Mapping = z.strictObject({
  version: z.literal(1),
  layout: Layout,
  dialect: Dialect,
  timestamp: TimestampFormat,
  columns: z.array(Column),
  /** Name of the asset for files that name none. */
  asset: z.string().nullable(),
  machineType: z.string().nullable(),
  axis: Axis,
  /** Numbers that the file declares to mean 'no value', e.g. -9999. */
  missingCodes: z.array(z.number()).default([]),
});
export type Mapping = z.infer<typeof Mapping>;

export const Finding = z.strictObject({ code: z.string(), message: z.string() });
export type Finding = z.infer<typeof Finding>;

/** One thing that was decided about a file: by the file itself, by a profile, or by somebody. The window words it from `code`. */
export const Decision = z.strictObject({
  code: z.enum(['encoding', 'delimiter', 'decimal', 'quote', 'header', 'layout', 'time-columns', 'time-form', 'day-month-order', 'zone', 'axis', 'asset', 'missing-codes', 'profile']),
  chosen: z.string(),
  /** In one sentence, in English. */
  why: z.string(),
  /** What else could be chosen. */
  alternatives: z.array(z.string()),
  /** False: the file doesn't tell, so people are asked. */
  isCertain: z.boolean(),
});
export type Decision = z.infer<typeof Decision>;

export const EventKind = z.enum(['failure', 'error', 'maintenance', 'inspection', 'mode', 'verdict']);
export type EventKind = z.infer<typeof EventKind>;

export const Inspection = z.strictObject({
  file: z.string(),
  bytes: z.int(),
  mapping: Mapping,
  decisions: z.array(Decision).default([]),
  /** The stored profile that knows this kind of file; null where none does. */
  profile: z.string().nullable().default(null),
  /** The file's first lines as text, as they stand in it. */
  raw: z.array(z.string()).default([]),
  findings: z.array(Finding),
  /** The first rows as they will be stored: position and one value a value column (null: missing). */
  preview: z.array(z.strictObject({ at: Position, asset: z.string(), values: z.array(z.strictObject({ sensor: z.string(), value: z.number().nullable(), /** Why there is no value. */ missing: z.enum(['empty', 'word', 'code', 'quality', 'unreadable']).optional() })) })),
  /** The first rows of an event table, as they will be stored. */
  events: z.array(z.strictObject({ asset: z.string(), kind: EventKind, mode: z.string(), start: Position, end: Position.nullable(), knownAt: Position, comment: z.string().nullable() })).default([]),
});
export type Inspection = z.infer<typeof Inspection>;

export const FileReport = z.strictObject({
  file: z.string(),
  rowsRead: z.int(),
  rowsStored: z.int(),
  valuesStored: z.int(),
  missing: z.int(),
  duplicates: z.int(),
  replaced: z.int(),
  /** Rows with a new reading that came after newer ones. */
  late: z.int().default(0),
  quarantined: z.int(),
  reasons: z.record(z.string(), z.int()),
  /** Why nothing of the file was stored, or what else is to be known about it; null where there is nothing to say. */
  message: z.string().nullable().default(null),
  /** The code of what kept the file from being read; null where it was read. */
  error: ErrorCode.nullable().default(null),
});
export type FileReport = z.infer<typeof FileReport>;

export const ImportReport = z.strictObject({
  files: z.array(FileReport),
  assets: z.array(z.string()),
  sensors: z.array(z.strictObject({ asset: z.string(), name: z.string(), unit: z.string().nullable() })),
  events: z.int(),
  valuesPerSecond: z.number(),
  peakMemoryMiB: z.number(),
  seconds: z.number(),
});
export type ImportReport = z.infer<typeof ImportReport>;

export const ImportRequest = z.strictObject({
  /** Absolute paths. */
  files: z.array(z.string().min(1)).min(1),
  /** 'auto', 'cmapss', or the name of a stored profile. */
  profile: z.string().default('auto'),
  mapping: Mapping.nullable().default(null),
  /** Files that are read by a mapping of their own, before `mapping` and `profile`. */
  readAs: z.array(z.strictObject({ files: z.array(z.string().min(1)).min(1), mapping: Mapping })).optional(),
  /** Zone of times without an offset; null: the plant's zone. */
  site: Zone.nullable().default(null),
  asset: z.string().nullable().default(null),
});
export type ImportRequest = z.infer<typeof ImportRequest>;

/** A mapping kept under a name: it recognises the next file of its kind. */
export const Profile = z.strictObject({ name: z.string().min(1).max(120), mapping: Mapping, createdAt: Micros });
export type Profile = z.infer<typeof Profile>;

export { Source };

export const FollowRequest = z.strictObject({
  /** Files and folders, or addresses: tcp-listen://HOST:PORT, tcp-connect://HOST:PORT, http-listen://HOST:PORT. */
  paths: z.array(z.string().min(1)).min(1),
  /** Zone of times without an offset; null: the plant's zone. */
  site: Zone.nullable().default(null),
  asset: z.string().nullable().default(null),
  mapping: Mapping.nullable().default(null),
  options: SourceOptions.prefault({}),
});
export type FollowRequest = z.infer<typeof FollowRequest>;

export const QuarantinedRow = z.strictObject({
  id: z.int(),
  file: z.string(),
  line: z.int(),
  /** The code of the reason: time-unreadable, row-too-short, ... */
  reason: z.string(),
  /** The row's bytes as text: valid UTF-8 as such, other bytes as \xNN. */
  original: z.string(),
  /** The same in the encoding that the file was read in, where that isn't UTF-8; null otherwise. */
  decoded: z.string().nullable(),
  at: Micros,
});
export type QuarantinedRow = z.infer<typeof QuarantinedRow>;

/** How many rows of a file were set aside for one reason. */
export const QuarantineCount = z.strictObject({ file: z.string(), reason: z.string(), rows: z.int() });
export type QuarantineCount = z.infer<typeof QuarantineCount>;

/** A file that could be imported. */
export const ListedFile = z.strictObject({ path: z.string(), bytes: z.int() });
export type ListedFile = z.infer<typeof ListedFile>;

export const SensorQuality = z.strictObject({
  sensor: SensorId,
  asset: z.string(),
  name: z.string(),
  unit: z.string().nullable(),
  count: z.int(),
  missing: z.int(),
  gaps: z.int(),
  flat: z.int(),
  spikes: z.int(),
  outOfRange: z.int(),
  /** Readings that the nominal interval would give between the first and the last one; null where there is no interval. */
  expected: z.number().nullable(),
  /** Share of them that is there, 0 to 1. */
  completeness: z.number().min(0).max(1).nullable(),
  /** 0 to 100: 100 less the costs of the findings. */
  score: z.number(),
  /** The findings, costliest first, as English sentences. */
  reasons: z.array(z.string()),
  /** The same, costliest first, as codes with figures. */
  findings: z.array(QualityFinding),
});
export type SensorQuality = z.infer<typeof SensorQuality>;

export const PlantEvent = z.strictObject({
  id: EventId,
  asset: AssetId,
  assetName: z.string(),
  kind: EventKind,
  /** Failure mode (ISO 14224 code), error code, operating mode, or free text. */
  mode: z.string(),
  start: Position,
  end: Position.nullable(),
  /** When it was known: as-of replay uses nothing before it was known. */
  knownAt: Position,
  comment: z.string().nullable(),
});
export type PlantEvent = z.infer<typeof PlantEvent>;
export const NewEvent = PlantEvent.omit({ id: true, asset: true, assetName: true })
  .extend({ asset: z.string() })
  .refine(({ start, end }) => end === null || end >= start, { path: ['end'], message: 'expected the end at or after the start' });
export type NewEvent = z.infer<typeof NewEvent>;

export const data = {
  /** The files that are named, and those in and below the folders that are named; pictures, programs and the like are passed over and counted. */
  files: call('query', 'file-unreadable').input(z.strictObject({ paths: z.array(z.string().min(1)).min(1) })).output(z.strictObject({ files: z.array(ListedFile), passedOver: z.int() })),
  inspect: call('query', 'file-unreadable', 'file-not-understood').input(ImportRequest).output(z.array(Inspection)),
  import: call('job').input(ImportRequest).output(JobStarted),
  importReport: call('query', 'not-found', 'state-conflict').input(z.strictObject({ job: JobId })).output(ImportReport),
  profiles: call('query').input(z.strictObject({})).output(z.array(Profile)),
  saveProfile: call('command', 'mapping-invalid').input(Profile.omit({ createdAt: true })).output(Profile),
  removeProfile: call('command', 'not-found').input(z.strictObject({ name: z.string() })).output(z.strictObject({ name: z.string() })),
  sources: call('stream').input(z.strictObject({})).output(resource(Source)),
  /** Follows anew, or again from where it was read to. Asked again with other options, the new ones hold. */
  follow: call('command', 'file-unreadable', 'input-invalid', 'not-found').input(FollowRequest).output(z.array(Source)),
  /** What the named sources (and the files in them) have brought since the engine started. */
  followReport: call('query').input(z.strictObject({ paths: z.array(z.string()) })).output(ImportReport),
  unfollow: call('command', 'not-found').input(z.strictObject({ source: SourceId })).output(Source),
  /** Stops it and takes it off the list. Readings stay, and so does how far it was read: followed again, it goes on from there. */
  removeSource: call('command', 'not-found').input(z.strictObject({ source: SourceId })).output(z.strictObject({ source: SourceId })),
  /** What a sender needs to push to it; 'input-invalid' for files and folders. */
  sourceAccess: call('query', 'not-found', 'input-invalid').input(z.strictObject({ source: SourceId })).output(SourceAccess),
  /** A new token; the old one counts no longer. */
  renewToken: call('command', 'not-found', 'input-invalid').input(z.strictObject({ source: SourceId })).output(SourceAccess),
  quality: call('query').input(z.strictObject({ asset: AssetId.nullable().default(null) })).output(z.array(SensorQuality)),
  quarantine: call('query').input(z.strictObject({ limit: z.int().min(1).max(10_000).default(200), before: z.int().nullable().default(null), file: z.string().nullable().default(null), reason: z.string().nullable().default(null) })).output(z.strictObject({ total: z.int(), rows: z.array(QuarantinedRow) })),
  quarantineCounts: call('query').input(z.strictObject({})).output(z.array(QuarantineCount)),
  events: call('query').input(z.strictObject({ asset: AssetId.nullable().default(null) })).output(z.array(PlantEvent)),
  addEvents: call('command', 'not-found').input(z.strictObject({ events: z.array(NewEvent).min(1) })).output(z.array(PlantEvent)),
  importEvents: call('command', 'file-unreadable', 'file-not-understood').input(z.strictObject({ file: z.string(), site: Zone.nullable().default(null) })).output(z.strictObject({ events: z.array(PlantEvent), /** Rows that can't be used: their lines, counted from 1, and the codes of the reasons. */ aside: z.array(z.strictObject({ line: z.int(), reason: z.string() })) })),
  /** One page of a series' stored points, in order; `next` is the `after` of the next page. */
  points: call('query', 'not-found')
    .input(z.strictObject({ sensor: z.string(), asset: z.string().nullable().default(null), from: Position.nullable().default(null), to: Position.nullable().default(null), after: Position.nullable().default(null), limit: z.int().min(1).max(200_000).default(50_000) }))
    .output(z.strictObject({ asset: z.string(), sensor: z.string(), unit: z.string().nullable(), axis: Axis, points: z.array(z.tuple([Position, z.number()])), next: Position.nullable() })),
  check: call('query').input(z.strictObject({})).output(z.strictObject({ ok: z.boolean(), problems: z.array(z.string()) })),
  backup: call('job', 'disk-full').input(z.strictObject({ file: z.string() })).output(JobStarted),
};
