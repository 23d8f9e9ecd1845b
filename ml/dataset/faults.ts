import { MlError } from '../errors.ts';
import type { DatasetDocument, DatasetUnit } from '../documents/dataset.ts';
import { HEALTHY } from '../documents/prediction.ts';
import { stepsToFailure } from './table.ts';

/** Failures that a failure mode needs to be learned as a class of its own: one validates, and one alone is an anecdote to learn from. */
export const FAILURES_OF_A_CLASS = 3;
/** Failure modes that must be there to be told apart; with one alone, 'failure' says all that there is to say. */
export const MODES_NEEDED = 2;

/** Failure modes with enough failures among the dataset's units to be a class, the most frequent first. */
export const modesWithEnough = ({ units }: { readonly units: readonly { readonly end: 'failure' | 'censored'; readonly mode?: string | undefined }[] }): string[] => {
  const counts = new Map<string, number>();
  for (const { end, mode } of units) if (end === 'failure' && mode !== undefined) counts.set(mode, (counts.get(mode) ?? 0) + 1);
  return [...counts].filter(([, count]) => count >= FAILURES_OF_A_CLASS).sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1)).map(([mode]) => mode);
};

/**
 * The classes of `fault`: 'healthy', then the failure modes with enough failures.
 * @throws MlError 'too-little-data' with fewer than two such modes
 */
export const faultClasses = (document: Pick<DatasetDocument, 'units'>): string[] => {
  const modes = modesWithEnough(document);
  if (modes.length < MODES_NEEDED)
    throw new MlError('too-little-data', `To tell kinds of faults apart, ${MODES_NEEDED} failure modes need ${FAILURES_OF_A_CLASS} failures each; ${modes.length} ${modes.length === 1 ? 'has' : 'have'} as many. Record the mode of each failure, or train 'failure' instead.`, { modes: modes.length });
  return [HEALTHY, ...modes];
};

/**
 * Kind of fault at one row of a unit, as an index into `classes`: within `horizon` steps of its failure the failure's mode, before that
 * healthy. NaN where nobody knows: before a failure whose mode is no class, and less than a horizon before the cut of a censored unit.
 */
export const faultAt = (unit: DatasetUnit, row: number, step: number, horizon: number, classes: readonly string[]): number => {
  const left = stepsToFailure(unit, row, step);
  const near = left === null ? unit.rows - 1 - row < horizon : left <= horizon;
  if (!near) return 0;
  const fault = left === null || unit.mode === undefined ? -1 : classes.indexOf(unit.mode);
  return fault >= 0 ? fault : Number.NaN;
};

/** Kind of fault at every row (see `faultAt`): [rows]. */
export const faultLabels = (document: DatasetDocument, horizon: number, classes: readonly string[]): Float32Array => {
  const labels = new Float32Array(document.rows).fill(Number.NaN);
  for (const unit of document.units) for (let row = 0; row < unit.rows; row++) labels[unit.offset + row] = faultAt(unit, row, document.step, horizon, classes);
  return labels;
};
