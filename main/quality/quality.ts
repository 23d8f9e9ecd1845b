import type { SensorQuality } from '../contract/data.ts';
import { AppError } from '../contract/errors.ts';
import type { Sensor } from '../contract/plant.ts';
import type { QualityPeriod, QualityThresholds } from '../contract/quality.ts';
import type { AssetId, SensorId } from '../contract/values.ts';
import { createTurns } from '../engine/turns.ts';
import type { Plant } from '../store/plant.ts';
import type { Assessor } from './assessor.ts';
import type { CopyFinder } from './copies/copies.ts';
import { periodOf } from './findings.ts';

export interface Thresholds {
  readonly sensor: SensorId;
  readonly learned: QualityThresholds;
  readonly chosen: QualityThresholds;
}

export type QualityStore = Pick<Plant, 'assets' | 'sensors' | 'series' | 'qualities' | 'transaction'>;

/** What is wrong with readings (ISO 13374-1), sensor by sensor. Long work hands the event loop its turn every 20 ms. */
export interface Quality {
  /** Of every sensor of one machine, or of all. */
  ofSensors(asset: AssetId | null, signal?: AbortSignal): Promise<SensorQuality[]>;
  /** @throws AppError('not-found') */
  history(request: { sensor: SensorId; from: number | null; to: number | null; periods: number }, signal?: AbortSignal): Promise<QualityPeriod[]>;
  /** @throws AppError('not-found') */
  thresholds(sensor: SensorId): Thresholds;
  /** Keeps what people chose; null: learned. @throws AppError('not-found' | 'input-invalid') */
  changeThresholds(sensor: SensorId, chosen: QualityThresholds): Thresholds;
}

/** @throws AppError('not-found') */
export const sensorOf = ({ sensors }: Pick<Plant, 'sensors'>, id: SensorId): Sensor => {
  const sensor = sensors.get(id);
  if (sensor === undefined) throw new AppError('not-found', `there is no sensor ${id}`, { sensor: id });
  return sensor;
};

export const createQuality = (plant: QualityStore, assessor: Assessor, copies: CopyFinder): Quality => ({
  ofSensors: async (asset, signal) => {
    const turn = createTurns(signal);
    const copied = await copies.find(turn);
    const machines = plant.assets.machines().filter(({ id }) => asset === null || id === asset);
    const found: SensorQuality[] = [];
    for (const machine of machines) for (const sensor of plant.sensors.ofAsset(machine.id)) found.push(await assessor.quality(machine, sensor, turn, copied.get(sensor.id)));
    return found;
  },
  history: async ({ sensor: id, from, to, periods }, signal) => {
    const sensor = sensorOf(plant, id);
    const info = plant.series.info(id);
    if (info.first === null || info.last === null) return [];
    const span = { from: from ?? info.first, to: to ?? info.last };
    if (!(span.to > span.from)) return [];
    const { rules, result } = await assessor.scanSpan(sensor, span, periods, createTurns(signal));
    const extent = assessor.extent(id);
    return result.periods.map((counts) => periodOf(counts, rules, extent));
  },
  thresholds: (id) => {
    const sensor = sensorOf(plant, id);
    return { sensor: id, ...assessor.thresholds(sensor) };
  },
  changeThresholds: (id, chosen) => {
    const sensor = sensorOf(plant, id);
    if (chosen.low !== null && chosen.high !== null && chosen.low >= chosen.high)
      throw new AppError('input-invalid', `the lower limit ${chosen.low} of ${sensor.name} must lie below the upper one ${chosen.high}`, { low: chosen.low, high: chosen.high });
    const { low, high, ...rest } = chosen;
    plant.transaction(() => {
      plant.sensors.describe(id, { limitLow: low, limitHigh: high });
      plant.qualities.choose(id, rest);
    });
    assessor.forget(id);
    return { sensor: id, ...assessor.thresholds(sensorOf(plant, id)) };
  },
});
