import type { FileReport } from '../contract/data.ts';
import { table } from './output.ts';

/** What became of the rows of each file, for people. */
export const reportLines = (files: readonly FileReport[]): string[] => [
  ...table(
    ['file', 'rows read', 'rows stored', 'values stored', 'missing', 'duplicates', 'replaced', 'late', 'quarantined'],
    files.map((file) => [file.file, file.rowsRead, file.rowsStored, file.valuesStored, file.missing, file.duplicates, file.replaced, file.late, file.quarantined]),
  ),
  ...files.flatMap((file) => (file.message === null ? [] : [`${file.file}: ${file.message}`])),
  ...files.flatMap((file) => Object.entries(file.reasons).map(([reason, rows]) => `${file.file}: ${rows} rows quarantined: ${reason}`)),
];
