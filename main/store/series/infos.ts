import { z } from 'zod';
import { AppError } from '../../contract/errors.ts';
import { AssetId, Micros, SensorId } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { command, query } from '../statement.ts';
import { damaged } from './codec/body.ts';
import type { SeriesInfo } from './series.ts';

/** What one batch changes of what is known of a series. */
export interface InfoChange {
  points: number;
  missing: number;
  /** First and last position that brought a reading; Infinity and -Infinity when none did. */
  first: number;
  last: number;
  /** Whether any reading was stored or replaced. */
  changed: boolean;
}

export const noChange = (): InfoChange => ({ points: 0, missing: 0, first: Infinity, last: -Infinity, changed: false });

/** The series table: kept up with every batch, so that nobody has to count. */
export interface InfoTable {
  of(sensor: SensorId): SeriesInfo;
  ofAsset(asset: AssetId): SeriesInfo[];
  /** @throws AppError('not-found') */
  assetOf(sensor: SensorId): AssetId;
  apply(sensor: SensorId, change: InfoChange, at: Micros): void;
  /** After thinning: fewer points (a change below 0), and the first and last that are left. */
  thinned(sensor: SensorId, change: { points: number; missing: number; first: number | null; last: number | null }): void;
  forget(): void;
}

const Row = z.strictObject({
  sensor: SensorId,
  points: z.int().nullable().transform((n) => n ?? 0),
  missing: z.int().nullable().transform((n) => n ?? 0),
  first: z.number().nullable(),
  last: z.number().nullable(),
  receivedAt: Micros.nullable(),
  sealed: z.int().nullable().transform((n) => n ?? 0),
});

/** A row that a damaged page took away would read as a series without readings. */
const whole = ({ sealed, ...info }: z.output<typeof Row>): SeriesInfo => {
  if (sealed > info.points) throw damaged(() => `what is known of the series of sensor ${info.sensor}`, `${sealed} readings were sealed, ${info.points} are noted`);
  return info;
};
const SELECT = 'SELECT sensor.id AS sensor, points, missing, first, last, received_at AS receivedAt, sealed.readings AS sealed FROM sensor LEFT JOIN series ON series.sensor = sensor.id LEFT JOIN sealed ON sealed.sensor = sensor.id';

/** @param connection the plant's database */
export const createInfos = (connection: Connection): InfoTable => {
  const one = query(connection, Row, `${SELECT} WHERE sensor.id = ?`);
  const ofAsset = query(connection, Row, `${SELECT} WHERE sensor.asset = ? ORDER BY sensor.id`);
  const assetOf = query(connection, z.strictObject({ asset: AssetId }), 'SELECT asset FROM sensor WHERE id = ?');
  const apply = command(
    connection,
    `INSERT INTO series (sensor, points, missing, first, last, received_at) VALUES (@sensor, @points, @missing, @first, @last, @at)
     ON CONFLICT (sensor) DO UPDATE SET points = points + @points, missing = missing + @missing, first = min(ifnull(first, @first), ifnull(@first, first)),
     last = max(ifnull(last, @last), ifnull(@last, last)), received_at = ifnull(@at, received_at)`,
  );
  const thinned = command(connection, 'UPDATE series SET points = points + @points, missing = missing + @missing, first = @first, last = @last WHERE sensor = @sensor');
  const assets = new Map<SensorId, AssetId>();

  return {
    of: (sensor) => {
      const row = one.one(sensor);
      return row === undefined ? { sensor, points: 0, missing: 0, first: null, last: null, receivedAt: null } : whole(row);
    },
    ofAsset: (asset) => ofAsset.all(asset).map(whole),
    assetOf: (sensor) => {
      const asset = assets.get(sensor) ?? assetOf.one(sensor)?.asset;
      if (asset === undefined) throw new AppError('not-found', `there is no sensor ${sensor}`, { sensor });
      assets.set(sensor, asset);
      return asset;
    },
    apply: (sensor, { points, missing, first, last, changed }, at) => {
      const hasReading = first <= last;
      apply({ sensor, points, missing, first: hasReading ? first : null, last: hasReading ? last : null, at: changed ? at : null });
    },
    thinned: (sensor, change) => {
      thinned({ sensor, ...change });
    },
    forget: () => {
      assets.clear();
    },
  };
};
