import type { FileReport, ImportReport, ImportRequest } from '../../contract/data.ts';
import { AppError } from '../../contract/errors.ts';
import { addUnitFailures, isRulFile, readRul, rulBeside, testLineOf } from '../cmapss.ts';
import { sizeOf, withMembers } from '../reading/bytes.ts';
import { stemOf } from '../shape/naming.ts';
import { type Course, emptyReport, type ImportHooks, type ImportParts } from './course.ts';
import { askedOf, type Prepared, prepareFile, zoneOf } from './prepare.ts';
import { readFile } from './readfile.ts';

export type { ImportHooks, ImportParts } from './course.ts';

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
  const report = emptyReport(path, prepared.findings.find(({ code }) => code === 'units-end' || code === 'columns-left-out' || code === 'times-unread')?.message ?? null);
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

/** A file that can't be read or understood is reported; anything else stops the import. */
const importOrTell = async (course: Course, path: string, request: ImportRequest, failed: AppError[]): Promise<FileReport> => {
  try {
    return await importOne(course, path, request);
  } catch (thrown) {
    const error = AppError.of(thrown);
    if (!['file-unreadable', 'file-not-understood', 'mapping-invalid'].includes(error.code)) throw error;
    failed.push(error);
    return { ...emptyReport(path, error.message), error: error.code };
  }
};

/**
 * Imports files one after the other, those of remaining lives last. A file that can't be read or understood is reported and the others
 * go on; where it is the only one, or all are such, its error is thrown.
 */
export const importFiles = async (parts: ImportParts, request: ImportRequest, hooks: ImportHooks): Promise<ImportReport> => {
  const started = performance.now();
  const course: Course = { parts, hooks, done: 0, total: 0, peak: process.memoryUsage.rss(), values: 0, events: 0, assets: new Set(), readers: undefined };
  const files: FileReport[] = [];
  const failed: AppError[] = [];
  const paths = await withMembers(request.files);
  for (const path of paths) course.total += await sizeOf(path).catch(() => 0);
  try {
    for (const path of paths.toSorted((a, b) => Number(isRulFile(a)) - Number(isRulFile(b)))) files.push(await importOrTell(course, path, request, failed));
  } finally {
    await course.readers?.close();
  }
  parts.plant.series.seal(undefined, true);
  const [first] = failed;
  if (first && failed.length === paths.length) throw first;
  return summary(course, files, started);
};
