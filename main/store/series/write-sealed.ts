import type { SensorId } from '../../contract/values.ts';
import type { SortedBatch } from './codec/batch.ts';
import type { ChunkTable } from './chunks.ts';
import { noChange, type InfoChange } from './infos.ts';
import type { Sealed, SealedColumn } from './sealed.ts';
import { isPlannedApart, writeToChunks } from './write.ts';

/** What a column that lies behind all that its sensor has changes of what is known of it. @param positions [rows] of the batch */
export const changeOf = ({ counts, first, last }: SealedColumn, positions: Float64Array): InfoChange => {
  const points = counts.reduce((sum, count) => sum + count, 0);
  if (points === 0) return { ...noChange(), missing: positions.length };
  return { points, missing: positions.length - points, first: positions[first] ?? 0, last: positions[last] ?? 0, changed: true };
};

/** Writes a batch whose chunks are worked out; a sensor whose last chunk is small and takes the rows in goes the usual way. */
export const writeSealed = (chunks: ChunkTable, batch: SortedBatch, sealed: Sealed): void => {
  const { positions, sensors, values } = batch;
  const grids = new Map<number, number>();
  const gridOf = (cut: number): number => {
    const known = grids.get(cut);
    const body = sealed.grids[cut];
    if (known !== undefined || body === undefined) return known ?? -1;
    const grid = chunks.addSealedGrid((sealed.cuts[cut + 1] ?? 0) - (sealed.cuts[cut] ?? 0), body);
    grids.set(cut, grid);
    return grid;
  };
  const others: { sensor: SensorId; values: Float64Array }[] = [];
  for (const [i, sensor] of sensors.entries()) {
    const column = sealed.columns[i];
    const own = values[i];
    if (column === undefined || own === undefined) continue;
    if (!isPlannedApart(chunks, sensor, positions)) others.push({ sensor, values: own });
    else
      for (const [cut, body] of column.bodies.entries()) {
        const [from, to] = [sealed.cuts[cut] ?? 0, sealed.cuts[cut + 1] ?? 0];
        chunks.addSealed({ sensor, grid: gridOf(cut), start: positions[from] ?? 0, end: positions[to - 1] ?? 0, rows: to - from, count: column.counts[cut] ?? 0, body, rollup: column.rollups[cut] ?? new Uint8Array(0) });
      }
  }
  if (others.length > 0) writeToChunks(chunks, { positions, sensors: others.map(({ sensor }) => sensor), values: others.map(({ values: column }) => column) });
};
