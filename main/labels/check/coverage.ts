import type { PlantEvent } from '../../contract/data.ts';
import type { LabelFinding } from '../../contract/labels.ts';
import { about, lengthWords, type CheckedMachine, type CheckStore } from './machine.ts';

const day = 86_400e6;
/** Readings before a failure, since the machine last began anew, below which nothing can be learned from it. */
const READINGS_NEEDED = 20;
/** An event so many intervals behind the last reading lies outside of the record, not at its end. */
const INTERVALS_LATE = 10;
const LEAST_LATE = 3600e6;

/** Where the life that a failure ended began: the end of the failure or the work before it, or the first reading. */
export const lifeStartOf = ({ events, extent }: CheckedMachine, failure: PlantEvent): number =>
  events
    .filter(({ kind, start, id }) => (kind === 'failure' || kind === 'maintenance') && start < failure.start && id !== failure.id)
    .reduce((latest, { start, end }) => Math.max(latest, Math.min(end ?? start, failure.start)), extent?.first ?? -Infinity);

/** Readings of the machine's best covered sensor in (from, to], counted up to `most`. */
const readingsIn = (plant: CheckStore, { asset }: CheckedMachine, from: number, to: number, most: number): number =>
  plant.sensors.ofAsset(asset.id).reduce((best, { id }) => (best >= most ? best : Math.max(best, plant.series.readPage({ sensor: id, from, after: false, to, limit: most }).positions.length)), 0);

const before = (plant: CheckStore, machine: CheckedMachine, failure: PlantEvent): LabelFinding[] => {
  const start = lifeStartOf(machine, failure);
  const readings = machine.extent === null || start > failure.start ? 0 : readingsIn(plant, machine, start, failure.start, READINGS_NEEDED);
  if (readings >= READINGS_NEEDED) return [];
  const message = readings === 0 ? 'there are no readings before it since the machine last began anew' : `there are only ${readings} readings before it since the machine last began anew`;
  return [about(failure, 'no-readings-before', 'error', `${message}: nothing can be learned from it`, { readings, needed: READINGS_NEEDED, since: Number.isFinite(start) ? start : null })];
};

const behind = ({ asset, extent }: CheckedMachine, event: PlantEvent): LabelFinding[] => {
  if (extent === null) return [];
  const late = event.start - extent.last;
  if (late <= Math.max(INTERVALS_LATE * extent.interval, asset.axis === 'time' ? LEAST_LATE : 0)) return [];
  // A test that was cut off before the known end of the machine is a record as it should be.
  return [about(event, 'after-last-reading', asset.axis === 'cycle' ? 'note' : 'warning', `it lies ${lengthWords(asset.axis, late)} after the last reading`, { late })];
};

const withoutReturn = ({ asset, events, extent }: CheckedMachine, failure: PlantEvent): LabelFinding[] => {
  if (asset.axis === 'cycle' || extent === null || failure.end !== null) return [];
  const next = events.find(({ kind, start, end, id }) => id !== failure.id && (kind === 'failure' || kind === 'maintenance') && (start >= failure.start || (kind === 'maintenance' && (end ?? start) >= failure.start)));
  if (next?.kind === 'maintenance') return [];
  const until = Math.min(next?.start ?? extent.last, extent.last);
  if (until - failure.start < day) return [];
  return [about(failure, 'no-return-to-service', 'note', `no repair and no end is known, and the readings go on for ${lengthWords('time', until - failure.start)}; it counts as repaired at once`, { until })];
};

/** What the events say against the span of the readings. */
export const coverageFindings = (plant: CheckStore, machine: CheckedMachine): LabelFinding[] => {
  const failures = machine.events.filter(({ kind }) => kind === 'failure');
  return [
    ...failures.flatMap((failure) => [...before(plant, machine, failure), ...withoutReturn(machine, failure)]),
    ...machine.events.filter(({ kind }) => kind !== 'mode').flatMap((event) => behind(machine, event)),
  ];
};
