import type { DatasetDocument, DatasetSensor } from '../../ml/documents/dataset.ts';
import { medianOf } from '../../ml/dataset/grid.ts';
import { AppError } from '../contract/errors.ts';
import type { SensorId } from '../contract/values.ts';
import type { MachineLives, UnitStore } from './units.ts';

/** A sensor whose readings come further apart than so many rows is held between them. */
const SLOWER_THAN = 1.5;
/** Readings that a held value may stand in for: one that does not come is no gap yet. */
const HELD_FOR = 2;
/** Readings that a sensor's pace is taken from: their median distance, which no time without records widens. */
const READINGS_OF_PACE = 500;

/**
 * The sensors that every machine has under one name and unit, in the order of the first machine; the others with the reason.
 * @param leaveOut names of sensors that people don't want learnt from @throws AppError('input-invalid') when no machine has one of these
 */
export const commonSensors = (machines: readonly MachineLives[], leaveOut: readonly string[] = []): { sensors: DatasetSensor[]; leftOut: DatasetDocument['leftOut'] } => {
  const sensors = new Map<string, DatasetSensor>();
  for (const { sensors: own } of machines) for (const { name, unit } of own) if (!sensors.has(name)) sensors.set(name, { name, unit });
  const unknown = leaveOut.filter((name) => !sensors.has(name));
  if (unknown.length > 0) throw new AppError('input-invalid', `there is no sensor ${unknown.map((name) => `'${name}'`).join(', ')} to leave out; the machines have ${[...sensors.keys()].join(', ')}`, { sensors: unknown.join(', ') });
  const leftOut: DatasetDocument['leftOut'] = [];
  const kept = [...sensors.values()].filter(({ name, unit }) => {
    const without = machines.find(({ sensors: own }) => !own.some((sensor) => sensor.name === name));
    const otherwise = machines.find(({ sensors: own }) => own.some((sensor) => sensor.name === name && sensor.unit !== unit));
    if (leaveOut.includes(name)) leftOut.push({ name, reason: 'left out by hand' });
    else if (without !== undefined) leftOut.push({ name, reason: `missing on ${without.asset.name}` });
    else if (otherwise !== undefined) leftOut.push({ name, reason: `in another unit on ${otherwise.asset.name}` });
    return !leaveOut.includes(name) && without === undefined && otherwise === undefined;
  });
  return { sensors: kept, leftOut };
};

const paceOf = ({ series }: Pick<UnitStore, 'series'>, sensor: SensorId): number | null => {
  const { first, last } = series.info(sensor);
  if (first === null || last === null) return null;
  const { positions } = series.readPage({ sensor, from: first, after: false, to: last, limit: READINGS_OF_PACE });
  return positions.length < 2 ? null : medianOf(Array.from(positions.subarray(1), (position, at) => position - (positions[at] ?? 0)));
};

/**
 * The same sensors with how far their values are held on a grid: where some are read every minute and others every hour, a row in between holds
 * the hour's last reading. By each sensor's own pace, the median over the machines.
 */
export const withHolds = (plant: Pick<UnitStore, 'series'>, machines: readonly MachineLives[], sensors: readonly DatasetSensor[], step: number): DatasetSensor[] => {
  const paces = new Map<string, number[]>();
  for (const machine of machines)
    for (const { id, name } of machine.sensors) {
      const pace = paceOf(plant, id);
      if (pace !== null) paces.set(name, [...(paces.get(name) ?? []), pace]);
    }
  return sensors.map((sensor) => {
    const pace = paces.has(sensor.name) ? medianOf(paces.get(sensor.name) ?? []) : 0;
    return pace > SLOWER_THAN * step ? { ...sensor, hold: HELD_FOR * pace } : sensor;
  });
};
