import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lowerBound, mergeReadings, upperBound } from './merge.ts';
import type { Readings } from './series.ts';

const readings = fc.uniqueArray(fc.tuple(fc.nat(60), fc.oneof(fc.nat(9), fc.constant(NaN))), { selector: ([at]) => at, maxLength: 40 }).map((rows): Readings => {
  const sorted = rows.sort(([a], [b]) => a - b);
  return { positions: Float64Array.from(sorted, ([at]) => at), values: Float64Array.from(sorted, ([, v]) => v) };
});

test('the later reading holds, and a missing one takes none away', () => {
  fc.assert(
    fc.property(readings, readings, (older, newer) => {
      const expected = new Map(Array.from(older.positions, (at, i) => [at, older.values[i] ?? NaN]));
      newer.positions.forEach((at, i) => {
        const v = newer.values[i] ?? NaN;
        if (!Number.isNaN(v) || !expected.has(at)) expected.set(at, v);
      });
      const merged = mergeReadings(older, newer);
      expect(Array.from(merged.positions, (at, i) => [at, merged.values[i]])).toEqual([...expected].sort(([a], [b]) => a - b));
    }),
  );
});

test('bounds are where a search from the front finds them', () => {
  fc.assert(
    fc.property(readings, fc.integer({ min: -2, max: 62 }), ({ positions }, at) => {
      const first = positions.findIndex((p) => p >= at);
      const after = positions.findIndex((p) => p > at);
      expect(lowerBound(positions, at)).toBe(first < 0 ? positions.length : first);
      expect(upperBound(positions, at)).toBe(after < 0 ? positions.length : after);
    }),
  );
});
