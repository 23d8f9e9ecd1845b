import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNumber } from './numbers.ts';

describe('numbers from text', () => {
  it('equal Number() for every finite double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseNumber(String(value), '.')).toBe(Number(String(value)));
      }),
    );
  });

  it('equal Number() with a decimal comma', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), (value) => {
        expect(parseNumber(String(value).replace('.', ','), ',')).toBe(Number(String(value)));
      }),
    );
  });

  it.each([
    ['1e5', '.', 1e5], ['+12.5', '.', 12.5], ['.5', '.', 0.5], ['5.', '.', 5], ['007.5', '.', 7.5], ['-.75', '.', -0.75], ['2E+2', '.', 200],
    ["1'860.96", '.', 1860.96], ['1 234,5', ',', 1234.5], ['1.321,92', ',', 1321.92], ['12.345.678', ',', 12345678], ['1,234.5', '.', 1234.5], ['5,300E-04', ',', 5.3e-4],
    ['12,5-', ',', -12.5], ['1.5D+03', '.', 1500], ['12,34,567.8', '.', 1234567.8],
    ['\u22121.5', '.', -1.5], ['１２.５', '.', 12.5], ['1\u00a0234,5', ',', 1234.5],
  ] as const)('%s with %s is %d', (text, decimal, value) => {
    expect(parseNumber(text, decimal)).toBe(value);
  });

  it.each(['Infinity', '-inf', 'NaN', '1e999', 'Bad', '12:30', '1,2,3', '0x10', '', '--', '12A34'])('%s is none', (text) => {
    expect(parseNumber(text, '.')).toBeNaN();
  });
});
