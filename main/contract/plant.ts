import { z } from 'zod';
import { Driver, FaultPrediction, NoForecast } from '../../ml/documents/prediction.ts';
import { call } from './call.ts';
import { resource } from './resource.ts';
import { AssetId, Axis, Micros, ModelId, Position, SensorId } from './values.ts';

/** Levels of the asset tree (ISA-95). A machine is where sensors and forecasts are. */
export const AssetLevel = z.enum(['site', 'area', 'line', 'machine']);
export type AssetLevel = z.infer<typeof AssetLevel>;

export const Asset = z.strictObject({
  id: AssetId,
  parent: AssetId.nullable(),
  level: AssetLevel,
  name: z.string(),
  /** Machines of one type share their models: 'pump', 'turbofan', ... */
  machineType: z.string(),
  axis: Axis,
});
export type Asset = z.infer<typeof Asset>;

export const Sensor = z.strictObject({
  id: SensorId,
  asset: AssetId,
  name: z.string(),
  quantity: z.string().nullable(),
  unit: z.string().nullable(),
  /** The unit as the file wrote it, where it was normalised. */
  unitAsWritten: z.string().nullable(),
  /** number, or state (ON/OFF as 1/0). */
  kind: z.enum(['number', 'state']),
  nominalInterval: z.number().nullable(),
  limitLow: z.number().nullable(),
  limitHigh: z.number().nullable(),
});
export type Sensor = z.infer<typeof Sensor>;

/** Health index 0 (failed) to 100 (as new), its state and what moves it (ISO 13374-2: state detection, health assessment). */
export const HealthState = z.enum(['normal', 'watch', 'warning', 'critical', 'unknown']);
export type HealthState = z.infer<typeof HealthState>;
export const Health = z.strictObject({
  asset: AssetId,
  /** Axis position of the newest reading that went into it. */
  at: Position,
  index: z.number().min(0).max(100).nullable(),
  state: HealthState,
  drivers: z.array(Driver),
  /** Why the state is unknown: 'baseline-learning', 'stale', 'no-data'; null otherwise. */
  reason: z.string().nullable(),
});
export type Health = z.infer<typeof Health>;

/** A forecast (ISO 13381-1) of one asset by one model: a distribution, told by its median and its 90 % interval. */
export const Forecast = z.strictObject({
  id: z.int(),
  asset: AssetId,
  model: ModelId.nullable(),
  madeAt: Micros,
  /** Axis position of the newest reading that it knew. */
  asOf: Position,
  /** `cap`: the longest life that the model tells apart; a median or high end at it means 'this long or longer'. */
  rul: z.strictObject({ median: z.number(), low: z.number(), high: z.number(), unit: z.string(), cap: z.number().optional() }).nullable(),
  /** When it will fail, on the axis of the asset; from `rul`. */
  failureAt: z.strictObject({ median: Position, low: Position, high: Position }).nullable(),
  failureProbability: z.array(z.strictObject({ horizon: z.number(), unit: z.string(), p: z.number() })),
  /** Kind of fault present; `likely` null: none is likely enough. */
  fault: z.strictObject({ ...FaultPrediction.shape, unit: z.string() }).nullable().default(null),
  /** Departure from healthy running; since when it lies above its limit without a break, null where it doesn't. */
  anomaly: z.strictObject({ score: z.number(), limit: z.number(), share: z.number(), since: Position.nullable() }).nullable().default(null),
  drivers: z.array(Driver),
  noForecast: NoForecast.nullable(),
});
export type Forecast = z.infer<typeof Forecast>;

/** One machine as the Plant screen shows it. */
export const Machine = z.strictObject({
  id: AssetId,
  name: z.string(),
  /** Names from the site down, without the machine's own. */
  path: z.array(z.string()),
  machineType: z.string(),
  axis: Axis,
  health: Health.nullable(),
  forecast: Forecast.nullable(),
  /** Newest reading; `receivedAt` is when it came in. */
  lastReading: z.strictObject({ at: Position, receivedAt: Micros }).nullable(),
  freshness: z.enum(['fresh', 'stale', 'none', 'recorded']),
  sensors: z.int(),
  alarms: z.strictObject({ active: z.int(), unacknowledged: z.int() }),
});
export type Machine = z.infer<typeof Machine>;

export const MachineDetail = z.strictObject({ machine: Machine, sensors: z.array(Sensor), span: z.strictObject({ from: Position, to: Position }).nullable() });
export type MachineDetail = z.infer<typeof MachineDetail>;

/**
 * A chart's series reduced to pixel columns: per column its start, lowest, highest and last value (null: nothing measured).
 * At most two points a column are drawn; whole series never cross.
 */
export const SeriesColumns = z.strictObject({
  sensor: SensorId,
  name: z.string(),
  unit: z.string().nullable(),
  from: Position,
  to: Position,
  at: z.array(Position),
  min: z.array(z.number().nullable()),
  max: z.array(z.number().nullable()),
  /** Stored points in the span. */
  points: z.int(),
});
export type SeriesColumns = z.infer<typeof SeriesColumns>;

const span = { from: Position.nullable().default(null), to: Position.nullable().default(null) };

export const plant = {
  watch: call('stream').input(z.strictObject({})).output(resource(Machine)),
  assets: call('query').input(z.strictObject({})).output(z.array(Asset)),
  sensors: call('query').input(z.strictObject({})).output(z.array(Sensor.extend({ assetName: z.string() }))),
  machine: call('query', 'not-found').input(z.strictObject({ asset: AssetId })).output(MachineDetail),
  healthHistory: call('query', 'not-found').input(z.strictObject({ asset: AssetId, limit: z.int().min(1).max(5000).default(1000), ...span })).output(z.array(Health)),
  forecastHistory: call('query', 'not-found').input(z.strictObject({ asset: AssetId, limit: z.int().min(1).max(5000).default(1000), ...span })).output(z.array(Forecast)),
  columns: call('query', 'not-found')
    .input(z.strictObject({ sensors: z.array(SensorId).min(1).max(32), columns: z.int().min(10).max(4000).default(800), ...span }))
    .output(z.array(SeriesColumns)),
  /** Forecasts anew for one asset, or all, by the champion or the named model. */
  predict: call('command', 'not-found', 'process-ended')
    .input(z.strictObject({ asset: AssetId.nullable().default(null), model: ModelId.nullable().default(null) }))
    .output(z.array(z.strictObject({ machine: Machine, forecast: Forecast }))),
};
