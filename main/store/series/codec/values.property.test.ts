import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeIntegers } from './integers.ts';
import { rollUp } from './rollup.ts';
import { decodeValues, encodeAny, encodeValues } from './values.ts';

const where = () => 'a test body';
const sameBits = (a: Float64Array, b: Float64Array): boolean => a.length === b.length && a.every((v, i) => Object.is(v, b[i]));

const decimal = fc.tuple(fc.integer({ min: -10_000_000, max: 10_000_000 }), fc.integer({ min: 0, max: 9 })).map(([whole, places]) => Number(`${whole}e-${places}`));
const anyDouble = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, NaN, Infinity, -Infinity, Number.MIN_VALUE, -Number.MIN_VALUE, Number.MAX_VALUE, 2 ** 53, 2 ** 51, -(2 ** 51), 2 ** 51 - 1, 1 - 2 ** 51, 1e-12, 1e22, 0.1 + 0.2),
);
const single = fc.float().map(Math.fround);

/** Chunks of one nature, and of several mixed. */
const chunk = fc.oneof(
  fc.array(anyDouble, { maxLength: 300 }),
  fc.array(decimal, { maxLength: 600 }),
  fc.array(fc.oneof({ weight: 25, arbitrary: decimal }, { weight: 1, arbitrary: fc.constant(-0) }), { maxLength: 600 }),
  fc.array(fc.integer({ min: -(2 ** 50), max: 2 ** 50 }), { maxLength: 300 }),
  fc.array(single, { maxLength: 300 }),
  fc.tuple(fc.integer({ min: 1, max: 500 }), anyDouble).map(([rows, v]) => Array.from({ length: rows }, () => v)),
  fc.array(fc.oneof({ weight: 40, arbitrary: decimal }, { weight: 1, arbitrary: anyDouble }, { weight: 5, arbitrary: fc.constant(NaN) }), { maxLength: 600 }),
  fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 700 })).map(([start, steps]) => {
    let at = start;
    return steps.map((step) => (at += step) / 10);
  }),
);

test('every double comes back bit for bit, NaN as missing', () => {
  fc.assert(
    fc.property(chunk, (numbers) => {
      const values = Float64Array.from(numbers);
      expect(sameBits(decodeValues(encodeValues(values), where), values)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('the short way for small decimals comes to the bytes of the general one', () => {
  const places = fc.integer({ min: 0, max: 4 });
  const small = fc.tuple(places, fc.array(fc.oneof({ weight: 60, arbitrary: fc.integer({ min: -30_000, max: 30_000 }) }, { weight: 1, arbitrary: fc.constantFrom(2 ** 30, 2 ** 30 - 1, -(2 ** 30), 2 ** 31, 0.5, -0) }), { minLength: 1, maxLength: 600 })).map(([e, numbers]) => numbers.map((n) => n / 10 ** e));
  fc.assert(
    fc.property(fc.oneof(small, chunk), (numbers) => {
      const values = Float64Array.from(numbers);
      expect(encodeValues(values)).toEqual(encodeAny(values));
      const extremes = encodeIntegers(values)?.extremes;
      const { min, max } = rollUp(values);
      if (extremes) expect([...extremes]).toEqual([...min].flatMap((low, block) => [low, max[block]]));
    }),
    { numRuns: 2000 },
  );
});

test('a body read at an odd place of a larger buffer gives the same', () => {
  fc.assert(
    fc.property(chunk, fc.integer({ min: 0, max: 7 }), (numbers, shift) => {
      const values = Float64Array.from(numbers);
      const body = encodeValues(values);
      const moved = new Uint8Array(body.length + shift);
      moved.set(body, shift);
      const room = new Float64Array(1000);
      expect(sameBits(decodeValues(moved.subarray(shift), where, room), values)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('any changed byte is found', () => {
  fc.assert(
    fc.property(chunk, fc.nat(), fc.integer({ min: 1, max: 255 }), (numbers, place, change) => {
      const body = encodeValues(Float64Array.from(numbers));
      const at = place % body.length;
      body[at] = (body[at] ?? 0) ^ change;
      expect(() => decodeValues(body, where)).toThrow(/a test body/);
    }),
    { numRuns: 500 },
  );
});
