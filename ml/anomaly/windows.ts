/** Rows that follow each other without a break: one machine, one life, one stretch of healthy running. */
export interface Stretch {
  readonly from: number;
  /** One past its last row. */
  readonly to: number;
}

/** Normalised rows without gaps, row-major [rows, inputs]. */
export interface Rows {
  readonly values: Float32Array;
  readonly inputs: number;
}

/** Last rows of the windows that lie wholly within a stretch and have a row after them. */
export const windowEnds = (stretches: readonly Stretch[], window: number): Int32Array =>
  Int32Array.from(stretches.flatMap(({ from, to }) => Array.from({ length: Math.max(0, to - from - window) }, (_, at) => from + window - 1 + at)));

/** The windows that end at the given rows, [ends, window, inputs]. */
export const gatherWindows = ({ values, inputs }: Rows, ends: ArrayLike<number>, window: number): Float32Array => {
  const cells = new Float32Array(ends.length * window * inputs);
  for (let at = 0; at < ends.length; at++) {
    const end = ends[at] ?? 0;
    cells.set(values.subarray((end - window + 1) * inputs, (end + 1) * inputs), at * window * inputs);
  }
  return cells;
};

/** The rows after the given ones, [ends, inputs]. */
export const rowsAfter = ({ values, inputs }: Rows, ends: ArrayLike<number>): Float32Array => {
  const cells = new Float32Array(ends.length * inputs);
  for (let at = 0; at < ends.length; at++) {
    const end = ends[at] ?? 0;
    cells.set(values.subarray((end + 1) * inputs, (end + 2) * inputs), at * inputs);
  }
  return cells;
};
