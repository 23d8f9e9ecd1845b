import type { AssetId, Micros } from '../../contract/values.ts';
import { inTransaction, type Connection } from '../connection.ts';
import { appendBatch } from './append.ts';
import { CHUNK_ROWS, createChunks } from './chunks.ts';
import { readColumns } from './columns.ts';
import { createInfos } from './infos.ts';
import { seriesProblems } from './problems.ts';
import { readGrid, readSeries } from './read.ts';
import type { Places } from './segments.ts';
import type { SeriesStore } from './series.ts';
import { createTail } from './tail.ts';
import { writeToChunks } from './write.ts';

/** Moves the tail of one asset into chunks. @returns rows of it */
const sealTail = ({ chunks, tail }: Places, asset: AssetId): number => {
  const { grids, rows, batches } = tail.of(asset);
  if (batches === 0) return 0;
  for (const grid of grids) {
    const columns = [...grid.columns];
    writeToChunks(chunks, {
      positions: grid.positions.subarray(0, grid.rows),
      sensors: columns.map(([sensor]) => sensor),
      values: columns.map(([, values]) => values.subarray(0, grid.rows)),
    });
  }
  tail.clear(asset);
  return rows;
};

/**
 * The series store of an open plant.
 * @param connection the plant's database, migrated
 * @param now microseconds since 1970
 */
export const createSeries = (connection: Connection, now: () => Micros): SeriesStore => {
  const places: Places = { chunks: createChunks(connection), tail: createTail(connection), infos: createInfos(connection) };

  const forget = (): void => {
    places.chunks.forget();
    places.tail.forget();
    places.infos.forget();
  };

  const seal = (asset: AssetId): number => {
    try {
      return inTransaction(connection, 'sealing readings', () => sealTail(places, asset));
    } catch (thrown) {
      forget();
      throw thrown;
    }
  };

  return {
    append: (batch) => appendBatch(places, batch, now(), () => sealTail(places, batch.asset)),
    seal: (asset, all = false) => {
      const grown = places.tail.list().filter((listed) => (asset === undefined || listed.asset === asset) && (all || listed.rows >= CHUNK_ROWS));
      return grown.reduce((rows, listed) => rows + seal(listed.asset), 0);
    },
    read: (sensor, from, to) => readSeries(places, sensor, from ?? -Infinity, to ?? Infinity),
    readGrid: (request) => readGrid(places, request),
    columns: (sensor, from, to, columns) => {
      const { first, last } = places.infos.of(sensor);
      return readColumns(places, sensor, from ?? first ?? 0, to ?? last ?? 0, columns);
    },
    info: (sensor) => places.infos.of(sensor),
    infos: (asset) => places.infos.ofAsset(asset),
    problems: () => seriesProblems(connection, places),
    forget,
  };
};
