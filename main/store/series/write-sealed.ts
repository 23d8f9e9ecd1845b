import type { SensorId } from '../../contract/values.ts';
import type { ChunkTable } from './chunks.ts';
import { noChange, type InfoChange } from './infos.ts';
import type { Sealed, SealedColumn } from './sealed.ts';

/** What a column that lies behind all that its sensor has changes of what is known of it. @param positions [rows] of the batch */
export const changeOf = ({ counts, first, last }: SealedColumn, positions: Float64Array): InfoChange => {
  const points = counts.reduce((sum, count) => sum + count, 0);
  if (points === 0) return { ...noChange(), missing: positions.length };
  return { points, missing: positions.length - points, first: positions[first] ?? 0, last: positions[last] ?? 0, changed: true };
};

/** Writes a batch whose chunks are worked out, and which lies behind all that its sensors have. */
export const writeSealed = (chunks: ChunkTable, positions: Float64Array, sensors: readonly SensorId[], { cuts, grids, columns }: Sealed): void => {
  const ids = grids.map((body, cut) => chunks.addSealedGrid((cuts[cut + 1] ?? 0) - (cuts[cut] ?? 0), body));
  for (const [i, sensor] of sensors.entries()) {
    const column = columns[i];
    for (const [cut, body] of column?.bodies.entries() ?? []) {
      const [from, to] = [cuts[cut] ?? 0, cuts[cut + 1] ?? 0];
      chunks.addSealed({ sensor, grid: ids[cut] ?? 0, start: positions[from] ?? 0, end: positions[to - 1] ?? 0, rows: to - from, count: column?.counts[cut] ?? 0, body, rollup: column?.rollups[cut] ?? new Uint8Array(0) });
    }
  }
};
