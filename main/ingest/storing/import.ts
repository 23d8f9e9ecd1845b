import { setImmediate } from 'node:timers/promises';
import type { FileReport, ImportReport, ImportRequest } from '../../contract/data.ts';
import { AppError } from '../../contract/errors.ts';
import type { AssetId } from '../../contract/values.ts';
import type { Clock } from '../../engine/clock.ts';
import type { Log } from '../../engine/log.ts';
import type { Plant } from '../../store/plant.ts';
import { addUnitFailures, isRulFile, readRul, rulBeside, testLineOf } from '../cmapss.ts';
import { identityOf, readChunks, sizeOf, withMembers } from '../reading/bytes.ts';
import { stemOf } from '../shape/naming.ts';
import { type Committed, commitIntake, type FileRecord, Registry } from './commit.ts';
import { Intake, IntakeState } from './intake.ts';
import { askedOf, type Prepared, prepareFile, tableKind, zoneOf } from './prepare.ts';

/** How an import speaks while it runs. */
export interface ImportHooks {
  signal?: AbortSignal | undefined;
  /** Bytes read of all files, as they lie on the disk. */
  progress?: ((stage: string, done: number, total: number | null) => void) | undefined;
  /** Rows of these assets have been committed. */
  committed?: ((assets: AssetId[]) => void) | undefined;
}

export interface ImportParts {
  plant: Plant;
  clock: Clock;
  log: Log;
}

/** What gathers over the files of one import. */
interface Course {
  parts: ImportParts;
  hooks: ImportHooks;
  done: number;
  total: number;
  peak: number;
  values: number;
  events: number;
  assets: Set<AssetId>;
}

const emptyReport = (file: string, message: string | null = null): FileReport => ({ file, rowsRead: 0, rowsStored: 0, valuesStored: 0, missing: 0, duplicates: 0, replaced: 0, late: 0, quarantined: 0, reasons: {}, message, error: null });

const addTo = (report: FileReport, counts: Committed): void => {
  report.rowsRead += counts.rowsRead;
  report.rowsStored += counts.rowsStored;
  report.valuesStored += counts.valuesStored;
  report.missing += counts.missing;
  report.duplicates += counts.duplicates;
  report.replaced += counts.replaced;
  report.late += counts.late;
  report.quarantined += counts.quarantined;
  for (const [reason, count] of Object.entries(counts.reasons)) report.reasons[reason] = (report.reasons[reason] ?? 0) + count;
};

/** The record of a file that was imported before, or of a new one. An import that was cut goes on; a whole one is read again. */
const openRecord = (plant: Plant, prepared: Prepared): { file: FileRecord; intake: Intake } => {
  const { head, path, bytes } = prepared;
  const known = plant.sources.files(null).findLast((file) => file.identityBytes <= head.length && identityOf(head, file.identityBytes) === file.identity && file.position <= Math.max(bytes, file.bytes));
  const state = known ? IntakeState.parse(known.state) : null;
  const isSame = known !== undefined && (known.path === path || prepared.isTelling);
  const goesOn = isSame && state !== null && !state.isComplete && known.mapping.layout === prepared.mapping.layout;
  const file: FileRecord = {
    id: known?.id,
    source: null,
    path,
    identity: identityOf(head, head.length),
    identityBytes: head.length,
    bytes,
    quarantined: goesOn ? known.quarantined : 0,
  };
  const start = goesOn ? { position: known.position, line: known.line, state } : { position: prepared.start, line: 0, state: prepared.state };
  const mapping = goesOn ? known.mapping : prepared.mapping;
  const intake = new Intake(mapping, { ...start, defaultAsset: prepared.asset, nameAsset: prepared.nameAsset });
  intake.rows.eventKind = tableKind(prepared) ?? 'error';
  return { file, intake };
};

const commit = (course: Course, prepared: Prepared, registry: Registry, intake: Intake, file: FileRecord, report: FileReport, isComplete: boolean): void => {
  const { plant, clock } = course.parts;
  const counts = commitIntake(plant, registry, intake, prepared.mapping, file, isComplete, clock.now());
  addTo(report, counts);
  course.values += counts.valuesStored + counts.duplicates + counts.replaced;
  course.events += counts.events;
  course.peak = Math.max(course.peak, process.memoryUsage.rss());
  for (const asset of counts.assets) course.assets.add(asset);
  if (counts.assets.size > 0) course.hooks.committed?.([...counts.assets]);
  if (!isComplete) plant.series.seal();
};

/** Reads one file from where it was read to, commit by commit; between commits the engine does its other work. */
const readFile = async (course: Course, prepared: Prepared, report: FileReport): Promise<void> => {
  const { plant } = course.parts;
  const { file, intake } = openRecord(plant, prepared);
  const registry = new Registry(plant, prepared.mapping, prepared.line);
  let onDisk = 0;
  const step = async (final: boolean): Promise<void> => {
    while (intake.work(final)) {
      commit(course, prepared, registry, intake, file, report, false);
      await pause(course);
    }
    course.hooks.progress?.('reading', course.done + onDisk, course.total);
  };
  for await (const chunk of readChunks(prepared.path, intake.position, (bytes) => (onDisk = bytes))) {
    intake.feed(chunk);
    await step(false);
    await pause(course);
  }
  await step(true);
  commit(course, prepared, registry, intake, file, report, true);
  course.done += prepared.bytes;
};

