import type { DatasetDocument } from '../../documents/dataset.ts';
import type { NormalisedRows } from '../gather.ts';

/** A sensor whose readings don't scatter at all still differs by so much, in standard deviations, from machine to machine. */
const LEAST = 0.1;

/**
 * Measurement noise of each input, in its standard deviations over the training part: the root mean square of the differences
 * between neighbouring rows, over the square root of 2 (von Neumann et al. 1941). Wear is slow and takes no part in it, so a
 * sensor that wear moves far, or that answers to one kind of fault alone, has little noise for its spread.
 * @param units indexes of the training units
 * @param rows all rows of the dataset, normalised
 * @param inputs how many of the rows' columns, from the first, are measurements
 * @returns [inputs], at least 0.1 each
 */
export const noiseOf = (document: DatasetDocument, units: readonly number[], rows: NormalisedRows, inputs: number): Float32Array => {
  const sums = new Float64Array(inputs);
  const counts = new Float64Array(inputs);
  for (const index of units) {
    const unit = document.units[index];
    if (unit === undefined) continue;
    for (let row = unit.offset + 1; row < unit.offset + unit.rows; row++)
      for (let input = 0; input < inputs; input++) {
        const step = (rows.values[row * rows.inputs + input] ?? Number.NaN) - (rows.values[(row - 1) * rows.inputs + input] ?? Number.NaN);
        if (Number.isNaN(step)) continue;
        sums[input] = (sums[input] ?? 0) + step * step;
        counts[input] = (counts[input] ?? 0) + 1;
      }
  }
  return Float32Array.from(sums, (sum, input) => Math.max(LEAST, Math.sqrt(sum / Math.max(1, counts[input] ?? 0) / 2)));
};
