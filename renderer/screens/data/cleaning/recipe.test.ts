import { expect, it } from 'vitest';
import { isSameRecipe, NO_CLEANING, withMask } from './recipe.ts';

it('a recipe is the same whichever kind was left out first, and goes back to nothing', () => {
  const one = withMask(withMask(NO_CLEANING, 'out-of-range', true), 'spike', true);
  const other = withMask(withMask(NO_CLEANING, 'spike', true), 'out-of-range', true);
  expect(one.mask).toEqual(['spike', 'out-of-range']);
  expect(isSameRecipe(one, other)).toBe(true);
  expect(isSameRecipe(withMask(withMask(one, 'spike', false), 'out-of-range', false), NO_CLEANING)).toBe(true);
});
