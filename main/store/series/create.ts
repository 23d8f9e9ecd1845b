import type { AssetId, Micros } from '../../contract/values.ts';
import { inTransaction, type Connection } from '../connection.ts';
import { createQualities } from '../records/qualities.ts';
import { appendBatch } from './append.ts';
import { CHUNK_ROWS, createChunks } from './chunks.ts';
import { readColumns } from './columns.ts';
import { createInfos } from './infos.ts';
import { problemSteps, seriesProblems } from './problems.ts';
import { readGrid } from './read-grid.ts';
import { readPage, readSeries } from './read.ts';
import type { Places } from './segments.ts';
import type { SeriesStore } from './series.ts';
import { createTail } from './tail.ts';
import { previewNext, rawReadings, thinNext } from './thinning.ts';
import { writeToChunks } from './write.ts';

/** Cells moved a call when memory doesn't press: assets that began together would otherwise hold up everything when they fill together. */
const CELLS_A_CALL = 400_000;

/** Moves the tail of one asset into chunks. */
const sealTail = ({ chunks, tail }: Places, asset: AssetId): { rows: number; cells: number } => {
  const { grids, rows, batches } = tail.of(asset);
  let cells = 0;
  if (batches === 0) return { rows, cells };
  for (const grid of grids) {
    const columns = [...grid.columns];
    cells += grid.rows * columns.length;
    writeToChunks(chunks, {
      positions: grid.positions.subarray(0, grid.rows),
      sensors: columns.map(([sensor]) => sensor),
      values: columns.map(([, values]) => values.subarray(0, grid.rows)),
    });
  }
  tail.clear(asset);
  return { rows, cells };
};

/**
 * The series store of an open plant.
 * @param connection the plant's database, migrated
 * @param now microseconds since 1970
 */
export const createSeries = (connection: Connection, now: () => Micros): SeriesStore => {
  const places: Places = { chunks: createChunks(connection), tail: createTail(connection), infos: createInfos(connection) };

  const qualities = createQualities(connection, now);

  const forget = (): void => {
    places.chunks.forget();
    places.tail.forget();
    places.infos.forget();
  };

  /** The memory may hold what was just undone. */
  const orForget = <T>(work: () => T): T => {
    try {
      return work();
    } catch (thrown) {
      forget();
      throw thrown;
    }
  };
  const seal = (asset: AssetId): { rows: number; cells: number } => orForget(() => inTransaction(connection, 'sealing readings', () => sealTail(places, asset)));

  return {
    append: (batch) =>
      appendBatch(places, batch, now(), () => {
        sealTail(places, batch.asset);
      }, qualities.addRepeats),
    seal: (asset, all = false) => {
      const { tail } = places;
      const pressing = new Set(tail.crowding());
      const grown = [...tail.sizes()].flatMap(([id, rows]) => ((asset === undefined || id === asset) && (all || rows >= CHUNK_ROWS) ? [id] : []));
      let [moved, cellsMoved] = [0, 0];
      for (const id of new Set([...pressing, ...grown])) {
        if (!all && !pressing.has(id) && cellsMoved >= CELLS_A_CALL) break;
        const { rows, cells } = seal(id);
        moved += rows;
        cellsMoved += cells;
      }
      return moved;
    },
    read: (sensor, from, to) => readSeries(places, sensor, from ?? -Infinity, to ?? Infinity),
    readPage: (page) => readPage(places, page),
    readGrid: (request) => readGrid(places, request),
    columns: (sensor, from, to, columns) => {
      const { first, last } = places.infos.of(sensor);
      return readColumns(places, sensor, from ?? first ?? 0, to ?? last ?? 0, columns);
    },
    thin: (task, after, grids) => orForget(() => thinNext(connection, places, task, after, grids, () => sealTail(places, places.infos.assetOf(task.sensor)))),
    previewThin: (task, after) => previewNext(places, task, after),
    rawReadings: (sensor, from, to) => rawReadings(places, sensor, from, to),
    info: (sensor) => places.infos.of(sensor),
    infos: (asset) => places.infos.ofAsset(asset),
    problems: () => seriesProblems(connection, places),
    problemSteps: (problems) => problemSteps(connection, places, problems),
    forget,
  };
};
