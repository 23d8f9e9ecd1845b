import { describe, expect, it } from 'vitest';
import { fleet, smallFleet } from '../testdata/fleet.ts';
import { fitNormalisation } from './normalisation.ts';
import { Random } from './random.ts';
import { chooseInputs } from './sensors/inputs.ts';
import { faultClasses, faultLabels } from './faults.ts';

const { document } = fleet({ ...smallFleet, units: 8 });
const withModes = (modes: readonly (string | undefined)[]) => ({ ...document, units: document.units.map((unit, at) => ({ ...unit, ...(modes[at] === undefined ? {} : { mode: modes[at] }) })) });
const wear = ['BRD', 'BRD', 'BRD', 'BRD', 'VIB', 'VIB', 'VIB', 'OHE'];

describe('classes of faults', () => {
  it('are the failure modes with enough failures, the most frequent first', () => {
    expect(faultClasses(withModes(wear))).toEqual(['healthy', 'BRD', 'VIB']);
  });
  it('are refused with one mode alone, or with modes that nobody told', () => {
    expect(() => faultClasses(withModes(wear.map(() => 'BRD')))).toThrow(/2 failure modes need 3 failures each; 1 has/);
    expect(() => faultClasses(document)).toThrow(/0 have/);
  });
});

describe('labels of faults', () => {
  it('are the mode within the horizon, healthy before it, and nothing before a failure of no class', () => {
    const told = withModes(wear);
    const labels = faultLabels(told, 10, ['healthy', 'BRD', 'VIB']);
    told.units.forEach((unit) => {
      const last = unit.offset + unit.rows - 1;
      const expected = unit.mode === 'OHE' ? Number.NaN : unit.mode === 'BRD' ? 1 : 2;
      expect(labels[last]).toEqual(expected);
      expect(labels[last - 9]).toEqual(expected);
      expect(labels[last - 12]).toBe(0);
    });
  });
  it('are unknown less than a horizon before a censored unit’s cut', () => {
    const cut = { ...document, units: document.units.map((unit) => ({ ...unit, end: 'censored' as const, failureAt: null })) };
    const labels = faultLabels(cut, 10, ['healthy', 'BRD', 'VIB']);
    const [first] = cut.units;
    if (first === undefined) throw new Error('the fleet has units');
    expect(labels[first.rows - 1]).toBeNaN();
    expect(labels[first.rows - 10]).toBeNaN();
    expect(labels[first.rows - 11]).toBe(0);
  });
});

describe('the sensors of kinds of faults', () => {
  it('are those that tell any one kind from the others, though they don’t follow the number of the kind', () => {
    const random = Random.of(8, 'kinds');
    const dataset = fleet({ ...smallFleet, units: 6, validates: 0, noise: 5 });
    const labels = Float32Array.from({ length: dataset.document.rows }, (_, row) => row % 3);
    // Moves with kind 1 alone, which lies in the middle of the numbers.
    const values = dataset.values.map((value, at) => (at % 5 === 4 ? Number(Math.floor(at / 5) % 3 === 1) + 0.1 * random.normal() : value));
    const changed = { ...dataset, values };
    const units = [...dataset.document.units.keys()];
    const normalisation = fitNormalisation(changed, units);
    expect(chooseInputs(changed, units, normalisation, labels, 3).inputs).toContain(4);
    expect(chooseInputs(changed, units, normalisation, labels).inputs).not.toContain(4);
  });
});
