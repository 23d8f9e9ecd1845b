import { DatasetCleaning } from '../documents/cleaning.ts';

/**
 * Of what a dataset is made: its rows, and how they were cleaned where they were. Whoever writes dataset.json and whoever checks it ask here.
 * @param rows the bytes of dataset.bin
 * @param sha256 hash of several parts, one after the other, as hexadecimal digits
 */
export const fingerprintOf = (rows: Uint8Array, cleaning: DatasetCleaning | null, sha256: (...parts: (Uint8Array | string)[]) => string): string =>
  // Parsed, so that the recipe has its keys in the same order before it was written and after it was read.
  cleaning === null ? sha256(rows) : sha256(rows, JSON.stringify(DatasetCleaning.parse(cleaning)));
