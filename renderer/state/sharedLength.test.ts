import { describe, expect, it } from 'vitest';
import { sharedLength } from './sharedLength.ts';

describe('what paths have in common', () => {
  it('is their common beginning, of which a name is left to each', () => {
    expect(sharedLength([['Works', 'Air'], ['Works', 'Water', 'Line 2']])).toBe(1);
    expect(sharedLength([['Works', 'Air'], ['Works', 'Air']])).toBe(1);
    expect(sharedLength([['Works'], ['Works', 'Air']])).toBe(0);
    expect(sharedLength([['A'], ['B']])).toBe(0);
    expect(sharedLength([[], ['B']])).toBe(0);
    expect(sharedLength([])).toBe(0);
  });
});
