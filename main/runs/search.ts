import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainingConfig } from '../../ml/documents/config.ts';
import { SearchReport, type SearchTrial } from '../../ml/documents/search.ts';
import { AppError } from '../contract/errors.ts';
import { converse, type StartTrainer } from './training.ts';

/** What lies in the folder of a run that searches; the trainer writes it after each trial. */
const fileOf = (folder: string): string => join(folder, 'search.json');

/** Makes a run one that searches first, whatever ends it before. @throws AppError('disk-full') */
export const beginSearch = (folder: string, seed: number, minutes: number): void => {
  const report: SearchReport = { version: 1, seed, minutes, elapsedMs: 0, folds: 0, trials: [], chosen: null, finished: false };
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(fileOf(folder), `${JSON.stringify(report)}\n`, { flush: true });
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError('disk-full', `the search could not be begun in ${folder} (${reason}); make room on the disk and start the run again`, { folder }, thrown);
  }
};

/** What a run's search has come to; null where it does not search. @throws AppError('file-unreadable') */
export const searchOf = (folder: string): SearchReport | null => {
  const file = fileOf(folder);
  if (!existsSync(file)) return null;
  try {
    return SearchReport.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError('file-unreadable', `the search ${file} can't be read (${reason}); start a new run`, { file }, thrown);
  }
};

export interface SearchHooks {
  readonly signal: AbortSignal;
  ready(backend: string): void;
  trial(trial: SearchTrial, elapsedMs: number): void;
}

/**
 * The search of a run in a trainer of its own, after the trials that it has done already.
 * @throws AppError('cancelled'); 'run-cut' when the process ended before it had said what it found; what the trainer says failed
 */
export const searchIn = (start: StartTrainer, task: { readonly folder: string; readonly config: TrainingConfig; readonly minutes: number }, hooks: SearchHooks): Promise<SearchReport> =>
  converse(start, { kind: 'search', ...task }, hooks.signal, (message, end) => {
    if (message.kind === 'ready') hooks.ready(message.backend);
    if (message.kind === 'trial') hooks.trial(message.trial, message.elapsedMs);
    if (message.kind === 'searched') end(message.report);
  });
