import type { SensorQuality } from '../../../../main/contract/data.ts';
import type { DataRoute } from '../../../state/route.ts';

const byName = (a: string, b: string): number => a.localeCompare(b, undefined, { numeric: true });
const bySensor = (a: SensorQuality, b: SensorQuality): number => byName(a.asset, b.asset) || byName(a.name, b.name);

const COMPARE = {
  score: (a: SensorQuality, b: SensorQuality): number => a.score - b.score,
  asset: bySensor,
  sensor: (a: SensorQuality, b: SensorQuality): number => byName(a.name, b.name),
  count: (a: SensorQuality, b: SensorQuality): number => a.count - b.count,
} as const;

/** Sensors whose machine and name hold every searched word, in the order that the route names; equals by machine and name. */
export const ordered = (sensors: readonly SensorQuality[], search: string, order: DataRoute['order']): readonly SensorQuality[] => {
  const words = search.trim().toLocaleLowerCase().split(/\s+/);
  const down = order.startsWith('-');
  const name = down ? order.slice(1) : order;
  const compare = name === 'asset' || name === 'sensor' || name === 'count' ? COMPARE[name] : COMPARE.score;
  return sensors
    .filter((one) => words.every((word) => `${one.asset} ${one.name}`.toLocaleLowerCase().includes(word)))
    .toSorted((a, b) => (down ? -1 : 1) * compare(a, b) || bySensor(a, b));
};
