import { describe, expect, it } from 'vitest';
import { conditionOfSettings, flights, flightSensors } from '../../testdata/flights.ts';
import { fitNormalisation, normalise } from '../normalisation.ts';
import { unitsIn, type Dataset } from '../table.ts';
import { findLevels } from './levels.ts';
import { findRegimes, regimesOfRows } from './regimes.ts';

const width = flightSensors.length;
const valueAt = ({ values }: Dataset, row: number, sensor: string): number => values[row * width + flightSensors.indexOf(sensor)] ?? Number.NaN;
const truthOf = (dataset: Dataset, row: number): number => conditionOfSettings(valueAt(dataset, row, 'altitude'), valueAt(dataset, row, 'throttle'));

/** Pairs of (condition flown, regime found) over all rows. */
const pairsOf = (dataset: Dataset, regimes: Uint8Array): Set<string> => new Set(Array.from(regimes, (regime, row) => `${truthOf(dataset, row)} ${regime}`));

describe('findRegimes', () => {
  it('finds six conditions in three settings, and takes no sensor that only follows or flickers', () => {
    const dataset = flights({ units: 30, life: [120, 200], seed: 1, lastShare: 0.25 });
    const regimes = findRegimes(dataset, unitsIn(dataset.document, 'train'));
    expect(regimes.conditionSensors.map((sensor) => flightSensors[sensor]).sort()).toEqual(['altitude', 'throttle']);
    expect(regimes.centres).toHaveLength(6);
    expect(pairsOf(dataset, regimesOfRows(regimes, dataset.values, width)).size).toBe(6);
  });

  it('keeps a condition that is flown in one row of 300, with the spread of the others and its own mean', () => {
    const dataset = flights({ units: 40, life: [120, 200], seed: 2, lastShare: 0.0035 });
    const train = unitsIn(dataset.document, 'train');
    const normalisation = fitNormalisation(dataset, train);
    const regimes = regimesOfRows(normalisation, dataset.values, width);
    expect(pairsOf(dataset, regimes).size).toBe(6);
    const rising = normalise(normalisation, dataset.values, width, [flightSensors.indexOf('rising')]);
    const rare = [...rising].filter((_, row) => truthOf(dataset, row) === 5);
    expect(rare.length).toBeGreaterThan(8);
    for (const value of rare) expect(Math.abs(value)).toBeLessThan(4);
  });

  it('is not misled by a setting that was misread a few times', () => {
    const dataset = flights({ units: 30, life: [120, 200], seed: 3, lastShare: 0.25 });
    const values = dataset.values.slice();
    for (const row of [3, 400, 2000]) values[row * width] = 500 + row;
    expect(findRegimes({ ...dataset, values }, unitsIn(dataset.document, 'train')).centres).toHaveLength(6);
  });

  it('leaves wear that comes in steps alone within six conditions', () => {
    const dataset = flights({ units: 30, life: [120, 200], seed: 4, lastShare: 0.25 });
    const values = dataset.values.slice();
    for (const unit of dataset.document.units)
      for (let row = 0; row < unit.rows; row++) values[(unit.offset + row) * width + flightSensors.indexOf('constant')] = row > 0.8 * unit.rows ? 1 : 0;
    const regimes = findRegimes({ ...dataset, values }, unitsIn(dataset.document, 'train'));
    expect(regimes.conditionSensors).not.toContain(flightSensors.indexOf('constant'));
    expect(regimes.centres).toHaveLength(6);
  });
});

describe('findLevels', () => {
  const around = (level: number, count: number): number[] => Array.from({ length: count }, (_, at) => level + 0.001 * Math.sin(at));
  it('tells levels from a measurement', () => {
    const levels = findLevels([...around(0, 100), ...around(1, 100), ...around(5, 9), 77, Number.NaN]);
    expect(levels?.count).toBe(3);
    expect([0, 1.0005, 5, 77, 3, Number.NaN].map((value) => levels?.levelOf(value))).toEqual([0, 1, 2, -1, -1, -1]);
    expect(findLevels(Array.from({ length: 500 }, (_, at) => Math.sin(at)))).toBeNull();
    expect(findLevels(around(3, 50))).toBeNull();
  });
});
