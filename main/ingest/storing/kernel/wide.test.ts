import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KernelRole, WideKernel } from './wide.ts';

const beginnings = Uint8Array.from({ length: 256 }, (_, c) => (/[-0-9]/.test(String.fromCharCode(c)) ? 1 : 0));
const { nothing, time, value } = KernelRole;
const kernelOf = (roles: number[], decimal = '.', missing: number[] = []): WideKernel => new WideKernel({ roles: Uint8Array.from(roles), beginnings, delimiter: 59, decimal: decimal.charCodeAt(0), missing });

const read = (kernel: WideKernel, text: string): number => {
  const bytes = Buffer.from(text);
  kernel.give(bytes);
  return kernel.read(0, bytes.length, Infinity);
};

describe('the kernel', () => {
  it('reads every plain number as its text is read, bit for bit', () => {
    const kernel = kernelOf([time, value, value], ',');
    const digits = fc.tuple(fc.boolean(), fc.bigInt(0n, 10n ** 15n - 1n), fc.nat(15)).map(([isNegative, n, at]) => {
      const text = String(n);
      return `${isNegative ? '-' : ''}${at >= text.length ? text : `${text.slice(0, at)},${text.slice(at)}`}`;
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(digits, digits), { minLength: 1, maxLength: 40 }), (records) => {
        const rows = read(kernel, records.map(([a, b]) => `1;${a};${b}\r\n`).join(''));
        expect(rows).toBe(records.length);
        for (const k of [0, 1]) expect([...kernel.column(k, rows)]).toEqual(records.map((record) => Number((record[k] ?? '').replace(',', '.'))));
      }),
      { numRuns: 500 },
    );
  });

  it('tells where records and times lie, and where the next begins', () => {
    const kernel = kernelOf([nothing, time, value]);
    expect(read(kernel, '7;08:15;1.5\n9;;\n8;09:00;x\n')).toBe(2);
    expect([0, 1, 2].map((word) => kernel.place(0, word))).toEqual([0, 2, 7]);
    expect([0, 1, 2].map((word) => kernel.place(1, word))).toEqual([12, 14, 14]);
    expect([...kernel.column(0, 2)]).toEqual([1.5, NaN]);
    expect(kernel.next).toBe(16);
  });

  it.each([
    ['a word', '1;2;3\n1;ok;3\n', 1],
    ['a remark', '1;2;3\n# 1;2\n', 1],
    ['too few cells', '1;2;3\n1;2\n1;2;3\n', 1],
    ['too many cells', '1;2;3\n1;2;3;4\n', 1],
    ['an unfinished line', '1;2;3\n1;2;3', 1],
    ['a number cut at the end of the bytes', '1;2;3\n1;2;', 1],
    ['a line end of a lone CR', '1;2;3\n1;2;3\r1;2;3\n', 1],
    ['a quoted cell', '1;2;3\n1;"2";3\n', 1],
    ['a number that stands for no value', '1;2;3\n1;-99;3\n', 1],
    ['17 digits', '1;2;3\n1;12345678901234567;3\n', 1],
    ['nothing: delimiters too many at the end', '1;2;3;;\n1;2;3;\r\n', 2],
    ['nothing: lines that end in CR and LF', '1;2;3\r\n1;;3\r\n', 2],
  ])('stops before %s', (_, text, rows) => {
    expect(read(kernelOf([time, value, value], '.', [-99]), text)).toBe(rows);
  });

  it('reads no record that begins at the limit', () => {
    const kernel = kernelOf([time, value]);
    kernel.give(Buffer.from('1;2\n3;4\n5;6\n'));
    expect(kernel.read(0, 8, Infinity)).toBe(2);
    expect(kernel.read(8, 12, Infinity)).toBe(1);
    expect([...kernel.column(0, 1)]).toEqual([6]);
  });
});
