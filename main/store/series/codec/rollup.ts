import { damaged, type Where } from './body.ts';
import { GRID_BLOCK } from './positions.ts';
import { decodeValues, encodeValues } from './values.ts';

/** Lowest and highest of every 64 rows of a chunk, [ceil(rows / 64)] each; NaN where no row has a reading. */
export interface Rollup {
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/** @param values [rows], NaN: missing */
export const rollUp = (values: Float64Array): Rollup => {
  const blocks = Math.ceil(values.length / GRID_BLOCK);
  const min = new Float64Array(blocks);
  const max = new Float64Array(blocks);
  for (let block = 0; block < blocks; block += 1) {
    const end = Math.min(values.length, (block + 1) * GRID_BLOCK);
    let low = Infinity;
    let high = -Infinity;
    let found = false;
    for (let i = block * GRID_BLOCK; i < end; i += 1) {
      const v = values[i] ?? NaN;
      if (v !== v) continue;
      found = true;
      if (v < low) low = v;
      if (v > high) high = v;
    }
    min[block] = found ? low : NaN;
    max[block] = found ? high : NaN;
  }
  return { min, max };
};

/** As a values body: min and max in turn. */
export const encodeRollup = ({ min, max }: Rollup): Uint8Array => {
  const pairs = new Float64Array(min.length * 2);
  for (let block = 0; block < min.length; block += 1) {
    pairs[block * 2] = min[block] ?? NaN;
    pairs[block * 2 + 1] = max[block] ?? NaN;
  }
  return encodeValues(pairs);
};

/** @throws AppError('plant-damaged' | 'plant-newer') */
export const decodeRollup = (stored: Uint8Array, where: Where): Rollup => {
  const pairs = decodeValues(stored, where);
  if (pairs.length % 2 !== 0) throw damaged(where, 'it holds a lowest value without a highest');
  const blocks = pairs.length / 2;
  const min = new Float64Array(blocks);
  const max = new Float64Array(blocks);
  for (let block = 0; block < blocks; block += 1) {
    min[block] = pairs[block * 2] ?? NaN;
    max[block] = pairs[block * 2 + 1] ?? NaN;
  }
  return { min, max };
};
