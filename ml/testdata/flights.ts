import type { DatasetUnit } from '../documents/dataset.ts';
import { Random } from '../dataset/random.ts';
import { datasetOf, type Dataset } from '../dataset/table.ts';

/** A condition that a flight is flown under. */
interface FlightCondition {
  /** Altitude, Mach number, throttle. */
  readonly settings: readonly [number, number, number];
  /** How strongly wear shows under it. */
  readonly answer: number;
}

/** Six conditions, told by three settings together: none of them alone parts all six. */
const conditions: readonly FlightCondition[] = [
  { settings: [0, 0, 100], answer: 1 },
  { settings: [10, 0.25, 100], answer: 0.9 },
  { settings: [20, 0.7, 100], answer: 1.2 },
  { settings: [25, 0.62, 60], answer: 0.8 },
  { settings: [25, 0.62, 100], answer: 1.1 },
  { settings: [42, 0.84, 100], answer: 0.7 },
];

/** Simulated engines for tests: every row is flown under a condition drawn anew, which moves each sensor far more than wear does. */
export interface FlightsShape {
  readonly units: number;
  readonly life: readonly [number, number];
  readonly seed: number;
  /** Share of the flights under the last condition; the others share the rest. */
  readonly lastShare: number;
}

/** Sensors 'follows' repeats a setting, less exactly, 'flickers' jumps between two digits within each condition. */
export const flightSensors = ['altitude', 'mach', 'throttle', 'rising', 'falling', 'slow', 'follows', 'flickers', 'constant'];

export const conditionOfSettings = (altitude: number, throttle: number): number => conditions.findIndex(({ settings }) => Math.abs(settings[0] - altitude) < 1 && Math.abs(settings[2] - throttle) < 1);

/** Builds the engines' dataset; each runs to its failure, every fifth validates. */
export const flights = ({ units: count, life: [shortest, longest], seed, lastShare }: FlightsShape): Dataset => {
  const random = Random.of(seed, 'flights');
  const rows: number[] = [];
  const units: DatasetUnit[] = [];
  for (let index = 0; index < count; index++) {
    const life = shortest + random.integer(longest - shortest + 1);
    units.push({ asset: `engine-${index}`, offset: rows.length / flightSensors.length, rows: life, start: 1, end: 'failure', failureAt: life, split: index % 5 === 0 ? 'validation' : 'train' });
    for (let row = 0; row < life; row++) {
      const drawn = random.next() < lastShare ? conditions.length - 1 : random.integer(conditions.length - 1);
      const { settings, answer } = conditions[drawn] ?? { settings: [0, 0, 0], answer: 1 };
      const wear = answer * (row / life) ** 3;
      rows.push(
        settings[0] + 0.003 * random.normal(), settings[1] + 0.0003 * random.normal(), settings[2],
        600 - 4 * settings[0] + settings[2] / 2 + 3 * wear + 0.5 * random.normal(), 1500 + 300 * settings[1] + settings[2] - 5 * wear + random.normal(), 40 + settings[2] / 10 + 0.3 * wear + 0.1 * random.normal(),
        518 - settings[0] + 0.02 * random.normal(), Math.round(100 * (1 + settings[1]) + random.next() * 0.9) / 100, 7,
      );
    }
  }
  const total = rows.length / flightSensors.length;
  return datasetOf(
    { version: 1, task: 'rul', machineType: 'engine', axis: 'cycle', step: 1, unit: 'cycles', stepInUnit: 1, sensors: flightSensors.map((name) => ({ name, unit: null })), units, rows: total, fingerprint: `flights-${seed}`, leftOut: [], cleaning: null },
    Float32Array.from(rows),
  );
};
