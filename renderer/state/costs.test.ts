import { expect, it } from 'vitest';
import { costsOf, NO_COSTS, rememberCosts, rememberedCosts } from './costs.ts';

const memory = (): Pick<Storage, 'getItem' | 'setItem'> => {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
};

it('costs are taken once all four are numbers of 0 or more', () => {
  const all = { miss: '20000', falseAlarm: '150,5', replacement: ' 3000 ', early: '0' };
  expect(costsOf(all)).toEqual({ miss: 20_000, falseAlarm: 150.5, replacement: 3000, early: 0 });
  expect(costsOf({ ...all, early: '' })).toBeNull();
  expect(costsOf({ ...all, miss: '-1' })).toBeNull();
  expect(costsOf({ ...all, miss: 'much' })).toBeNull();
});

it('what was typed is there again, and what can’t be read is typed anew', () => {
  const storage = memory();
  expect(rememberedCosts(storage)).toEqual(NO_COSTS);
  rememberCosts(storage, { ...NO_COSTS, miss: '7' });
  expect(rememberedCosts(storage)).toEqual({ ...NO_COSTS, miss: '7' });
  storage.setItem('costs', '{');
  expect(rememberedCosts(storage)).toEqual(NO_COSTS);
});
