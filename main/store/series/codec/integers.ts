import { aligned, finishBody, HEADER_BYTES } from './body.ts';
import { guess, POWERS } from './decimal.ts';
import { DECIMAL_HEAD, Flag, Kind } from './kinds.ts';
import { packColumn, type Packed } from './kernel/pack.ts';

const bodyOf = ({ widths, words, isDelta, base }: Packed, exponent: number, count: number): Uint8Array => {
  const body = new Uint8Array(aligned(HEADER_BYTES + DECIMAL_HEAD + aligned(widths.length) + words.byteLength));
  new DataView(body.buffer).setFloat64(HEADER_BYTES, base, true);
  body.set(widths, HEADER_BYTES + DECIMAL_HEAD);
  new Uint32Array(body.buffer).set(words, (HEADER_BYTES + DECIMAL_HEAD + aligned(widths.length)) / 4);
  return finishBody(body, { kind: Kind.decimal, first: exponent, second: isDelta ? Flag.deltas : 0, a: count, b: count });
};

/** A column's body, and the lowest and highest of every 64 rows in turn. */
export interface EncodedIntegers {
  readonly body: Uint8Array;
  /** [ceil(rows / 64) * 2]; overwritten by the next call. */
  readonly extremes: Float64Array;
}

/**
 * The short way for what plants mostly write: a column without holes, of decimals that are small whole numbers once they are scaled. It
 * comes to the very bytes that the general way comes to.
 * @param values [rows]
 * @returns null where the general way must look: holes, constants, long decimals, large numbers
 */
export const encodeIntegers = (values: Float64Array): EncodedIntegers | null => {
  const count = values.length;
  if (count === 0) return null;
  const exponent = guess(values, count);
  if (exponent < 0) return null;
  const packed = packColumn(values, POWERS[exponent] ?? 1, 4 * count - DECIMAL_HEAD);
  return packed && { body: bodyOf(packed, exponent, count), extremes: packed.extremes };
};
