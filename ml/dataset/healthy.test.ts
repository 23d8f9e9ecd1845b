import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseHealthyStep } from './grid.ts';
import { healthyParts } from './healthy.ts';

const life = (rows: number, end: 'failure' | 'censored') => ({ asset: 'pump', offset: 50, rows, start: 1000, end, failureAt: end === 'failure' ? 1000 + 10 * rows : null });

describe('healthy running of a life', () => {
  it('ends a fifth before a failure; its parts lie one behind the other with a window between them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 4, max: 120 }), fc.constantFrom('failure' as const, 'censored' as const), (rows, window, end) => {
        const parts = healthyParts(life(rows, end), window, 0.2, 10);
        const until = 50 + (end === 'failure' ? Math.floor(0.8 * rows) : rows);
        for (const part of parts) {
          expect(part.rows).toBeGreaterThanOrEqual(2 * window);
          expect(part.offset).toBeGreaterThanOrEqual(50);
          expect(part.offset + part.rows).toBeLessThanOrEqual(until);
          expect(part.start).toBe(1000 + 10 * (part.offset - 50));
        }
        const [earlier, later] = parts;
        if (earlier !== undefined) expect(earlier.split).toBe('train');
        if (earlier !== undefined && later !== undefined) expect(later.offset - (earlier.offset + earlier.rows)).toBe(window);
      }),
    );
  });

  it('is left out where it is too short, and learnt from alone where two parts would be', () => {
    expect(healthyParts(life(39, 'censored'), 20, 0.2, 10)).toEqual([]);
    expect(healthyParts(life(150, 'censored'), 20, 0.2, 10).map(({ rows, split }) => [rows, split])).toEqual([[150, 'train']]);
  });
});

describe('the grid of healthy running', () => {
  it('is as fine as the readings, some of which are missing, until it has 200,000 rows', () => {
    expect(chooseHealthyStep('time', 8000e6, 1.06e6)).toBe(1e6);
    expect(chooseHealthyStep('time', 365 * 86_400e6, 1e6)).toBe(300e6);
    expect(chooseHealthyStep('cycle', 1e9, null)).toBe(1);
  });
});
