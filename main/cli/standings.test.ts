import { expect, test } from 'vitest';
import { standingTeller } from './standings.ts';

test('what keeps a source is told once, and once more when it is over', () => {
  const lines: string[] = [];
  const tell = standingTeller((line) => lines.push(line));
  const a = { name: '/logs/a.csv' };
  tell({ ...a, code: 'following', message: null });
  tell({ ...a, code: 'held disk-full', message: 'full: 15 MB are free' });
  tell({ ...a, code: 'held disk-full', message: 'full: 14 MB are free' });
  tell({ name: '/logs/b.csv', code: 'unreachable in-use', message: 'b is in use' });
  tell({ ...a, code: 'unreachable not-there', message: 'a is not there' });
  tell({ ...a, code: 'following', message: null });
  tell({ ...a, code: 'following', message: null });
  expect(lines).toEqual(['full: 15 MB are free', 'b is in use', 'a is not there', '/logs/a.csv: all is well again']);
});
