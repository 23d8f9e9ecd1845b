import type { Machine, Sensor } from '../../../main/contract/plant.ts';

const AT_FIRST = 4;
/** As many as one call of the contract answers. */
export const MOST = 32;

/** The sensors to be drawn: those chosen; else those that drive forecast and health, else the first ones. */
export const shownSensors = (sensors: readonly Sensor[], chosen: readonly number[], machine: Pick<Machine, 'forecast' | 'health'>): readonly Sensor[] => {
  const picked = sensors.filter((sensor) => chosen.includes(sensor.id));
  if (picked.length > 0) return picked.slice(0, MOST);
  const drivers = [...(machine.forecast?.drivers ?? []), ...(machine.health?.drivers ?? [])].toSorted((a, b) => b.share - a.share).map((driver) => driver.sensor);
  const driving = [...new Set(drivers)].flatMap((name) => sensors.find((sensor) => sensor.name === name) ?? []);
  const rest = sensors.filter((sensor) => sensor.kind === 'number' && !driving.includes(sensor));
  return [...driving, ...rest].slice(0, AT_FIRST);
};
