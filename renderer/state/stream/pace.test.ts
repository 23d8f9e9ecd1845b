import { expect, it } from 'vitest';
import { Pace } from './pace.ts';

/** The waits of questions that come so many milliseconds after each other. */
const waitsOf = (gaps: readonly number[]): number[] => {
  const pace = new Pace();
  let now = 0;
  return gaps.map((gap) => pace.wait((now += gap)));
};

it('asks single questions at once', () => {
  expect(waitsOf([0, 500, 500])).toEqual([0, 0, 0]);
});

it('lets a quick row of questions wait for the last, and asks in between', () => {
  const waits = waitsOf(Array.from({ length: 20 }, () => 33));
  expect(waits.slice(0, 7)).toEqual([0, 80, 80, 80, 80, 80, 80]);
  expect(waits.filter((wait) => wait === 0).length).toBeGreaterThan(1);
});
