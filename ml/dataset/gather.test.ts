import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { gatherBatch, gatherWindow, missingShare, normalisedRows } from './gather.ts';

const gap = Number.NaN;
const window = (cells: number[], end: number, first: number, length: number): number[] => {
  const rows = normalisedRows(Float32Array.from(cells), 2);
  const target = new Float32Array(length * 2);
  gatherWindow(rows, end, first, length, target, 0);
  return [...target];
};

describe('gatherWindow', () => {
  it('takes the rows that end with the given one', () => {
    expect(window([1, 2, 3, 4, 5, 6], 2, 0, 2)).toEqual([3, 4, 5, 6]);
  });

  it('pads a short unit on the left with the mean of its first rows, and never reaches into the unit before', () => {
    expect(window([9, 9, 1, 2, 3, 4], 2, 1, 4)).toEqual([2, 3, 2, 3, 1, 2, 3, 4]);
    const long = window(Array.from({ length: 40 }, (_, cell) => Math.floor(cell / 2)), 19, 0, 21);
    expect(long.slice(0, 4)).toEqual([3.5, 3.5, 0, 0]);
  });

  it('holds the last value in a gap; before the first one it is the mean', () => {
    expect(window([gap, 1, 5, gap, gap, gap], 2, 0, 3)).toEqual([0, 1, 5, 1, 5, 1]);
  });

  const cell = fc.oneof(fc.constant(gap), fc.integer({ min: -5, max: 5 }));
  test.prop([fc.array(cell, { minLength: 20, maxLength: 20 }), fc.integer({ min: 0, max: 8 }), fc.double({ noNaN: true })])('sees nothing later than its end', (cells, end, planted) => {
    const changed = cells.map((value, at) => (at >= (end + 1) * 2 ? planted : value));
    expect(window(changed, end, 0, 6)).toEqual(window(cells, end, 0, 6));
  });
});

describe('gatherBatch', () => {
  it('cuts histories short where told', () => {
    const rows = normalisedRows(Float32Array.from([1, 2, 3, 4]), 1);
    const windows = { ends: Int32Array.of(3, 2), firsts: Int32Array.of(0, 0), units: Int32Array.of(0, 0), labels: Float32Array.of(0, 0) };
    expect([...gatherBatch(rows, windows, [1, 0], 3, Int32Array.of(3, 2))]).toEqual([1, 2, 3, 3.5, 3, 4]);
  });

  it('counts what is missing, the padding left out', () => {
    expect(missingShare(normalisedRows(Float32Array.of(gap, 1, 2, 3), 2), 1, 0, 10)).toBe(0.25);
  });
});
