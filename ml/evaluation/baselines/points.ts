import { gatherWindow, type NormalisedRows } from '../../dataset/gather.ts';
import type { Windows } from '../../dataset/windows.ts';
import type { DatasetDocument } from '../../documents/dataset.ts';

/** Where a baseline is fitted, or scored: windows of normalised rows of a dataset. */
export interface Points {
  readonly document: DatasetDocument;
  readonly rows: NormalisedRows;
  readonly windows: Windows;
  /** Rows of one window. */
  readonly window: number;
}

/** Age of each window, in steps since the first row of its unit: [windows]. */
export const agesOf = ({ windows }: Points): Float32Array => Float32Array.from(windows.ends, (end, at) => end - (windows.firsts[at] ?? 0));

/** The last row of each window, gaps filled as the network sees them: row-major [windows, inputs]. */
export const lastRows = ({ rows, windows, window }: Points): Float32Array => {
  const { inputs } = rows;
  const result = new Float32Array(windows.ends.length * inputs);
  const cells = new Float32Array(window * inputs);
  for (let at = 0; at < windows.ends.length; at++) {
    gatherWindow(rows, windows.ends[at] ?? 0, windows.firsts[at] ?? 0, window, cells, 0);
    result.set(cells.subarray((window - 1) * inputs), at * inputs);
  }
  return result;
};
