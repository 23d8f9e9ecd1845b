import { MlError } from '../errors.ts';
import type { DatasetDocument } from '../documents/dataset.ts';
import { lifeInSteps, stepsToFailure, unitsIn } from './table.ts';

/** Share of the median life that `rulCap` takes when none is given: C-MAPSS's customary 125 of a median 199 cycles. */
const CAP_OF_LIFE = 0.625;

const medianOf = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
};

/**
 * The largest remaining life, in steps, that is told apart: early in life nothing shows yet, so longer ones look the same
 * (Heimes 2008). From the lives of the failed training units alone.
 * @throws MlError 'no-labels' when no training unit failed
 */
export const defaultRulCap = (document: DatasetDocument): number => {
  const lives = unitsIn(document, 'train').flatMap((index) => {
    const unit = document.units[index];
    const life = unit === undefined ? null : lifeInSteps(unit, document.step);
    return life === null ? [] : [life];
  });
  if (lives.length === 0) throw new MlError('no-labels', 'No training run ended in a failure, so there is no remaining life to learn. Record failures as events.');
  return Math.max(1, Math.round(medianOf(lives) * CAP_OF_LIFE));
};

/**
 * Remaining useful life at every row, in steps, capped: [rows]; NaN where it is not known. A censored unit is known to have
 * lived on to its last row: rows at least a cap before it carry the cap, the rest nothing.
 */
export const rulLabels = (document: DatasetDocument, cap: number): Float32Array => {
  const labels = new Float32Array(document.rows).fill(Number.NaN);
  for (const unit of document.units) {
    for (let row = 0; row < unit.rows; row++) {
      const left = stepsToFailure(unit, row, document.step);
      if (left !== null) labels[unit.offset + row] = Math.min(cap, left);
      else if (unit.rows - 1 - row >= cap) labels[unit.offset + row] = cap;
    }
  }
  return labels;
};

/**
 * Whether the unit fails within `horizon` steps of a row: [rows], 1 or 0; NaN for the rows of a censored unit less than a
 * horizon before its cut, where nobody knows.
 */
export const failureLabels = (document: DatasetDocument, horizon: number): Float32Array => {
  const labels = new Float32Array(document.rows).fill(Number.NaN);
  for (const unit of document.units) {
    for (let row = 0; row < unit.rows; row++) {
      const left = stepsToFailure(unit, row, document.step);
      if (left !== null) labels[unit.offset + row] = left <= horizon ? 1 : 0;
      else if (unit.rows - 1 - row >= horizon) labels[unit.offset + row] = 0;
    }
  }
  return labels;
};
