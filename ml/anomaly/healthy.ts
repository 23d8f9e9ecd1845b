import type { DatasetDocument, DatasetUnit } from '../documents/dataset.ts';
import type { Normalisation } from '../documents/model.ts';
import { normalise } from '../dataset/normalisation.ts';
import type { Dataset } from '../dataset/table.ts';
import type { Rows, Stretch } from './windows.ts';

/** A sensor measured in a smaller share of the rows is empty. */
const EMPTY = 0.05;

/** Sensors that are watched: all that are measured and vary in some regime; one that follows no other has a level too. */
export const watchedSensors = ({ document, values }: Dataset, normalisation: Normalisation): { inputs: number[]; leftOut: { name: string; reason: string }[] } => {
  const width = document.sensors.length;
  const measured = new Float64Array(width);
  values.forEach((value, cell) => {
    if (!Number.isNaN(value)) measured[cell % width] = (measured[cell % width] ?? 0) + 1;
  });
  const leftOut: { name: string; reason: string }[] = [];
  const inputs = document.sensors.flatMap(({ name }, sensor) => {
    const reason = (measured[sensor] ?? 0) < EMPTY * document.rows ? 'empty' : normalisation.std.every((regime) => (regime[sensor] ?? 0) === 0) ? 'constant' : null;
    if (reason !== null) leftOut.push({ name, reason });
    return reason === null ? [sensor] : [];
  });
  return { inputs, leftOut };
};

/** Rows of the watched sensors as the network sees them: normalised by regime, each gap filled with the value before it, 0 before the first. */
export const filledRows = (normalisation: Normalisation, raw: Float32Array, sensors: number, inputs: readonly number[], stretches: readonly Stretch[]): Rows => {
  const values = normalise(normalisation, raw, sensors, inputs);
  const width = inputs.length;
  for (const { from, to } of stretches)
    for (let input = 0; input < width; input++) {
      let held = 0;
      for (let row = from; row < to; row++) {
        const cell = row * width + input;
        const value = values[cell] ?? Number.NaN;
        if (Number.isNaN(value)) values[cell] = held;
        else held = value;
      }
    }
  return { values, inputs: width };
};

const isSilent = (values: Float32Array, width: number, row: number): boolean => {
  for (let cell = row * width; cell < (row + 1) * width; cell++) if (!Number.isNaN(values[cell] ?? Number.NaN)) return false;
  return true;
};

/** A unit's rows, broken where for `longest` rows nothing was measured. */
const stretchesOf = ({ offset, rows }: DatasetUnit, values: Float32Array, width: number, longest: number): Stretch[] => {
  const stretches: Stretch[] = [];
  let from = -1;
  let last = -1;
  for (let row = offset; row < offset + rows; row++) {
    if (isSilent(values, width, row)) continue;
    if (from !== -1 && row - last > longest) {
      stretches.push({ from, to: last + 1 });
      from = -1;
    }
    if (from === -1) from = row;
    last = row;
  }
  return from === -1 ? stretches : [...stretches, { from, to: last + 1 }];
};

/** Stretches of running of one split; a silence of a quarter of a window breaks one. */
export const stretchesIn = (document: DatasetDocument, values: Float32Array, split: DatasetUnit['split'], window: number): Stretch[] =>
  document.units.filter((unit) => unit.split === split).flatMap((unit) => stretchesOf(unit, values, document.sensors.length, Math.max(1, window >> 2)));
