import { lifeInSteps, stepsToFailure, type Dataset } from '../dataset/table.ts';
import type { DatasetUnit } from '../documents/dataset.ts';
import type { HonestyCode, HonestyFinding } from '../documents/honesty.ts';
import type { Windows } from '../dataset/windows.ts';
import type { Prepared } from '../training/prepare.ts';

/** What is checked: the prepared data, and what the model said of its validation windows. */
export interface Subject {
  readonly prepared: Pick<Prepared, 'dataset' | 'config' | 'normalisation' | 'inputs' | 'rows' | 'training' | 'validation'>;
  /** The windows that the model was judged on, and what it said there: steps, or a probability; null: no model yet. */
  readonly judged: { readonly windows: Windows; readonly predicted: Float32Array } | null;
}

/** A life that ended in a failure, in the rows of the dataset. */
export interface FailedLife {
  readonly unit: DatasetUnit;
  readonly index: number;
  /** Its length in steps. */
  readonly steps: number;
}

/** Units that train or validate; units of a test part are nobody's business here. */
export const usedUnits = ({ document }: Dataset): { unit: DatasetUnit; index: number }[] =>
  document.units.flatMap((unit, index) => (unit.split === 'test' ? [] : [{ unit, index }]));

/** The used lives that ended in a failure. */
export const failedLives = (dataset: Dataset): FailedLife[] =>
  usedUnits(dataset).flatMap(({ unit, index }) => {
    const steps = lifeInSteps(unit, dataset.document.step);
    return steps === null || steps < 2 ? [] : [{ unit, index, steps }];
  });

/** Sensors that reach the model: its inputs, and those that tell the operating regime. */
export const columnsOf = ({ inputs, normalisation }: Subject['prepared']): number[] => [...new Set([...inputs, ...normalisation.conditionSensors])].sort((a, b) => a - b);

/** Raw value of a sensor in a row of the dataset. */
export const cellOf = ({ document, values }: Dataset, row: number, sensor: number): number => values[row * document.sensors.length + sensor] ?? Number.NaN;

/** Raw values of a sensor over a unit's rows. */
export const columnOf = (dataset: Dataset, unit: DatasetUnit, sensor: number): Float64Array => Float64Array.from({ length: unit.rows }, (_, row) => cellOf(dataset, unit.offset + row, sensor));

/** Remaining life at a row of a failed life, in steps, not capped. */
export const leftAt = ({ document }: Dataset, { unit }: FailedLife, row: number): number => stepsToFailure(unit, row, document.step) ?? Number.NaN;

export const sensorName = ({ document }: Dataset, sensor: number): string => document.sensors[sensor]?.name ?? String(sensor);

/** How a unit is named to people: its machine, and which of its lives where it has several. */
export const unitName = ({ document }: Dataset, index: number): string => {
  const unit = document.units[index];
  if (unit === undefined) return String(index);
  const own = document.units.filter((other) => other.asset === unit.asset);
  return own.length < 2 ? unit.asset : `${unit.asset} (life ${own.indexOf(unit) + 1})`;
};

/** A finding that keeps the model from being promoted, unless said otherwise. */
export const findingOf = (code: HonestyCode, { severity = 'blocking', columns = [], units = [], ...rest }: Partial<HonestyFinding> & Pick<HonestyFinding, 'figure' | 'limit' | 'measure' | 'what' | 'remedy'>): HonestyFinding => ({ code, severity, columns, units, ...rest });
