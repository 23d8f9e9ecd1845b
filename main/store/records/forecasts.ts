import { z } from 'zod';
import { Forecast } from '../../contract/plant.ts';
import type { AssetId } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { command, json, query } from '../statement.ts';
import type { HistorySpan } from './healths.ts';

/** Forecasts, each with the model that made it and when. */
export interface ForecastRepository {
  add(forecast: Omit<Forecast, 'id'>): Forecast;
  /** The one that was made last. */
  latest(asset: AssetId): Forecast | undefined;
  /** The newest of every asset that has one. */
  latestOfAll(): Forecast[];
  /** In order of the position they were made at (`asOf`); the newest `limit` (default 1000) of the span. */
  history(asset: AssetId, span?: HistorySpan): Forecast[];
}

/** What lies in the document column; the rest are columns. */
const Body = Forecast.pick({ rul: true, failureAt: true, failureProbability: true, fault: true, anomaly: true, drivers: true, noForecast: true });
const Row = z
  .strictObject({ ...Forecast.pick({ id: true, asset: true, model: true, madeAt: true, asOf: true }).shape, document: json(Body) })
  .transform(({ document, ...columns }): Forecast => ({ ...columns, ...document }));

const COLUMNS = 'id, asset, model, made_at AS madeAt, as_of AS asOf, document';

/** @param connection the plant's database */
export const createForecasts = (connection: Connection): ForecastRepository => {
  const insert = command(connection, 'INSERT INTO forecast (asset, model, made_at, as_of, document) VALUES (@asset, @model, @madeAt, @asOf, @document)');
  const latest = query(connection, Row, `SELECT ${COLUMNS} FROM forecast WHERE id = (SELECT max(id) FROM forecast WHERE asset = ?)`);
  const latestOfAll = query(connection, Row, `SELECT ${COLUMNS} FROM forecast WHERE id IN (SELECT (SELECT max(id) FROM forecast WHERE asset = asset_.id) FROM asset AS asset_) ORDER BY asset`);
  const history = query(
    connection,
    Row,
    `SELECT ${COLUMNS} FROM forecast WHERE asset = @asset AND as_of >= ifnull(@from, -9e999) AND as_of <= ifnull(@to, 9e999) ORDER BY as_of DESC, id DESC LIMIT @limit`,
  );
  return {
    add: (forecast) => {
      const { asset, model, madeAt, asOf, rul, failureAt, failureProbability, fault, anomaly, drivers, noForecast } = forecast;
      const { id } = insert({ asset, model, madeAt, asOf, document: JSON.stringify({ rul, failureAt, failureProbability, fault, anomaly, drivers, noForecast }) });
      return { ...forecast, id };
    },
    latest: (asset) => latest.one(asset),
    latestOfAll: () => latestOfAll.all(),
    history: (asset, span = {}) => history.all({ asset, from: span.from ?? null, to: span.to ?? null, limit: span.limit ?? 1000 }).reverse(),
  };
};
