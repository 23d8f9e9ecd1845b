import { Sensor } from '../../contract/plant.ts';
import type { AssetId, SensorId } from '../../contract/values.ts';
import type { Connection } from '../connection.ts';
import { command, query } from '../statement.ts';

export type SensorToEnsure = Pick<Sensor, 'asset' | 'name' | 'unit' | 'unitAsWritten' | 'quantity' | 'kind'>;

/** Sensors, each of one asset. */
export interface SensorRepository {
  list(): Sensor[];
  /** In the order in which they were first seen: the column order of their file. */
  ofAsset(asset: AssetId): Sensor[];
  get(id: SensorId): Sensor | undefined;
  byName(asset: AssetId, name: string): Sensor | undefined;
  /** The sensors of any asset that have this name. */
  named(name: string): Sensor[];
  /** The sensor of that name, made when there is none. An existing one keeps what it has and takes unit and quantity where it had none. */
  ensure(sensor: SensorToEnsure): Sensor;
  /** Nominal interval in axis units, limits in the sensor's unit. */
  describe(id: SensorId, facts: Partial<Pick<Sensor, 'nominalInterval' | 'limitLow' | 'limitHigh' | 'quantity'>>): void;
}

const COLUMNS =
  'id, asset, name, quantity, unit, unit_as_written AS unitAsWritten, kind, nominal_interval AS nominalInterval, limit_low AS limitLow, limit_high AS limitHigh';

/** @param connection the plant's database */
export const createSensors = (connection: Connection): SensorRepository => {
  const all = query(connection, Sensor, `SELECT ${COLUMNS} FROM sensor ORDER BY id`);
  const ofAsset = query(connection, Sensor, `SELECT ${COLUMNS} FROM sensor WHERE asset = ? ORDER BY id`);
  const byId = query(connection, Sensor, `SELECT ${COLUMNS} FROM sensor WHERE id = ?`);
  const byName = query(connection, Sensor, `SELECT ${COLUMNS} FROM sensor WHERE asset = ? AND name = ?`);
  const named = query(connection, Sensor, `SELECT ${COLUMNS} FROM sensor WHERE name = ? ORDER BY id`);
  const insert = command(connection, 'INSERT INTO sensor (asset, name, quantity, unit, unit_as_written, kind) VALUES (@asset, @name, @quantity, @unit, @unitAsWritten, @kind)');
  const fill = command(
    connection,
    'UPDATE sensor SET quantity = ifnull(quantity, @quantity), unit_as_written = iif(unit IS NULL, @unitAsWritten, unit_as_written), unit = ifnull(unit, @unit) WHERE id = @id',
  );
  const describe = command(
    connection,
    'UPDATE sensor SET nominal_interval = @nominalInterval, limit_low = @limitLow, limit_high = @limitHigh, quantity = @quantity WHERE id = @id',
  );

  return {
    list: () => all.all(),
    ofAsset: (asset) => ofAsset.all(asset),
    get: (id) => byId.one(id),
    byName: (asset, name) => byName.one(asset, name),
    named: (name) => named.all(name),
    ensure: ({ asset, name, unit, unitAsWritten, quantity, kind }) => {
      const found = byName.one(asset, name);
      if (found === undefined) {
        const { id } = insert({ asset, name, unit, unitAsWritten, quantity, kind });
        return Sensor.parse({ id, asset, name, unit, unitAsWritten, quantity, kind, nominalInterval: null, limitLow: null, limitHigh: null });
      }
      const learns = (found.unit === null && unit !== null) || (found.quantity === null && quantity !== null);
      if (!learns) return found;
      fill({ id: found.id, quantity, unit, unitAsWritten });
      return byId.one(found.id) ?? found;
    },
    describe: (id, facts) => {
      const found = byId.one(id);
      if (found === undefined) return;
      const { nominalInterval, limitLow, limitHigh, quantity } = { ...found, ...facts };
      describe({ id, nominalInterval, limitLow, limitHigh, quantity });
    },
  };
};
