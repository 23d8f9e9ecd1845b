import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { fleet, smallFleet } from '../testdata/fleet.ts';
import { rulLabels } from './labels.ts';
import { unitsIn } from './table.ts';
import { minimumHistory, windowsByUnit, windowsOf } from './windows.ts';

describe('windowsOf', () => {
  test.prop([fc.integer({ min: 4, max: 150 }), fc.integer({ min: 1, max: 9 })], { numRuns: 40 })('keeps every unit, ends within it, and always holds its last row', (window, stride) => {
    const { document } = fleet(smallFleet);
    const labels = rulLabels(document, 40);
    const chosen = unitsIn(document, 'train');
    const history = minimumHistory(window);
    const windows = windowsOf(document, chosen, labels, stride, history);
    const byUnit = windowsByUnit(windows);
    expect([...byUnit.keys()]).toEqual(chosen);
    for (const [index, own] of byUnit) {
      const unit = document.units[index];
      if (unit === undefined) throw new Error('every window has a unit');
      const ends = own.map((at) => windows.ends[at] ?? -1);
      expect(ends[ends.length - 1]).toBe(unit.offset + unit.rows - 1);
      expect(ends.every((end) => end >= unit.offset + history - 1 && end < unit.offset + unit.rows)).toBe(true);
      expect(ends).toHaveLength(Math.floor((unit.rows - history) / stride) + 1);
      expect(own.every((at) => windows.firsts[at] === unit.offset)).toBe(true);
    }
    windows.ends.forEach((end, at) => expect(windows.labels[at]).toBe(labels[end]));
  });
});
