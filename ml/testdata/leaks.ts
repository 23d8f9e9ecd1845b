import type { Dataset } from '../dataset/table.ts';
import type { DatasetUnit } from '../documents/dataset.ts';
import type { HonestyCode } from '../documents/honesty.ts';
import { Random } from '../dataset/random.ts';
import { ordinary, plantOf, sensors, type Column, type PlantShape } from './plant.ts';

/** A set into which a leak was planted, and what the guard has to call it. */
export interface Leak {
  readonly name: string;
  readonly code: HonestyCode;
  readonly build: () => Dataset;
}

const withColumn = (name: string, column: Column, change: Partial<PlantShape> = {}): Dataset => plantOf({ ...ordinary, columns: { ...sensors, [name]: column }, ...change });

/** The dataset with a column's values changed as a whole, life by life. */
export const changedByLife = ({ document, values }: Dataset, sensor: string, change: (column: number[], unit: DatasetUnit) => number[]): Dataset => {
  const width = document.sensors.length;
  const place = document.sensors.findIndex(({ name }) => name === sensor);
  const changed = values.slice();
  for (const unit of document.units) {
    const column = Array.from({ length: unit.rows }, (_, row) => values[(unit.offset + row) * width + place] ?? Number.NaN);
    change(column, unit).forEach((value, row) => (changed[(unit.offset + row) * width + place] = value));
  }
  return { document, values: changed };
};

/** The dataset with one more unit, made of the rows of another one. */
export const withCopy = ({ document, values }: Dataset, from: number, rows: readonly number[], change: (value: number, sensor: number) => number, unit: Partial<DatasetUnit>): Dataset => {
  const width = document.sensors.length;
  const source = document.units[from];
  if (source === undefined) throw new Error(`there is no unit ${from}`);
  const copied = rows.flatMap((row) => document.sensors.map((_, sensor) => change(values[(source.offset + row) * width + sensor] ?? Number.NaN, sensor)));
  const added: DatasetUnit = { ...source, asset: 'renamed', offset: document.rows, rows: rows.length, failureAt: source.start + rows.length * document.step, split: 'validation', ...unit };
  return { document: { ...document, units: [...document.units, added], rows: document.rows + rows.length }, values: Float32Array.of(...values, ...copied) };
};

/** Each life cut into pieces that go to both parts in turn: the split by windows. */
export const splitByPieces = (dataset: Dataset, length: number, gap: number): Dataset => {
  const { step } = dataset.document;
  const units = dataset.document.units.flatMap((unit) =>
    Array.from({ length: Math.ceil(unit.rows / length) }, (_, piece): DatasetUnit => {
      const first = piece * length;
      return { ...unit, offset: unit.offset + first, rows: Math.min(length - gap, unit.rows - first), start: unit.start + first * step, split: piece % 3 === 2 ? 'validation' : 'train' };
    }),
  );
  return { document: { ...dataset.document, units: units.filter(({ rows }) => rows > 0) }, values: dataset.values };
};

const noise = (spread: number, random: Random): number => spread * random.normal();
const rowsTo = (rows: number): number[] => Array.from({ length: rows }, (_, row) => row);

/** Two leaks of each of some kinds; all of them have been met in published work or in plants. */
export const leaks: readonly Leak[] = [
  { name: 'a countdown to the next planned stop, which is the failure', code: 'knows-the-end', build: () => withColumn('planned', ({ left }) => left) },
  { name: 'the label with noise, late by three steps', code: 'knows-the-end', build: () => withColumn('index', ({ left, random }) => 100 - (left + 3) + noise(8, random)) },
  { name: 'the length of the life as a number of the lot', code: 'life-constant', build: () => withColumn('lot', ({ life, random }) => life + noise(0.001, random)) },
  { name: 'the share of life that is over', code: 'computed-from-the-end', build: () => withColumn('used', ({ age, life }) => (100 * age) / life) },
  { name: 'a work order that is opened 12 steps before each failure', code: 'failure-flag', build: () => withColumn('order', ({ left, random }) => (left <= 12 ? 1 : 0) + noise(0.05, random)) },
  { name: 'an analysis that is made near failures only', code: 'only-near-failures', build: () => withColumn('analysis', ({ left, random, own }) => (left <= 18 + 4 * (own[5] ?? 0) ? 5 + random.normal() : Number.NaN)) },
  {
    name: 'gaps filled in a straight line',
    code: 'future-filled',
    build: () => changedByLife(plantOf(ordinary), 'temperature', (column) => column.map((value, row) => {
      const before = 6 * Math.floor(row / 6);
      const after = Math.min(before + 6, column.length - 1);
      return row === before || after === before ? value : (column[before] ?? 0) + (((column[after] ?? 0) - (column[before] ?? 0)) * (row - before)) / (after - before);
    })),
  },
  { name: 'each life scaled by its own mean and spread', code: 'scaled-over-life', build: () => changedByLife(plantOf(ordinary), 'vibration', (column) => {
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    const spread = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length);
    return column.map((value) => (value - mean) / spread);
  }) },
  { name: 'a machine imported twice, in other units, with noise', code: 'copied-life', build: () => {
    const random = Random.of(3, 'copy');
    return withCopy(plantOf(ordinary), 1, rowsTo(80), (value, sensor) => 1.8 * value + 32 + noise(sensor === 1 ? 0.4 : 0.08, random), {});
  } },
  { name: 'a split by windows', code: 'same-life-in-both-parts', build: () => splitByPieces(plantOf(ordinary), 20, 0) },
  { name: 'a failure that was known only after the lives that validate it', code: 'label-known-later', build: () => {
    const { document, values } = plantOf({ ...ordinary, machines: 1, livesEach: 12, startsOver: 0 });
    const last = document.units.at(-1);
    return { document: { ...document, units: document.units.map((unit, at) => (at === 4 ? { ...unit, knownAt: (last?.failureAt ?? 0) + 50 * document.step } : unit)) }, values };
  } },
  { name: 'a stop of the whole line recorded as the failure of each machine', code: 'failures-at-once', build: () => plantOf({ ...ordinary, startsOver: 60, lifeOf: (_, start) => 150 - start }) },
];
