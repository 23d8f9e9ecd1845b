import { describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import { normalisedRows } from '../gather.ts';
import { fitGround, outsideOf } from './ground.ts';

describe('ground', () => {
  const random = Random.of(1, 'ground');
  const rows = normalisedRows(Float32Array.from({ length: 4000 }, () => random.normal()), 4);
  const ground = fitGround(rows);

  it('holds nearly all windows like the training data, and none with a sensor moved out of range', () => {
    for (let end = 29; end < 1000; end += 30) {
      expect(outsideOf(ground, rows, end - 29, end).share).toBeLessThanOrEqual(ground.outsideShare);
      const moved = normalisedRows(rows.values.map((value, at) => (at % 4 === 2 ? value + 12 : value)), 4);
      const outside = outsideOf(ground, moved, end - 29, end);
      expect(outside.share).toBeGreaterThan(ground.outsideShare);
      expect(outside.perInput[2]).toBe(1);
    }
  });
});
