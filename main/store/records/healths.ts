import { z } from 'zod';
import { Driver } from '../../../ml/documents/prediction.ts';
import { Health } from '../../contract/plant.ts';
import type { AssetId } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { command, json, query } from '../statement.ts';

/** Part of a history: positions from and to (both included; null: open), and at most so many, the newest. */
export interface HistorySpan {
  readonly from?: number | null | undefined;
  readonly to?: number | null | undefined;
  readonly limit?: number | undefined;
}

/** Health of each asset over its axis. */
export interface HealthRepository {
  /** Adds each; one of the same asset and position is replaced. */
  append(healths: readonly Health[]): void;
  /** Takes away what an asset has at positions from..to, both included: its life there is told anew. */
  clear(asset: AssetId, from: number, to: number): void;
  latest(asset: AssetId): Health | undefined;
  /** The newest of every asset that has one. */
  latestOfAll(): Health[];
  /** In order of position; the newest `limit` (default 1000) of the span. */
  history(asset: AssetId, span?: HistorySpan): Health[];
}

const COLUMNS = 'asset, at, value AS "index", state, drivers, reason';

/** @param connection the plant's database */
export const createHealths = (connection: Connection): HealthRepository => {
  const Row = Health.extend({ drivers: json(z.array(Driver)) });
  const insert = command(
    connection,
    `INSERT INTO health (asset, at, value, state, drivers, reason) VALUES (@asset, @at, @index, @state, @drivers, @reason)
     ON CONFLICT (asset, at) DO UPDATE SET value = excluded.value, state = excluded.state, drivers = excluded.drivers, reason = excluded.reason`,
  );
  const clear = command(connection, 'DELETE FROM health WHERE asset = ? AND at >= ? AND at <= ?');
  const latest = query(connection, Row, `SELECT ${COLUMNS} FROM health WHERE asset = ? ORDER BY at DESC LIMIT 1`);
  const latestOfAll = query(
    connection,
    Row,
    'SELECT health.asset, health.at, health.value AS "index", health.state, health.drivers, health.reason FROM asset JOIN health ON health.asset = asset.id AND health.at = (SELECT max(at) FROM health WHERE asset = asset.id) ORDER BY asset.id',
  );
  const history = query(
    connection,
    Row,
    `SELECT ${COLUMNS} FROM health WHERE asset = @asset AND at >= ifnull(@from, -9e999) AND at <= ifnull(@to, 9e999) ORDER BY at DESC LIMIT @limit`,
  );
  return {
    append: (healths) => {
      for (const { asset, at, index, state, drivers, reason } of healths) insert({ asset, at, index, state, drivers: JSON.stringify(drivers), reason });
    },
    clear: (asset, from, to) => {
      clear(asset, from, to);
    },
    latest: (asset) => latest.one(asset),
    latestOfAll: () => latestOfAll.all(),
    history: (asset, span = {}) => history.all({ asset, from: span.from ?? null, to: span.to ?? null, limit: span.limit ?? 1000 }).reverse(),
  };
};
