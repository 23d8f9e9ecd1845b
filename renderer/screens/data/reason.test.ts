import { expect, it } from 'vitest';
import { translator } from '../../messages/translate.ts';
import { reasonWords, tally } from './reason.ts';

it('sums rows set aside by file or by reason, of those that fit the other', () => {
  const counts = [
    { file: 'a', reason: 'row-cut', rows: 1 },
    { file: 'b', reason: 'row-cut', rows: 5 },
    { file: 'a', reason: 'row-too-long', rows: 3 },
  ];
  expect(tally(counts, 'file', '')).toEqual([['b', 5], ['a', 4]]);
  expect(tally(counts, 'reason', 'a')).toEqual([['row-too-long', 3], ['row-cut', 1]]);
});

it('words a reason, and tells one that it does not know as it is', () => {
  expect(['row-cut', 'new-reason'].map((code) => reasonWords(translator('en'), code))).toEqual(['Row is cut off', 'new-reason']);
});
