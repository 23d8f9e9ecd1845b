/** MAD of a normal distribution to its standard deviation (Rousseeuw and Croux 1993). */
export const MAD_TO_SIGMA = 1.4826;

/** Distance of the quartiles of a normal distribution to its standard deviation. */
export const QUARTILES_TO_SIGMA = 1.349;

/** Quantile of sorted values, by linear interpolation; NaN of none. @param share 0 to 1 */
export const quantileOf = (sorted: Float64Array, share: number): number => {
  if (sorted.length === 0) return NaN;
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const [a, b] = [sorted[low] ?? NaN, sorted[Math.min(sorted.length - 1, low + 1)] ?? NaN];
  return a + (b - a) * (place - low);
};

/** Median of values in any order; NaN of none. */
export const medianOf = (values: Float64Array): number => quantileOf(values.toSorted(), 0.5);

/** Steps between neighbours. */
export const stepsOf = (positions: Float64Array): Float64Array => {
  const steps = new Float64Array(Math.max(0, positions.length - 1));
  for (let i = 0; i < steps.length; i += 1) steps[i] = (positions[i + 1] ?? 0) - (positions[i] ?? 0);
  return steps;
};

/** Lengths of the runs of equal values, in order. */
export const runsOf = (values: Float64Array): number[] => {
  const runs: number[] = [];
  let length = 0;
  for (let i = 0; i < values.length; i += 1) {
    length += 1;
    if (i + 1 < values.length && values[i + 1] === values[i]) continue;
    runs.push(length);
    length = 0;
  }
  return runs;
};

/** Several arrays as one. */
export const together = (parts: readonly Float64Array[]): Float64Array => {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};
