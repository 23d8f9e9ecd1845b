import type { Ground } from '../../documents/model.ts';
import { measuredInputs, type NormalisedRows } from '../gather.ts';

/** Share of training cells below `low`, and above `high`. */
const TAIL = 0.001;
/** The limits are widened by this share of their distance, and by no less than one standard deviation. */
const WIDENING = 0.25;
const MISSING_SHARE = 0.5;

/**
 * Where a model has ground: per input the range of its training values, widened, and how much of a window may lie outside.
 * One sensor wholly out of its range is always enough to refuse.
 * @param rows normalised training rows
 */
export const fitGround = (rows: NormalisedRows): Ground => {
  const low: number[] = [];
  const high: number[] = [];
  const count = rows.values.length / rows.inputs;
  const inputs = measuredInputs(rows);
  for (let input = 0; input < inputs; input++) {
    const sorted = Float32Array.from({ length: count }, (_, row) => rows.values[row * rows.inputs + input] ?? Number.NaN)
      .filter(Number.isFinite)
      .sort();
    const bottom = sorted[Math.floor(TAIL * (sorted.length - 1))] ?? 0;
    const top = sorted[Math.ceil((1 - TAIL) * (sorted.length - 1))] ?? 0;
    const margin = Math.max(1, WIDENING * (top - bottom));
    low.push(bottom - margin);
    high.push(top + margin);
  }
  return { low, high, outsideShare: Math.min(0.1, 0.5 / inputs), missingShare: MISSING_SHARE };
};

/**
 * Share of a window's measured cells outside the ground, and per input.
 * @param start first row of the window
 * @param end last row of the window
 */
export const outsideOf = (ground: Ground, rows: NormalisedRows, start: number, end: number): { share: number; perInput: number[] } => {
  const inputs = measuredInputs(rows);
  const outside = new Array<number>(inputs).fill(0);
  let cells = 0;
  let total = 0;
  for (let row = start; row <= end; row++)
    for (let input = 0; input < inputs; input++) {
      const value = rows.values[row * rows.inputs + input] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      cells++;
      if (value < (ground.low[input] ?? 0) || value > (ground.high[input] ?? 0)) {
        total++;
        outside[input] = (outside[input] ?? 0) + 1;
      }
    }
  return { share: cells === 0 ? 0 : total / cells, perInput: outside.map((count) => count / Math.max(1, end - start + 1)) };
};
