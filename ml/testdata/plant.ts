import type { DatasetDocument, DatasetUnit } from '../documents/dataset.ts';
import { Random } from '../dataset/random.ts';
import { datasetOf, type Dataset } from '../dataset/table.ts';

/** What a column is computed from, in one row of one life. */
export interface Moment {
  /** Rows since the life began, and until its failure. */
  readonly age: number;
  readonly left: number;
  readonly life: number;
  readonly wear: number;
  /** Steps since the plant began: the calendar. */
  readonly clock: number;
  /** Fixed draws of this life, each standard normal. */
  readonly own: readonly number[];
  readonly machine: number;
  readonly random: Random;
}

export type Column = (at: Moment) => number;

/** A simulated plant, for tests: machines that wear until they fail, seen through columns of any kind. */
export interface PlantShape {
  readonly machines: number;
  readonly livesEach: number;
  /** Shortest and longest life, in steps. */
  readonly life: readonly [number, number];
  /** How wear (0 to 1) grows with the share of life that is over, and what is left of it in steps. */
  readonly wear: (share: number, left: number) => number;
  readonly columns: Readonly<Record<string, Column>>;
  readonly seed: number;
  readonly axis: 'time' | 'cycle';
  /** Steps over which the machines' first lives begin. */
  readonly startsOver: number;
  /** Share of the lives whose record is cut off before the failure. */
  readonly cutOff: number;
  /** Length of a life, instead of a draw from `life`. */
  readonly lifeOf?: (own: readonly number[], start: number, drawn: number) => number;
  /** Every how many-th machine validates; with one machine, its last lives do. */
  readonly validates: number;
}

const HOUR = 3600e6;
const ORIGIN = 1_700_000_000e6;

/** Ordinary sensors: each follows the wear with its own strength, an offset of its machine, and noise. */
export const sensors: Readonly<Record<string, Column>> = {
  vibration: ({ wear, own, random }) => 2 + 0.1 * (own[0] ?? 0) + 3 * wear * (1 + 0.15 * (own[1] ?? 0)) + 0.25 * random.normal(),
  temperature: ({ wear, own, random }) => 60 + 1.5 * (own[2] ?? 0) + 12 * wear + 1.2 * random.normal(),
  current: ({ wear, random }) => 30 - 4 * wear + 0.8 * random.normal(),
};

export const ordinary: PlantShape = { machines: 16, livesEach: 1, life: [70, 130], wear: (share) => share ** 2, columns: sensors, seed: 1, axis: 'time', startsOver: 200, cutOff: 0, validates: 4 };

interface Drawn {
  readonly unit: DatasetUnit;
  readonly own: readonly number[];
  readonly machine: number;
  readonly life: number;
  readonly clock: number;
}

const drawLives = (shape: PlantShape, random: Random): Drawn[] => {
  const drawn: Drawn[] = [];
  const step = shape.axis === 'time' ? HOUR : 1;
  let offset = 0;
  for (let machine = 0; machine < shape.machines; machine++) {
    let clock = random.integer(shape.startsOver + 1);
    for (let turn = 0; turn < shape.livesEach; turn++) {
      const own = Array.from({ length: 6 }, () => random.normal());
      const anyLife = shape.life[0] + random.integer(shape.life[1] - shape.life[0] + 1);
      const life = Math.round(shape.lifeOf?.(own, clock, anyLife) ?? anyLife);
      const cut = random.next() < shape.cutOff;
      const rows = cut ? Math.floor(life * (0.3 + 0.5 * random.next())) : life;
      const start = shape.axis === 'time' ? ORIGIN + clock * HOUR : 1;
      const last = shape.machines === 1 && turn >= shape.livesEach - Math.ceil(shape.livesEach / shape.validates);
      const split = last || (shape.machines > 1 && machine % shape.validates === 0) ? 'validation' : 'train';
      drawn.push({ unit: { asset: `machine-${machine}`, offset, rows, start, end: cut ? 'censored' : 'failure', failureAt: cut ? null : start + life * step, split }, own, machine, life, clock });
      offset += rows;
      clock += life + 30;
    }
  }
  return drawn;
};

/** Builds the plant's dataset. */
export const plantOf = (shape: PlantShape): Dataset => {
  const random = Random.of(shape.seed, 'plant');
  const lives = drawLives(shape, random);
  const names = Object.keys(shape.columns);
  const cells: number[] = [];
  for (const { unit, own, machine, life, clock } of lives)
    for (let age = 0; age < unit.rows; age++) {
      const left = life - age;
      const at: Moment = { age, left, life, wear: shape.wear(age / life, left), clock: clock + age, own, machine, random };
      for (const name of names) cells.push(shape.columns[name]?.(at) ?? Number.NaN);
    }
  const time = shape.axis === 'time';
  const document: DatasetDocument = { version: 1, task: 'rul', machineType: 'plant', axis: shape.axis, step: time ? HOUR : 1, unit: time ? 'hours' : 'cycles', stepInUnit: 1, sensors: names.map((name) => ({ name, unit: null })), units: lives.map(({ unit }) => unit), rows: cells.length / names.length, fingerprint: `plant-${shape.seed}`, leftOut: [], cleaning: null };
  return datasetOf(document, Float32Array.from(cells));
};
