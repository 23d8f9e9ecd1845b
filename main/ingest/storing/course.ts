import { setImmediate } from 'node:timers/promises';
import type { FileReport } from '../../contract/data.ts';
import { AppError } from '../../contract/errors.ts';
import type { AssetId } from '../../contract/values.ts';
import type { Clock } from '../../engine/clock.ts';
import type { Log } from '../../engine/log.ts';
import type { Plant } from '../../store/plant.ts';
import type { Committed } from './commit.ts';
import type { ReaderPool } from './threads/pool.ts';

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
export interface Course {
  parts: ImportParts;
  hooks: ImportHooks;
  done: number;
  total: number;
  peak: number;
  values: number;
  events: number;
  assets: Set<AssetId>;
  /** Threads that read ahead; opened by the first file that is worth it. */
  readers: ReaderPool | null | undefined;
}

export const emptyReport = (file: string, message: string | null = null): FileReport => ({ file, rowsRead: 0, rowsStored: 0, valuesStored: 0, missing: 0, duplicates: 0, replaced: 0, late: 0, quarantined: 0, reasons: {}, message, error: null });

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

/** Counts what a commit stored, and tells of it. */
export const countIn = (course: Course, report: FileReport, counts: Committed): void => {
  addTo(report, counts);
  course.values += counts.valuesStored + counts.duplicates + counts.replaced;
  course.events += counts.events;
  course.peak = Math.max(course.peak, process.memoryUsage.rss());
  for (const asset of counts.assets) course.assets.add(asset);
  if (counts.assets.size > 0) course.hooks.committed?.([...counts.assets]);
};

/** Lets the engine do its other work. @throws AppError('cancelled') */
export const pause = async (course: Course): Promise<void> => {
  await setImmediate();
  if (course.hooks.signal?.aborted === true) throw new AppError('cancelled', 'the import was cancelled; what was stored stays, and importing the same file again goes on from there');
};
