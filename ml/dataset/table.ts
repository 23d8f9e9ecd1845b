import { MlError } from '../errors.ts';
import type { DatasetDocument, DatasetUnit } from '../documents/dataset.ts';

/** A frozen dataset in memory: its document and its rows, row-major [rows, sensors], NaN where nothing was measured. */
export interface Dataset {
  readonly document: DatasetDocument;
  readonly values: Float32Array;
}

/**
 * Puts document and values together.
 * @throws MlError 'input-invalid' when the values are not rows * sensors long or a unit reaches outside of them
 */
export const datasetOf = (document: DatasetDocument, values: Float32Array): Dataset => {
  const expected = document.rows * document.sensors.length;
  if (values.length !== expected)
    throw new MlError('input-invalid', `The dataset should hold ${document.rows} rows of ${document.sensors.length} sensors (${expected} values), but holds ${values.length}. Freeze it again.`);
  for (const unit of document.units)
    if (unit.offset + unit.rows > document.rows)
      throw new MlError('input-invalid', `Unit ${unit.asset} ends at row ${unit.offset + unit.rows} of a dataset of ${document.rows} rows. Freeze it again.`);
  return { document, values };
};

/** Indexes of the units in one split. */
export const unitsIn = (document: DatasetDocument, split: DatasetUnit['split']): number[] =>
  document.units.flatMap((unit, index) => (unit.split === split ? [index] : []));

/** Steps from the unit's row `row` (0 is its first) to its failure; null for a censored unit. */
export const stepsToFailure = (unit: DatasetUnit, row: number, step: number): number | null =>
  unit.end === 'failure' && unit.failureAt !== null ? Math.max(0, (unit.failureAt - unit.start) / step - row) : null;

/** Length of the unit's life in steps, from its first row to its failure; null for a censored unit. */
export const lifeInSteps = (unit: DatasetUnit, step: number): number | null => stepsToFailure(unit, 0, step);
