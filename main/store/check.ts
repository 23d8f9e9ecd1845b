import { AppError } from '../contract/errors.ts';
import type { Connection } from './connection.ts';
import type { LookStep } from './look.ts';
import type { SeriesStore } from './series/series.ts';
import { asAppError } from './sqlite-error.ts';

export interface CheckReport {
  readonly ok: boolean;
  /** One sentence each; empty when all is well. */
  readonly problems: string[];
}

const fileProblems = (connection: Connection): string[] =>
  connection.prepare<[], unknown>('PRAGMA integrity_check').pluck().all().map(String).filter((line) => line !== 'ok').map((line) => `database file: ${line}`);

const referenceProblems = (connection: Connection): string[] => {
  const broken = connection.prepare<[], unknown>('SELECT count(*) FROM pragma_foreign_key_check').pluck().get();
  return Number(broken) === 0 ? [] : [`${String(broken)} rows refer to rows that aren't there`];
};

/**
 * Looks at the file, the references and every chunk and series, a step at a time; changes nothing. What is wrong is added to `problems`.
 * @param connection the plant's database
 */
export function* checkSteps(connection: Connection, series: Pick<SeriesStore, 'problemSteps'>, problems: string[]): Generator<LookStep, void, void> {
  try {
    problems.push(...fileProblems(connection));
    yield { done: 0, total: 1 };
    problems.push(...referenceProblems(connection));
    yield* series.problemSteps(problems);
  } catch (thrown) {
    // A damaged file may stop the looking itself: that is what was found.
    const error = asAppError(thrown, 'checking the plant');
    if (!(error instanceof AppError) || error.code !== 'plant-damaged') throw error;
    problems.push(`database file: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

/** As checkSteps, in one go. */
export const checkPlant = (connection: Connection, series: Pick<SeriesStore, 'problemSteps'>): CheckReport => {
  const problems: string[] = [];
  for (const _ of checkSteps(connection, series, problems));
  return { ok: problems.length === 0, problems };
};
