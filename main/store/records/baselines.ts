import { z } from 'zod';
import { AssetId } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { command, json, query } from '../statement.ts';

const Baseline = z.strictObject({ asset: AssetId, since: z.number(), document: json(z.unknown()) });
/** What an asset's readings look like when it is healthy, from `since` on; the document is the health part's own. */
export type Baseline = z.infer<typeof Baseline>;

/** Health baselines, one a life: learned anew after each repair. */
export interface BaselineRepository {
  latest(asset: AssetId): Baseline | undefined;
  /** In order of `since`. */
  list(asset: AssetId): Baseline[];
  /** Adds one; one of the same asset and `since` is replaced. */
  save(asset: AssetId, since: number, document: unknown): void;
}

/** @param connection the plant's database */
export const createBaselines = (connection: Connection): BaselineRepository => {
  const latest = query(connection, Baseline, 'SELECT asset, since, document FROM health_baseline WHERE asset = ? ORDER BY since DESC LIMIT 1');
  const list = query(connection, Baseline, 'SELECT asset, since, document FROM health_baseline WHERE asset = ? ORDER BY since');
  const save = command(
    connection,
    'INSERT INTO health_baseline (asset, since, document) VALUES (?, ?, ?) ON CONFLICT (asset, since) DO UPDATE SET document = excluded.document',
  );
  return {
    latest: (asset) => latest.one(asset),
    list: (asset) => list.all(asset),
    save: (asset, since, document) => {
      save(asset, since, JSON.stringify(document));
    },
  };
};
