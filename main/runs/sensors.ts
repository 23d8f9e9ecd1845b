import type { DatasetDocument, DatasetSensor } from '../../ml/documents/dataset.ts';
import type { MachineLives } from './units.ts';

/** The sensors that every machine has under one name and unit, in the order of the first machine; the others with the reason. */
export const commonSensors = (machines: readonly MachineLives[]): { sensors: DatasetSensor[]; leftOut: DatasetDocument['leftOut'] } => {
  const sensors = new Map<string, DatasetSensor>();
  for (const { sensors: own } of machines) for (const { name, unit } of own) if (!sensors.has(name)) sensors.set(name, { name, unit });
  const leftOut: DatasetDocument['leftOut'] = [];
  const kept = [...sensors.values()].filter(({ name, unit }) => {
    const without = machines.find(({ sensors: own }) => !own.some((sensor) => sensor.name === name));
    const otherwise = machines.find(({ sensors: own }) => own.some((sensor) => sensor.name === name && sensor.unit !== unit));
    if (without !== undefined) leftOut.push({ name, reason: `missing on ${without.asset.name}` });
    else if (otherwise !== undefined) leftOut.push({ name, reason: `in another unit on ${otherwise.asset.name}` });
    return without === undefined && otherwise === undefined;
  });
  return { sensors: kept, leftOut };
};
