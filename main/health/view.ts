import { chooseStep } from '../../ml/dataset/grid.ts';
import { livesOf, type Life, type LifeEvent } from '../../ml/dataset/lives.ts';
import type { Asset, Sensor } from '../contract/plant.ts';
import type { Micros } from '../contract/values.ts';
import type { Plant } from '../store/plant.ts';
import type { Rows } from './baseline.ts';

const hour = 3600e6;
const day = 24 * hour;
/** A machine's rows are made coarser beyond this many. */
const MOST_ROWS = 20_000;

export type HealthStore = Pick<Plant, 'assets' | 'sensors' | 'series' | 'events' | 'healths' | 'baselines' | 'transaction'>;

/** What is known of one machine when its health is looked at. */
export interface MachineView {
  readonly asset: Asset;
  readonly sensors: readonly Sensor[];
  readonly first: number;
  readonly last: number;
  readonly lives: readonly Life[];
  /** Axis units between the rows of a new baseline. */
  readonly step: number;
}

/** Hours, unless the lives that are known are short; a recording of the past without failures is divided by its own length. */
const stepOf = (asset: Asset, lives: readonly Life[], span: number, interval: number, live: boolean): number => {
  if (asset.axis === 'cycle') return Math.max(1, Math.ceil(span / MOST_ROWS));
  const ended = lives.filter((life) => life.ended !== 'not-yet').map((life) => life.end - life.start);
  const unknown = live ? Math.max(hour, interval) : chooseStep('time', [span], interval);
  const wanted = ended.length > 0 ? chooseStep('time', ended, interval) : unknown;
  const usual = interval > hour ? wanted : Math.min(wanted, hour);
  return span / usual > MOST_ROWS ? Math.ceil(span / MOST_ROWS / hour) * hour : usual;
};

/** Null when the machine has no readings of numbers. */
export const viewOf = (plant: HealthStore, asset: Asset, now: Micros): MachineView | null => {
  const sensors = plant.sensors.ofAsset(asset.id).filter((sensor) => sensor.kind === 'number');
  const known = plant.series.infos(asset.id).flatMap((info) => (info.first === null || info.last === null ? [] : [{ ...info, first: info.first, last: info.last }]));
  if (known.length === 0 || sensors.length === 0) return null;
  const first = Math.min(...known.map((info) => info.first));
  const last = Math.max(...known.map((info) => info.last));
  const events = plant.events.list({ asset: asset.id }).flatMap(({ kind, start, end }): LifeEvent[] => (kind === 'failure' || kind === 'maintenance' ? [{ kind, start, end }] : []));
  const { lives } = livesOf(events, first, last, asset.axis);
  const interval = Math.min(...known.map((info) => (info.last - info.first) / Math.max(1, info.points - 1)));
  const live = asset.axis === 'time' && now - last < day;
  return { asset, sensors, first, last, lives, step: stepOf(asset, lives, last - first, interval, live) };
};

/**
 * Position of the first row that lies wholly within a span that begins at `start`; rows stand at multiples of the step. On a
 * cycle axis the cycle itself is the row.
 */
export const firstRowFrom = (asset: Asset, start: number, step: number): number => {
  const edge = Math.ceil(start / step) * step;
  return asset.axis === 'cycle' ? edge : edge + step;
};
export const lastRowTo = (end: number, step: number): number => Math.floor(end / step) * step;

/** Reads the rows from position `first` to `last`, both included. */
export const readRows = (plant: HealthStore, view: MachineView, first: number, last: number, step: number): Rows => {
  const count = Math.max(0, Math.round((last - first) / step) + 1);
  const sensors = view.sensors.map((sensor) => sensor.id);
  const values = count === 0 ? new Float32Array() : plant.series.readGrid({ sensors, start: first, step, rows: count });
  return { start: first, step, count, sensors: sensors.length, values };
};
