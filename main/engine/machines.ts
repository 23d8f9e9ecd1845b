import type { MachineBoard } from '../api/parts.ts';
import { AppError } from '../contract/errors.ts';
import type { Machine } from '../contract/plant.ts';
import type { AssetId, Micros } from '../contract/values.ts';
import type { Plant } from '../store/plant.ts';
import type { Clock } from './clock.ts';
import { createTopic } from './topic.ts';

/** Readings that are older than this many of their own intervals are stale; no rhythm is faster than a minute to people. */
const STALE_INTERVALS = 6;
const LEAST_STALE_MICROS = 60e6;
/** A log whose end lies further back than this was recorded once and is not expected to go on. */
const RECORDED_MICROS = 30 * 86_400e6;

type LastReading = NonNullable<Machine['lastReading']>;

const freshnessOf = (axis: Machine['axis'], last: LastReading | null, interval: number | null, now: Micros): Machine['freshness'] => {
  if (last === null) return 'none';
  // A cycle count carries no clock: it is a test that was recorded.
  if (axis === 'cycle' || now - last.at > RECORDED_MICROS) return 'recorded';
  return now - last.at > Math.max(LEAST_STALE_MICROS, STALE_INTERVALS * (interval ?? 0)) ? 'stale' : 'fresh';
};

/** Puts each machine's document together from the store. */
export const createMachineBoard = (plant: Plant, clock: Clock): MachineBoard => {
  const document = (id: AssetId): Machine => {
    const asset = plant.assets.get(id);
    if (asset === undefined || asset.level !== 'machine') throw new AppError('not-found', `there is no machine ${id}`, { asset: id });
    let last: LastReading | null = null;
    for (const info of plant.series.infos(id)) if (info.last !== null && info.receivedAt !== null && (last === null || info.last > last.at)) last = { at: info.last, receivedAt: info.receivedAt };
    const sensors = plant.sensors.ofAsset(id);
    const intervals = sensors.flatMap((sensor) => (sensor.nominalInterval === null ? [] : [sensor.nominalInterval]));
    const open = plant.alarms.open().filter((alarm) => alarm.asset === id);
    return {
      id,
      name: asset.name,
      path: plant.assets.pathOf(id).slice(0, -1),
      machineType: asset.machineType,
      axis: asset.axis,
      health: plant.healths.latest(id) ?? null,
      forecast: plant.forecasts.latest(id) ?? null,
      lastReading: last,
      freshness: freshnessOf(asset.axis, last, intervals.length === 0 ? null : Math.max(...intervals), clock.now()),
      sensors: sensors.length,
      alarms: { active: open.filter((alarm) => alarm.active).length, unacknowledged: open.filter((alarm) => alarm.unacknowledged).length },
    };
  };
  const list = (): Machine[] => plant.assets.machines().map((asset) => document(asset.id));
  const topic = createTopic<Machine>(list, (machine) => machine.id);
  return {
    topic,
    machine: document,
    list,
    touch: (assets) => {
      for (const asset of new Set(assets)) topic.publish(document(asset));
    },
  };
};
