import type { PlantEvent } from '../../contract/data.ts';
import type { LabelFinding } from '../../contract/labels.ts';
import type { SensorId } from '../../contract/values.ts';
import { lifeStartOf } from './coverage.ts';
import { about, type CheckedMachine, type CheckStore } from './machine.ts';

/** Readings right before and right after a failure that are looked at. */
const WINDOW = 64;
/** Readings of the life before that they are compared with, in so many blocks. */
const BLOCKS = 8;
/** Below this many readings nothing is said. */
const LEAST = 24;
/** The machine stopped, or its logger did, where no reading comes for so many intervals. */
const STOP_INTERVALS = 5;
/** Two-sample Kolmogorov-Smirnov distance below which two stretches count as alike; 0.3 is met by chance in one of a thousand pairs of such size. */
const ALIKE = 0.35;

/** Largest distance between the empirical distributions of two samples (Smirnov 1948), 0 to 1. */
export const ksDistance = (a: Float64Array, b: Float64Array): number => {
  const [left, right] = [a.toSorted(), b.toSorted()];
  let [i, j, distance] = [0, 0, 0];
  while (i < left.length && j < right.length) {
    const at = Math.min(left[i] ?? Infinity, right[j] ?? Infinity);
    while (i < left.length && (left[i] ?? 0) <= at) i += 1;
    while (j < right.length && (right[j] ?? 0) <= at) j += 1;
    distance = Math.max(distance, Math.abs(i / left.length - j / right.length));
  }
  return distance;
};

interface Stretches {
  /** Of the first two thirds of the life: how the machine is when nothing is near. */
  readonly healthy: Float64Array;
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** Axis units from the failure to the next reading. */
  readonly pause: number;
}

const stretchesOf = (plant: CheckStore, sensor: SensorId, life: number, failure: number, interval: number): Stretches => {
  const some = (from: number, to: number, limit: number): { positions: Float64Array; values: Float64Array } => plant.series.readPage({ sensor, from, after: false, to, limit });
  const width = ((failure - life) * 2) / 3 / BLOCKS;
  const healthy = Array.from({ length: BLOCKS }, (_, block) => [...some(life + block * width, life + (block + 1) * width, WINDOW).values]).flat();
  const after = some(failure + interval / 1000, failure + 100 * WINDOW * interval, WINDOW);
  return {
    healthy: Float64Array.from(healthy),
    before: some(failure - WINDOW * interval, failure, 4 * WINDOW).values.slice(-WINDOW),
    after: after.values,
    pause: (after.positions[0] ?? Infinity) - failure,
  };
};

/** How far the readings around a failure are from ordinary ones: the largest distance of any sensor; null where too little is known. */
const changeAround = (plant: CheckStore, machine: CheckedMachine, failure: PlantEvent, interval: number): { distance: number; sensors: number } | null => {
  const life = lifeStartOf(machine, failure);
  let [distance, sensors] = [0, 0];
  for (const sensor of plant.sensors.ofAsset(machine.asset.id)) {
    const { healthy, before, after, pause } = stretchesOf(plant, sensor.id, life, failure.start, interval);
    if (pause > STOP_INTERVALS * interval) return { distance: 1, sensors };
    if (healthy.length < LEAST || before.length < LEAST || after.length < LEAST) continue;
    sensors += 1;
    distance = Math.max(distance, ksDistance(healthy, before), ksDistance(before, after));
    if (distance >= ALIKE) return { distance, sensors };
  }
  return sensors === 0 ? null : { distance, sensors };
};

/** Failures that no reading knows of: the machine neither stops nor changes, before or after. Maintenance need not change anything. @param turn lets others work between two failures */
export const contradictions = async (plant: CheckStore, machine: CheckedMachine, turn: () => Promise<void>): Promise<LabelFinding[]> => {
  const { extent } = machine;
  const found: LabelFinding[] = [];
  for (const failure of machine.events) {
    if (extent === null || failure.kind !== 'failure' || failure.start <= extent.first || failure.start >= extent.last) continue;
    const change = changeAround(plant, machine, failure, extent.interval);
    await turn();
    if (change === null || change.distance >= ALIKE) continue;
    found.push(about(failure, 'contradicts-readings', 'warning', `the readings of ${change.sensors === 1 ? 'its sensor' : `its ${change.sensors} sensors`} go on as before: no stop, and no change before or after it`, { sensors: change.sensors, distance: Number(change.distance.toFixed(3)), limit: ALIKE }));
  }
  return found;
};
