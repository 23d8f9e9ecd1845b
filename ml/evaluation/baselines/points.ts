import type { DatasetDocument } from '../../documents/dataset.ts';
import type { NormalisedRows } from '../../dataset/gather.ts';
import type { Windows } from '../../dataset/windows.ts';

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
