import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { keepTogether, splitInTime, splitUnits } from './split.ts';

const units = fc.array(fc.record({ asset: fc.string(), end: fc.constantFrom('failure' as const, 'censored' as const) }), { minLength: 2, maxLength: 60 }).filter((list) => list.filter(({ end }) => end === 'failure').length >= 2);

describe('splitUnits', () => {
  test.prop([units, fc.nat(), fc.double({ min: 0.05, max: 0.5, noNaN: true })])('gives every unit one side, each side a failure, and the same for the same seed', (list, seed, share) => {
    const split = splitUnits(list, seed, share);
    expect(split).toHaveLength(list.length);
    for (const side of ['train', 'validation'] as const) expect(list.some(({ end }, at) => end === 'failure' && split[at] === side)).toBe(true);
    expect(splitUnits(list, seed, share)).toEqual(split);
    const validating = split.filter((side) => side === 'validation').length;
    expect(Math.abs(validating - share * list.length)).toBeLessThanOrEqual(1.5);
  });

  it('says how many failures there are when they are too few', () => {
    expect(() => splitUnits([{ asset: 'a', end: 'failure' }, { asset: 'b', end: 'censored' }], 1, 0.2)).toThrow(/there are 1/);
  });
});

/** Lives of a few machines, one after the other with pauses. */
const placed = fc
  .array(fc.record({ asset: fc.constantFrom('a', 'b', 'c'), end: fc.constantFrom('failure' as const, 'failure' as const, 'censored' as const), rows: fc.integer({ min: 10, max: 60 }), pause: fc.integer({ min: 1, max: 40 }) }), { minLength: 4, maxLength: 30 })
  .filter((list) => list.filter(({ end }) => end === 'failure').length >= 2)
  .map((list) => {
    const clocks = new Map<string, number>();
    return list.map(({ asset, end, rows, pause }) => {
      const start = (clocks.get(asset) ?? 0) + pause;
      clocks.set(asset, start + rows - 1);
      return { asset, end, rows, start };
    });
  });

describe('splitInTime', () => {
  test.prop([placed, fc.double({ min: 0.05, max: 0.5, noNaN: true })])('validates the last lives of machines, with a failure on either side', (units, share) => {
    const sides = splitInTime(units, share);
    for (const side of ['train', 'validation'] as const) expect(units.some(({ end }, at) => end === 'failure' && sides[at] === side)).toBe(true);
    units.forEach((unit, at) => {
      if (sides[at] === 'validation') expect(units.some((other, index) => other.asset === unit.asset && other.start > unit.start && sides[index] === 'train')).toBe(false);
    });
  });
});

describe('keepTogether', () => {
  test.prop([placed, fc.nat(), fc.integer({ min: 5, max: 50 })])('leaves no cut-off life within a gap before one of the other side', (units, seed, gap) => {
    const sides = keepTogether(units, splitUnits(units, seed, 0.3), 1, gap);
    units.forEach((unit, at) => {
      const next = units.map((other, index) => ({ other, index })).filter(({ other }) => other.asset === unit.asset && other.start > unit.start).sort((a, b) => a.other.start - b.other.start)[0];
      if (next === undefined || unit.end === 'failure' || next.other.start - (unit.start + unit.rows - 1) >= gap) return;
      expect(sides[at]).toBe(sides[next.index]);
    });
  });
});
