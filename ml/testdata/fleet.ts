import type { DatasetUnit } from '../documents/dataset.ts';
import { Random } from '../dataset/random.ts';
import { datasetOf, type Dataset } from '../dataset/table.ts';

/** A small simulated fleet, for tests: machines that wear quadratically towards their failure, seen through noisy sensors. */
export interface FleetShape {
  readonly units: number;
  /** Shortest and longest life, in cycles. */
  readonly life: readonly [number, number];
  readonly noise: number;
  readonly seed: number;
  /** Every how many-th unit validates; 0: none. */
  readonly validates: number;
  /** Operating regimes, told by the sensor 'setting'; 1: the setting is constant. */
  readonly regimes: number;
}

export const smallFleet: FleetShape = { units: 12, life: [60, 100], noise: 0.1, seed: 5, validates: 3, regimes: 1 };

/** Sensors: 'rising' and 'falling' follow the wear, 'setting' is the regime, 'constant' stands still, 'noise' is only that. */
export const fleetSensors = ['rising', 'falling', 'setting', 'constant', 'noise'];

/** Builds the fleet's dataset; each unit runs to its failure. */
export const fleet = (shape: FleetShape): Dataset => {
  const random = Random.of(shape.seed, 'fleet');
  const rows: number[] = [];
  const units: DatasetUnit[] = [];
  let offset = 0;
  for (let index = 0; index < shape.units; index++) {
    const life = shape.life[0] + random.integer(shape.life[1] - shape.life[0] + 1);
    for (let row = 0; row < life; row++) {
      const wear = (row / life) ** 2;
      const regime = random.integer(shape.regimes);
      rows.push(10 * regime + wear + shape.noise * random.normal(), 50 - 20 * regime - 3 * wear + 3 * shape.noise * random.normal(), regime, 7, random.normal());
    }
    const split = shape.validates > 0 && index % shape.validates === 0 ? 'validation' : 'train';
    units.push({ asset: `machine-${index}`, offset, rows: life, start: 1, end: 'failure', failureAt: life, split });
    offset += life;
  }
  return datasetOf(
    { version: 1, task: 'rul', machineType: 'fleet', axis: 'cycle', step: 1, unit: 'cycles', stepInUnit: 1, sensors: fleetSensors.map((name) => ({ name, unit: null })), units, rows: offset, fingerprint: `fleet-${shape.seed}`, leftOut: [], cleaning: null },
    Float32Array.from(rows),
  );
};
