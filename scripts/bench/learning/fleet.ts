// A made dataset of a size: units that wear towards their failure, every sensor following the wear with noise.
import { datasetOf, type Dataset } from '../../../ml/dataset/table.ts';
import { Random } from '../../../ml/dataset/random.ts';
import { minimumHistory } from '../../../ml/dataset/windows.ts';

export interface FleetSize {
  readonly units: number;
  readonly sensors: number;
  /** Windows of `window` rows that each unit has. */
  readonly windows: number;
  readonly window: number;
}

/** The last unit validates. */
export const madeFleet = ({ units, sensors, windows, window }: FleetSize): Dataset => {
  const random = Random.of(1, 'bench');
  const life = windows + minimumHistory(window) - 1;
  const values = new Float32Array(units * life * sensors);
  for (let row = 0, cell = 0; row < units * life; row++) for (let sensor = 0; sensor < sensors; sensor++, cell++) values[cell] = ((row % life) / life) ** 2 * (1 + sensor / sensors) + 0.3 * random.normal();
  return datasetOf(
    {
      version: 1,
      task: 'rul',
      machineType: 'bench',
      axis: 'cycle',
      step: 1,
      unit: 'cycles',
      stepInUnit: 1,
      sensors: Array.from({ length: sensors }, (_, sensor) => ({ name: `s${sensor}`, unit: null })),
      units: Array.from({ length: units }, (_, unit) => ({ asset: `machine ${unit}`, offset: unit * life, rows: life, start: 1, end: 'failure', failureAt: life, split: unit === units - 1 ? 'validation' : 'train' })),
      rows: units * life,
      fingerprint: 'bench',
      leftOut: [],
      cleaning: null,
    },
    values,
  );
};
