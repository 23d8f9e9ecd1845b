import { describe, expect, it } from 'vitest';
import { countFlat, countGaps, countSpikes, medianOf } from './quality.ts';

const noise = (count: number): Float64Array => Float64Array.from({ length: count }, (_, i) => 10 + Math.sin(i * 12.9898) * 0.5 + Math.sin(i / 40));

describe('gaps', () => {
  it('are steps of more than three nominal intervals', () => {
    expect(countGaps(Float64Array.of(0, 10, 20, 30, 60, 70, 110, 120, 130))).toEqual({ gaps: 1, interval: 10 });
  });
  it('need three readings', () => {
    expect(countGaps(Float64Array.of(0, 500)).gaps).toBe(0);
  });
});

describe('flat lines', () => {
  it('are runs of fifty equal values or more', () => {
    const values = noise(200);
    values.fill(3, 20, 80);
    values.fill(4, 100, 140);
    expect(countFlat(values)).toBe(60);
  });
  it('a sensor that never moves is one', () => {
    expect(countFlat(new Float64Array(300))).toBe(300);
  });
});

describe('spikes', () => {
  it('stand out of their neighbours', () => {
    const values = noise(500);
    values[100] = 40;
    values[300] = -20;
    expect(countSpikes(values)).toBe(2);
  });
  it('a step is none, nor is noise', () => {
    expect(countSpikes(noise(500))).toBe(0);
    expect(countSpikes(noise(500).map((value, i) => (i < 250 ? value : value + 30)))).toBe(0);
  });
  it('a series that does not move has none', () => {
    expect(countSpikes(new Float64Array(500))).toBe(0);
  });
});

describe('the median', () => {
  it.each([[[3, 1, 2], 2], [[4, 1, 2, 3], 2.5], [[], NaN]])('of %j', (values, median) => {
    expect(medianOf(Float64Array.from(values))).toBe(median);
  });
});
