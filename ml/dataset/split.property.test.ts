import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { splitUnits } from './split.ts';

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