const pause = async (course: Course): Promise<void> => {
  await setImmediate();
  if (course.hooks.signal?.aborted === true) throw new AppError('cancelled', 'the import was cancelled; what was stored stays, and importing the same file again goes on from there');
};

/** Events that a C-MAPSS set's definition gives its units. */
const cmapssEvents = async (course: Course, path: string, files: readonly string[]): Promise<void> => {
  const line = stemOf(path);
  if (/^train/i.test(line)) course.events += addUnitFailures(course.parts.plant, line, null);
  const beside = rulBeside(path);
  if (beside !== null && !files.includes(beside)) course.events += addUnitFailures(course.parts.plant, line, await readRul(beside));
};

const readRulFile = async (course: Course, path: string): Promise<FileReport> => {
  const remaining = await readRul(path);
  const added = addUnitFailures(course.parts.plant, testLineOf(path), remaining);
  course.events += added;
  course.done += await sizeOf(path);
  return { ...emptyReport(path, added === 0 ? `no new failure events: either they are known already, or ${testLineOf(path)} has not been imported` : null), rowsRead: remaining.length, rowsStored: added };
};

/** Why a file brings nothing: a log that has not begun is no failure. @throws AppError('file-not-understood') for what will never be one */
const whyNothing = ({ path, findings }: Prepared): string => {
  const unread = findings.find(({ code }) => code === 'no-readings');
  if (unread !== undefined) throw new AppError('file-not-understood', `${path}: ${unread.message}`, { path });
  return findings.find(({ code }) => code === 'file-empty' || code === 'no-data')?.message ?? 'nothing to store was found';
};

/** The request as it is meant for one of its files. */
const requestFor = (request: ImportRequest, path: string): ImportRequest => ({ ...request, mapping: request.readAs?.find(({ files }) => files.includes(path))?.mapping ?? request.mapping });

const importOne = async (course: Course, path: string, request: ImportRequest): Promise<FileReport> => {
  const { plant, clock, log } = course.parts;
  if (isRulFile(path)) return await readRulFile(course, path);
  course.hooks.progress?.('inspecting', course.done, course.total);
  const prepared = await prepareFile(plant, path, askedOf(requestFor(request, path), zoneOf(plant, path), clock.now()));
  if (!prepared.hasData) {
    course.done += prepared.bytes;
    return emptyReport(path, whyNothing(prepared));
  }
  const report = emptyReport(path, prepared.findings.find(({ code }) => code === 'units-end')?.message ?? null);
  await readFile(course, prepared, report);
  if (prepared.mapping.layout === 'cmapss') await cmapssEvents(course, path, request.files);
  log.info('a file was imported', { path, rows: report.rowsStored, quarantined: report.quarantined });
  return report;
};

const summary = (course: Course, files: FileReport[], started: number): ImportReport => {
  const { plant } = course.parts;
  const seconds = (performance.now() - started) / 1000;
  const assets = [...course.assets].flatMap((id) => plant.assets.get(id) ?? []);
  return {
    files,
    assets: assets.map(({ name }) => name),
    sensors: assets.flatMap((asset) => plant.sensors.ofAsset(asset.id).map((sensor) => ({ asset: asset.name, name: sensor.name, unit: sensor.unit }))),
    events: course.events,
    valuesPerSecond: seconds > 0 ? Math.round(course.values / seconds) : 0,
    peakMemoryMiB: Math.round(course.peak / 2 ** 20),
    seconds,
  };
};

/**
 * Imports files one after the other, those of remaining lives last. A file that can't be read or understood is reported and the others
 * go on; where it is the only one, or all are such, its error is thrown.
 */
export const importFiles = async (parts: ImportParts, request: ImportRequest, hooks: ImportHooks): Promise<ImportReport> => {
  const started = performance.now();
  const course: Course = { parts, hooks, done: 0, total: 0, peak: process.memoryUsage.rss(), values: 0, events: 0, assets: new Set() };
  const files: FileReport[] = [];
  const failed: AppError[] = [];
  const paths = await withMembers(request.files);
  for (const path of paths) course.total += await sizeOf(path).catch(() => 0);
  for (const path of paths.toSorted((a, b) => Number(isRulFile(a)) - Number(isRulFile(b)))) {
    try {
      files.push(await importOne(course, path, request));
    } catch (thrown) {
      const error = AppError.of(thrown);
      if (!['file-unreadable', 'file-not-understood', 'mapping-invalid'].includes(error.code)) throw error;
      failed.push(error);
      files.push({ ...emptyReport(path, error.message), error: error.code });
    }
  }
  parts.plant.series.seal(undefined, true);
  const [first] = failed;
  if (first && failed.length === paths.length) throw first;
  return summary(course, files, started);
};
