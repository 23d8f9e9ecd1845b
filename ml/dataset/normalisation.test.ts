import { describe, expect, it } from 'vitest';
import { fleet, fleetSensors, smallFleet } from '../testdata/fleet.ts';
import { chooseInputs } from './sensors/inputs.ts';
import { rulLabels } from './labels.ts';
import { fitNormalisation, normalise } from './normalisation.ts';
import { regimesOfRows } from './sensors/regimes.ts';
import { unitsIn, type Dataset } from './table.ts';

const every = fleetSensors.map((_, at) => at);
const trainRows = ({ document }: Dataset): number[] => unitsIn(document, 'train').flatMap((index) => {
  const unit = document.units[index];
  return unit === undefined ? [] : Array.from({ length: unit.rows }, (_, row) => unit.offset + row);
});
const spreadOf = (values: number[]): { mean: number; std: number } => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, std: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) };
};

describe('normalisation', () => {
  it('gives mean 0 and spread 1 on the training rows, and 0 for a constant', () => {
    const dataset = fleet(smallFleet);
    const normalisation = fitNormalisation(dataset, unitsIn(dataset.document, 'train'));
    const scaled = normalise(normalisation, dataset.values, 5, every);
    for (const sensor of [0, 1, 4]) {
      const { mean, std } = spreadOf(trainRows(dataset).map((row) => scaled[row * 5 + sensor] ?? Number.NaN));
      expect(mean).toBeCloseTo(0, 3);
      expect(std).toBeCloseTo(1, 3);
    }
    expect(trainRows(dataset).every((row) => scaled[row * 5 + 3] === 0)).toBe(true);
  });

  it('learns nothing from units that are not for training', () => {
    const dataset = fleet(smallFleet);
    const train = unitsIn(dataset.document, 'train');
    const planted = dataset.values.slice();
    for (const index of unitsIn(dataset.document, 'validation')) {
      const unit = dataset.document.units[index];
      if (unit !== undefined) planted.fill(1e6, unit.offset * 5, (unit.offset + unit.rows) * 5);
    }
    const labels = rulLabels(dataset.document, 50);
    const clean = fitNormalisation(dataset, train);
    const other = { ...dataset, values: planted };
    expect(fitNormalisation(other, train)).toEqual(clean);
    expect(chooseInputs(other, train, clean, labels)).toEqual(chooseInputs(dataset, train, clean, labels));
  });

  it('is not flattened by a spike, and keeps 1e12 beside 1e-9', () => {
    const dataset = fleet(smallFleet);
    const values = dataset.values.map((value, at) => (at % 5 === 0 ? value * 1e-9 : at % 5 === 1 ? value * 1e12 : value));
    const first = trainRows(dataset)[7] ?? 0;
    values[first * 5 + 1] = 1e20;
    const normalisation = fitNormalisation({ ...dataset, values }, unitsIn(dataset.document, 'train'));
    const scaled = normalise(normalisation, values, 5, every);
    for (const sensor of [0, 1]) expect(Math.abs(spreadOf(trainRows(dataset).map((row) => scaled[row * 5 + sensor] ?? Number.NaN)).std - 1)).toBeLessThan(0.15);
    expect(scaled[first * 5 + 1]).toBe(10);
  });

  it('finds the regimes and scales within each', () => {
    const dataset = fleet({ ...smallFleet, regimes: 3, units: 30 });
    const normalisation = fitNormalisation(dataset, unitsIn(dataset.document, 'train'));
    expect(normalisation.conditionSensors).toContain(2);
    expect(normalisation.centres).toHaveLength(3);
    const regimes = regimesOfRows(normalisation, dataset.values, 5);
    const byRegime = new Map<number, Set<number>>();
    regimes.forEach((regime, row) => byRegime.set(regime, (byRegime.get(regime) ?? new Set()).add(dataset.values[row * 5 + 2] ?? -1)));
    expect([...byRegime.values()].map((settings) => settings.size)).toEqual([1, 1, 1]);
    const scaled = normalise(normalisation, dataset.values, 5, every);
    expect(spreadOf(trainRows(dataset).map((row) => scaled[row * 5] ?? Number.NaN)).std).toBeCloseTo(1, 2);
  });

  it('takes a step that comes with wear for wear, not for a regime', () => {
    const dataset = fleet({ ...smallFleet, units: 30 });
    const values = dataset.values.slice();
    for (const unit of dataset.document.units)
      for (let row = 0; row < unit.rows; row++) {
        const late = row > 0.7 * unit.rows ? 1 : 0;
        values[(unit.offset + row) * 5 + 2] = late;
        values[(unit.offset + row) * 5] = late + 0.01 * (values[(unit.offset + row) * 5] ?? 0);
      }
    expect(fitNormalisation({ ...dataset, values }, unitsIn(dataset.document, 'train')).centres).toHaveLength(1);
  });
});

describe('chooseInputs', () => {
  it('names what it leaves out and why', () => {
    const dataset = fleet({ ...smallFleet, units: 60, life: [150, 200] });
    const values = dataset.values.map((value, at) => (at % 5 === 2 ? Number.NaN : value));
    const units = unitsIn(dataset.document, 'train');
    const { inputs, leftOut } = chooseInputs({ ...dataset, values }, units, fitNormalisation({ ...dataset, values }, units), rulLabels(dataset.document, 80));
    expect(inputs).toEqual([0, 1]);
    expect(leftOut).toEqual([
      { name: 'setting', reason: 'empty' },
      { name: 'constant', reason: 'constant' },
      { name: 'noise', reason: 'follows neither the label nor another sensor' },
    ]);
  });
});
