import { readRows, type MachineCleaning } from '../../ml/dataset/cleaning/rows.ts';
import { medianOf } from '../../ml/dataset/grid.ts';
import { livesOf, type Life, type LifeEvent } from '../../ml/dataset/lives.ts';
import type { DatasetDocument, DatasetSensor, DatasetUnit } from '../../ml/documents/dataset.ts';
import type { Asset, Sensor } from '../contract/plant.ts';
import type { Plant } from '../store/plant.ts';

const hour = 3600e6;
const day = 24 * hour;

export type UnitStore = Pick<Plant, 'assets' | 'sensors' | 'series' | 'events'>;

/** One machine with what its dataset units are made of. */
export interface MachineLives {
  readonly asset: Asset;
  readonly sensors: readonly Sensor[];
  readonly lives: readonly Life[];
  /** Axis units between two readings of its fastest sensor. */
  readonly interval: number;
}

/** The machines of a type that have readings, with their lives. */
export const machinesOf = (plant: UnitStore, machineType: string): MachineLives[] =>
  plant.assets.machines().filter((asset) => asset.machineType === machineType).flatMap((asset) => {
    const sensors = plant.sensors.ofAsset(asset.id).filter((sensor) => sensor.kind === 'number');
    const known = plant.series.infos(asset.id).flatMap(({ sensor, points, first, last }) => (first === null || last === null || !sensors.some(({ id }) => id === sensor) ? [] : [{ points, first, last }]));
    if (known.length === 0) return [];
    const events = plant.events.list({ asset: asset.id }).flatMap(({ kind, start, end }): LifeEvent[] => (kind === 'failure' || kind === 'maintenance' ? [{ kind, start, end }] : []));
    const { lives } = livesOf(events, Math.min(...known.map(({ first }) => first)), Math.max(...known.map(({ last }) => last)), asset.axis);
    // A sensor that was read once has no pace.
    const paces = known.flatMap(({ points, first, last }) => (last > first ? [(last - first) / Math.max(1, points - 1)] : []));
    const interval = paces.length === 0 ? 1 : Math.min(...paces);
    return [{ asset, sensors, lives: lives.filter((life) => life.end > life.start), interval }];
  });

export const failedLives = (machines: readonly MachineLives[]): Life[] => machines.flatMap(({ lives }) => lives.filter((life) => life.failureAt !== null));
export const lifeLength = (life: Life): number => (life.failureAt ?? life.end) - life.start;
export const medianLife = (lives: readonly Life[]): number => medianOf(lives.map(lifeLength));

/** What one step is called when shown: lives of days in days, shorter ones in hours. */
export const unitOf = (axis: 'time' | 'cycle', step: number, life: number): Pick<DatasetDocument, 'unit' | 'stepInUnit'> => {
  if (axis === 'cycle') return { unit: 'cycles', stepInUnit: step };
  return life >= 4 * day ? { unit: 'days', stepInUnit: step / day } : { unit: 'hours', stepInUnit: step / hour };
};

/** Positions of the first and last row that lie wholly within a life; on a cycle axis the cycle itself is the row. */
export const rowsOfLife = (asset: Asset, life: Life, step: number): { first: number; rows: number } => {
  const edge = Math.ceil(life.start / step) * step;
  const first = asset.axis === 'cycle' ? edge : edge + step;
  return { first, rows: Math.max(0, Math.floor((life.end - first) / step + 1e-9) + 1) };
};

/** Units of a dataset before their split, and their rows: row-major [rows, sensors]. */
export interface CollectedUnits {
  readonly units: Omit<DatasetUnit, 'split'>[];
  readonly values: Float32Array;
  readonly rows: number;
}

/** Reads the rows of the lives of one machine on a grid, cleaned by its recipe; lives of fewer than `least` measured rows are left out. @param turn lets others work meanwhile */
export const collectMachine = async (plant: UnitStore, { asset, sensors, lives }: MachineLives, wanted: readonly DatasetSensor[], grid: { readonly step: number; readonly least: number }, cleaning: MachineCleaning | null, turn: () => Promise<void>): Promise<CollectedUnits> => {
  const places = wanted.map(({ name }) => sensors.find((sensor) => sensor.name === name));
  const present = places.flatMap((sensor, at) => (sensor === undefined ? [] : [{ id: sensor.id, name: sensor.name, hold: wanted[at]?.hold }]));
  const failures = plant.events.list({ asset: asset.id, kind: 'failure' });
  const units: Omit<DatasetUnit, 'split'>[] = [];
  const parts: Float32Array[] = [];
  let offset = 0;
  for (const life of lives) {
    const { first, rows } = rowsOfLife(asset, life, grid.step);
    if (rows < grid.least) continue;
    const read = await readRows(plant.series, present, cleaning, { start: first, step: grid.step, rows }, turn);
    if (!read.some(Number.isFinite)) continue;
    parts.push(present.length === wanted.length ? read : spread(read, places, rows));
    const failure = failures.find(({ start }) => start === life.failureAt);
    const mode = failure?.mode ?? '';
    const known = failure === undefined || failure.knownAt <= failure.start ? {} : { knownAt: failure.knownAt };
    units.push({ asset: asset.name, offset, rows, start: first, end: life.failureAt === null ? 'censored' : 'failure', failureAt: life.failureAt, ...(mode === '' ? {} : { mode }), ...known });
    offset += rows;
  }
  return { units, values: concatenated(parts, offset * wanted.length), rows: offset };
};

/** A grid of the sensors that are there, as one of all that are wanted. */
const spread = (grid: Float32Array, places: readonly (Sensor | undefined)[], rows: number): Float32Array => {
  const width = places.filter((sensor) => sensor !== undefined).length;
  const all = new Float32Array(rows * places.length).fill(Number.NaN);
  let column = 0;
  for (const [place, sensor] of places.entries()) {
    if (sensor === undefined) continue;
    for (let row = 0; row < rows; row++) all[row * places.length + place] = grid[row * width + column] ?? Number.NaN;
    column++;
  }
  return all;
};

export const concatenated = (parts: readonly Float32Array[], length: number): Float32Array => {
  const all = new Float32Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

/** Collects several machines one after the other, with their offsets moved. */
export const joined = (collected: readonly CollectedUnits[]): CollectedUnits => {
  let offset = 0;
  const units = collected.flatMap((one) => {
    const moved = one.units.map((unit) => ({ ...unit, offset: unit.offset + offset }));
    offset += one.rows;
    return moved;
  });
  const values = concatenated(collected.map((one) => one.values), collected.reduce((sum, one) => sum + one.values.length, 0));
  return { units, values, rows: offset };
};
