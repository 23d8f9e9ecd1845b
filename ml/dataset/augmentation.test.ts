import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { augment, type Augmentation } from './augmentation.ts';
import { Random } from './random.ts';

const off: Augmentation = { jitter: 0, scaling: 0, masking: 0, windowWarp: 0, pooling: 1 };
const window = 12;
const inputs = 2;
/** Two windows whose inputs run 1, 2, 3 ... and 100, 90, 80 ... */
const ramps = (): Float32Array => Float32Array.from({ length: 2 * window * inputs }, (_, cell) => (cell % inputs === 0 ? 1 + (Math.floor(cell / inputs) % window) : 100 - 10 * (Math.floor(cell / inputs) % window)));
const changed = (wanted: Partial<Augmentation>, seed = 1): Float32Array => {
  const cells = ramps();
  augment(cells, window, inputs, { ...off, ...wanted }, Random.of(seed, 'augmentation'), Float32Array.of(1, 2));
  return cells;
};
const input = (cells: Float32Array, at: number, of: number): number[] => Array.from({ length: window }, (_, row) => cells[(of * window + row) * inputs + at] ?? Number.NaN);

describe('augment', () => {
  it('does nothing, and draws nothing, when all is off', () => {
    const random = Random.of(1, 'augmentation');
    const state = random.state();
    const cells = ramps();
    augment(cells, window, inputs, off, random, Float32Array.of(1, 1));
    expect(cells).toEqual(ramps());
    expect(random.state()).toEqual(state);
  });

  test.prop([fc.integer({ min: 1, max: 1000 }), fc.record({ jitter: fc.double({ min: 0, max: 1, noNaN: true }), scaling: fc.double({ min: 0, max: 1, noNaN: true }), masking: fc.double({ min: 0, max: 0.9, noNaN: true }), windowWarp: fc.double({ min: 0, max: 1, noNaN: true }), pooling: fc.integer({ min: 1, max: 30 }) })])(
    'gives the same for the same seed, and numbers only',
    (seed, wanted) => {
      expect(changed(wanted, seed)).toEqual(changed(wanted, seed));
      expect(changed(wanted, seed).every(Number.isFinite)).toBe(true);
    },
  );

  it('scales each input of each window by one factor of its own', () => {
    const cells = changed({ scaling: 0.3 });
    const factors = [0, 1].flatMap((of) => [0, 1].map((at) => input(cells, at, of).map((value, row) => value / (input(ramps(), at, of)[row] ?? 1))));
    for (const own of factors) for (const factor of own.filter(Number.isFinite)) expect(factor).toBeCloseTo(own[0] ?? 0, 4);
    expect(new Set(factors.map(([first]) => first?.toFixed(4))).size).toBe(4);
  });

  it('masks stretches of a quarter at most, filled with the value before them, in the share of the inputs that was asked for', () => {
    let masked = 0;
    for (let seed = 0; seed < 200; seed++) {
      const cells = changed({ masking: 0.3 }, seed);
      for (const of of [0, 1]) {
        const now = input(cells, 0, of);
        const gap = now.flatMap((value, row) => (value === row + 1 ? [] : [row]));
        if (gap.length === 0) continue;
        masked++;
        const [begin = 0] = gap;
        expect(gap).toEqual(Array.from({ length: gap.length }, (_, at) => begin + at));
        expect(gap.length).toBeLessThanOrEqual(window / 4);
        for (const row of gap) expect(now[row]).toBe(begin);
      }
    }
    expect(masked / 400).toBeGreaterThan(0.22);
    expect(masked / 400).toBeLessThan(0.38);
  });

  it('warps the pace: the last row stays, the order stays, all inputs alike, nothing new is seen', () => {
    let differ = 0;
    for (let seed = 0; seed < 50; seed++) {
      const cells = changed({ windowWarp: 0.4 }, seed);
      const rising = input(cells, 0, 0);
      expect(rising[window - 1]).toBe(window);
      rising.forEach((value, row) => {
        if (row > 0) expect(value).toBeGreaterThanOrEqual(rising[row - 1] ?? 0);
        expect(value).toBeGreaterThanOrEqual(1);
        expect(value).toBeLessThanOrEqual(window);
        expect(input(cells, 1, 0)[row]).toBeCloseTo(100 - 10 * (value - 1), 3);
      });
      if (rising.some((value, row) => Math.abs(value - row - 1) > 0.01)) differ++;
    }
    expect(differ).toBeGreaterThan(40);
  });

  it('adds one noise to all rows that are averaged into a step, counted from the newest, of the spread asked for', () => {
    const noise = changed({ jitter: 0.5, pooling: 5 }).map((value, cell) => value - (ramps()[cell] ?? 0));
    const own = input(noise, 0, 0).map((value) => value.toFixed(3));
    expect(new Set(own.slice(7)).size).toBe(1);
    expect(new Set(own.slice(2, 7)).size).toBe(1);
    expect(new Set(own.slice(0, 2)).size).toBe(1);
    expect(new Set(own).size).toBe(3);
    const spread = (cell: number): number => Math.sqrt(Array.from({ length: 400 }, (_, seed) => (changed({ jitter: 0.5 }, seed)[cell] ?? 0) - (ramps()[cell] ?? 0)).reduce((sum, value) => sum + value * value, 0) / 400);
    expect(Math.abs(spread(0) - 0.5)).toBeLessThan(0.06);
    expect(Math.abs(spread(1) - 1)).toBeLessThan(0.12);
  });
});
