import { MAD_TO_SIGMA } from '../learn/statistics.ts';

/** Readings on each side that a reading is compared with. */
export const HALF = 5;

/** Two sorted pairs, then the second smallest of what can still be the median (Knuth, vol. 3, 5.3.3): called once a reading. */
const medianOfFive = (values: Float64Array, from: number): number => {
  const a = values[from] ?? NaN;
  const b = values[from + 1] ?? NaN;
  const c = values[from + 2] ?? NaN;
  const d = values[from + 3] ?? NaN;
  const e = values[from + 4] ?? NaN;
  const lowAb = a < b ? a : b;
  const highAb = a < b ? b : a;
  const lowCd = c < d ? c : d;
  const highCd = c < d ? d : c;
  // The smaller of the two lows lies below three others.
  const isAbOut = lowAb < lowCd;
  const rest = isAbOut ? highAb : highCd;
  const low = isAbOut ? lowCd : lowAb;
  const high = isAbOut ? highCd : highAb;
  const lowRest = rest < e ? rest : e;
  const highRest = rest < e ? e : rest;
  if (lowRest < low) return highRest < low ? highRest : low;
  return lowRest < high ? lowRest : high;
};

/** Readings beside the medians of their neighbours. Index 0 is reading HALF of what was given; the last HALF readings have none. */
export interface Around {
  /** Distance beyond both medians where the reading lies on the same side of both; else 0. */
  readonly excess: Float64Array;
  /** Distance between the two medians: a step of the level. */
  readonly step: Float64Array;
  /** Distance to the middle of the two medians. */
  readonly residual: Float64Array;
}

/**
 * Each reading beside the median of the five before it and that of the five after it. A spike lies beyond both on the same side; at a step
 * it lies beyond one, on a ramp between them. This is Hampel's identifier (Hampel 1974) with its window cut in two, which keeps steps.
 */
export const aroundOf = (values: Float64Array): Around => {
  const count = Math.max(0, values.length - 2 * HALF);
  const medians = new Float64Array(Math.max(0, values.length - HALF + 1));
  for (let i = 0; i < medians.length; i += 1) medians[i] = medianOfFive(values, i);
  const [excess, step, residual] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i += 1) {
    const value = values[i + HALF] ?? NaN;
    const before = medians[i] ?? NaN;
    const after = medians[i + HALF + 1] ?? NaN;
    const toBefore = value - before;
    const toAfter = value - after;
    excess[i] = toBefore > 0 === toAfter > 0 ? Math.min(Math.abs(toBefore), Math.abs(toAfter)) : 0;
    step[i] = Math.abs(before - after);
    residual[i] = Math.abs(value - (before + after) / 2);
  }
  return { excess, step, residual };
};

/** Robust spread of residuals, by every `stride`th of them. */
export const spreadOf = (residuals: Float64Array, from: number, to: number, stride: number): number => {
  const some = new Float64Array(Math.max(0, Math.ceil((to - from) / stride)));
  for (let i = 0; i < some.length; i += 1) some[i] = residuals[from + i * stride] ?? 0;
  some.sort();
  return (some[some.length >> 1] ?? 0) * MAD_TO_SIGMA;
};
