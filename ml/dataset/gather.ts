import type { Windows } from './windows.ts';

/** Normalised rows, row-major [rows, inputs]; NaN where nothing was measured. The last inputs may be masks. */
export interface NormalisedRows {
  readonly values: Float32Array;
  readonly inputs: number;
  /** Whether any cell is NaN: without gaps a window is copied in one piece. */
  readonly gaps: boolean;
  /** How many of the last columns are masks (see masks.ts), which are always there. */
  readonly masks?: number;
}

/** Columns that hold measurements: all but the masks. */
export const measuredInputs = ({ inputs, masks = 0 }: NormalisedRows): number => inputs - masks;

/** Wraps normalised cells and looks for gaps. */
export const normalisedRows = (values: Float32Array, inputs: number): NormalisedRows => ({ values, inputs, gaps: values.some(Number.isNaN) });

/** First rows of a short unit whose mean pads it on the left: one row alone would stand there with all its noise. */
const PADDED_WITH = 8;

/** In place: a gap holds the input's last value; before its first one it is 0, the mean of the training part. */
const holdGaps = (target: Float32Array, at: number, rows: number, inputs: number): void => {
  for (let input = 0; input < inputs; input++) {
    let held = 0;
    for (let cell = at + input, row = 0; row < rows; row++, cell += inputs) {
      const value = target[cell] ?? 0;
      if (Number.isNaN(value)) target[cell] = held;
      else held = value;
    }
  }
};

/** Fills the `padding` rows at `at` with the means of the `known` rows after them. */
const pad = (target: Float32Array, at: number, padding: number, known: number, inputs: number): void => {
  for (let input = 0; input < inputs; input++) {
    let sum = 0;
    for (let row = padding; row < padding + known; row++) sum += target[at + row * inputs + input] ?? 0;
    for (let row = 0; row < padding; row++) target[at + row * inputs + input] = sum / known;
  }
};

/**
 * One window into `target` at `at`, as [window, inputs]. Rows before `first` are the mean of the first rows. A gap holds the
 * sensor's last value within the window; before its first value it is 0, the mean of the training part. Only rows up to
 * `end` are read, so nothing later can change it.
 */
export const gatherWindow = (rows: NormalisedRows, end: number, first: number, window: number, target: Float32Array, at: number): void => {
  const { values, inputs, gaps } = rows;
  const start = Math.max(first, end - window + 1);
  const padding = window - (end - start + 1);
  target.set(values.subarray(start * inputs, (end + 1) * inputs), at + padding * inputs);
  if (gaps) holdGaps(target, at + padding * inputs, window - padding, inputs);
  if (padding > 0) pad(target, at, padding, Math.min(PADDED_WITH, window - padding), inputs);
};

/**
 * A batch: the windows at `chosen`, as [chosen, window, inputs].
 * @param histories rows each chosen window may look back, its last row included; without it, to the start of its unit
 */
export const gatherBatch = (rows: NormalisedRows, windows: Windows, chosen: ArrayLike<number>, window: number, histories?: Int32Array): Float32Array => {
  const size = window * rows.inputs;
  const target = new Float32Array(chosen.length * size);
  for (let position = 0; position < chosen.length; position++) {
    const index = chosen[position] ?? 0;
    const end = windows.ends[index] ?? 0;
    const first = Math.max(windows.firsts[index] ?? 0, histories === undefined ? 0 : end - (histories[position] ?? 0) + 1);
    gatherWindow(rows, end, first, window, target, position * size);
  }
  return target;
};

/** Share of a window's cells, padding left out, that were not measured. */
export const missingShare = (rows: NormalisedRows, end: number, first: number, window: number): number => {
  const start = Math.max(first, end - window + 1);
  const cells = rows.values.subarray(start * rows.inputs, (end + 1) * rows.inputs);
  let missing = 0;
  for (const cell of cells) if (Number.isNaN(cell)) missing++;
  const measured = (end - start + 1) * measuredInputs(rows);
  return measured <= 0 ? 1 : missing / measured;
};
