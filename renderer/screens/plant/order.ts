import type { HealthState, Machine } from '../../../main/contract/plant.ts';
import type { PlantRoute } from '../../state/route.ts';

export const SEVERITY: Readonly<Record<HealthState, number>> = { critical: 0, warning: 1, watch: 2, unknown: 3, normal: 4 };

export const stateOf = (machine: Machine): HealthState => machine.health?.state ?? 'unknown';

/** Hours, or cycles, until the median failure; how likely a failure is stands in for it where there is only a probability. */
const urgency = (machine: Machine): number => {
  const forecast = machine.forecast;
  if (forecast?.rul) return forecast.rul.unit === 'days' ? forecast.rul.median * 24 : forecast.rul.median;
  const likely = forecast?.failureProbability.at(0);
  return likely === undefined ? Number.POSITIVE_INFINITY : likely.horizon / Math.max(likely.p, 1e-3);
};

const byName = (a: Machine, b: Machine): number => a.name.localeCompare(b.name, undefined, { numeric: true });

/** Difference of two numbers of which both may be infinite. */
const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

const ORDERS: Readonly<Record<PlantRoute['order'], (a: Machine, b: Machine) => number>> = {
  /** State first, then health, then the forecast: what a person should look at next stands on top. */
  worst: (a, b) =>
    SEVERITY[stateOf(a)] - SEVERITY[stateOf(b)] ||
    compare(a.health?.index ?? 101, b.health?.index ?? 101) ||
    compare(urgency(a), urgency(b)) ||
    byName(a, b),
  soonest: (a, b) => compare(urgency(a), urgency(b)) || byName(a, b),
  newest: (a, b) => compare(b.lastReading?.receivedAt ?? 0, a.lastReading?.receivedAt ?? 0) || byName(a, b),
  name: byName,
};

/** Machines that match search, area and type, whatever their state: the counts are of these. `areaOf` is the area as the list shows it. */
export const found = (machines: readonly Machine[], filter: PlantRoute, areaOf: (machine: Machine) => string): readonly Machine[] => {
  const words = filter.search.trim().toLocaleLowerCase().split(/\s+/);
  return machines.filter((machine) => {
    const area = areaOf(machine);
    const text = `${machine.name} ${machine.path.join(' ')} ${area} ${machine.machineType}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word)) && (filter.area === '' || area === filter.area) && (filter.type === '' || machine.machineType === filter.type);
  });
};

/** Those in the wanted state, in the wanted order. */
export const arranged = (machines: readonly Machine[], filter: PlantRoute): readonly Machine[] =>
  machines.filter((machine) => filter.state === '' || stateOf(machine) === filter.state).toSorted(ORDERS[filter.order]);
