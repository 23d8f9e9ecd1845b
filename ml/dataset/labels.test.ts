import { describe, expect, it } from 'vitest';
import type { DatasetUnit } from '../documents/dataset.ts';
import { fleet, smallFleet } from '../testdata/fleet.ts';
import { defaultRulCap, failureLabels, rulLabels } from './labels.ts';
import { datasetOf } from './table.ts';

const unit = (change: Partial<DatasetUnit>): DatasetUnit => ({ asset: 'a', offset: 0, rows: 6, start: 1000, end: 'failure', failureAt: 1060, split: 'train', ...change });

const documentOf = (only: DatasetUnit) => datasetOf({ ...fleet(smallFleet).document, step: 10, units: [only], rows: only.rows }, new Float32Array(only.rows * 5)).document;

describe('labels', () => {
  it('count the steps to the failure, capped', () => {
    expect([...rulLabels(documentOf(unit({})), 4)]).toEqual([4, 4, 4, 3, 2, 1]);
  });

  it('know of a censored unit only that it lived on to its last row', () => {
    const censored = documentOf(unit({ end: 'censored', failureAt: null }));
    expect([...rulLabels(censored, 3)]).toEqual([3, 3, 3, Number.NaN, Number.NaN, Number.NaN]);
    expect([...failureLabels(censored, 2)]).toEqual([0, 0, 0, 0, Number.NaN, Number.NaN]);
  });

  it('tell a failure within the horizon', () => {
    expect([...failureLabels(documentOf(unit({})), 2)]).toEqual([0, 0, 0, 0, 1, 1]);
  });

  it('take five eighths of the median training life for the cap', () => {
    const { document } = fleet({ ...smallFleet, life: [80, 80] });
    // 80 cycles are 79 steps from the first to the last.
    expect(defaultRulCap(document)).toBe(49);
    const units = document.units.map((one) => ({ ...one, split: 'test' as const }));
    expect(() => defaultRulCap({ ...document, units })).toThrow(/No training run ended in a failure/);
  });
});
