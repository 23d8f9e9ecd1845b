import { describe, expect, it } from 'vitest';
import { chooseStep, medianOf } from './grid.ts';

const hour = 3600e6;

describe('the step of a grid', () => {
  it('gives a median life about 300 rows of a length that people read clocks by', () => {
    expect(chooseStep('time', [14 * 24 * hour, 10 * 24 * hour, 16 * 24 * hour], 600e6)).toBe(hour);
    expect(chooseStep('time', [hour], 1e6)).toBe(10e6);
  });
  it('is never finer than the readings', () => {
    expect(chooseStep('time', [100 * hour], 24 * hour)).toBe(24 * hour);
    expect(chooseStep('time', [100 * hour], 30 * 24 * hour)).toBe(30 * 24 * hour);
  });
  it('is one cycle on a cycle axis', () => {
    expect(chooseStep('cycle', [128, 362], null)).toBe(1);
  });
  it('takes the mean of the two middle values of an even number', () => {
    expect(medianOf([4, 1, 3, 2])).toBe(2.5);
    expect(medianOf([])).toBeNaN();
  });
});
