import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBatch, encodeBatch } from './batch.ts';
import { blockStarts, decodePositions, encodePositions, GRID_BLOCK } from './positions.ts';
import { SensorId } from '../../../contract/values.ts';

const where = () => 'a test grid';

const rising = (start: number, steps: readonly number[]): Float64Array => {
  const out = [start];
  for (const step of steps) out.push((out.at(-1) ?? 0) + step);
  return Float64Array.from(out);
};

const regular = fc.tuple(fc.integer({ min: -1e9, max: 2e15 }), fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 0, max: 500 })).map(([start, step, rows]) => rising(start, Array.from({ length: rows }, () => step)));
const jittered = fc.tuple(fc.integer({ min: 0, max: 2e15 }), fc.array(fc.oneof({ weight: 30, arbitrary: fc.integer({ min: 900, max: 1100 }) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 ** 45 }) }), { maxLength: 500 }));
const fractional = fc.uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 200, comparator: (a, b) => a === b }).map((list) => Float64Array.from(list, (v) => v + 0).sort());
const anyGrid = fc.oneof(regular, jittered.map(([start, steps]) => rising(start, steps)), jittered.map(([start, steps]) => rising(start, steps.map((step) => step * 1000))), fractional);

test('positions come back exactly, and the first of each block without the others', () => {
  fc.assert(
    fc.property(anyGrid, (positions) => {
      const body = encodePositions(positions);
      expect(decodePositions(body, where)).toEqual(positions);
      expect(blockStarts(body, where)).toEqual(positions.filter((_, i) => i % GRID_BLOCK === 0));
    }),
    { numRuns: 1000 },
  );
});

test('a regular grid takes 32 bytes, whatever its length', () => {
  expect(encodePositions(Float64Array.from({ length: 4096 }, (_, i) => 1_700_000_000_000_000 + i * 1_000_000)).length).toBe(32);
});

test('a tail batch comes back exactly', () => {
  const batch = fc.tuple(anyGrid, fc.integer({ min: 1, max: 6 })).chain(([positions, sensors]) =>
    fc.array(fc.oneof(fc.double(), fc.integer().map((v) => v / 100), fc.constant(NaN)), { minLength: sensors, maxLength: sensors }).map((seeds) => ({
      positions,
      sensors: seeds.map((_, i) => SensorId.parse(i * 7 + 1)),
      values: seeds.map((seed) => positions.map((_, i) => (i % 5 === 4 ? NaN : seed + i))),
    })),
  );
  fc.assert(
    fc.property(batch, (given) => {
      expect(decodeBatch(encodeBatch(given), where)).toEqual(given);
    }),
    { numRuns: 300 },
  );
});
