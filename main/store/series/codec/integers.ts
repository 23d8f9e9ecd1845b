import { BLOCK, packWords, wordsOf } from './bits.ts';
import { aligned, finishBody, HEADER_BYTES } from './body.ts';
import { guess, POWERS } from './decimal.ts';
import { DECIMAL_HEAD, Flag, Kind } from './kinds.ts';

/**
 * The short way for what plants mostly write: a column without holes, of decimals that are small whole numbers once they are scaled. It comes to
 * the very bytes that the general way comes to, in two passes over 32-bit integers and without a branch that depends on noise.
 */

/** Adding and subtracting it rounds to the nearest whole number. */
const ROUNDING = 2 ** 52 * 1.5;
/** Differences of numbers below it, zigzagged, fit 32 bits. */
const LIMIT = 2 ** 30;

/** Room that is used again for every body; grown when a longer one comes. */
let whole = new Int32Array(4096);
let zigzags = new Int32Array(4096);
/** Of each block: the bits that any zigzag has, the largest number. */
let deltaBits = new Int32Array(64);
let largest = new Int32Array(64);

const makeRoom = (count: number): void => {
  if (whole.length >= count) return;
  whole = new Int32Array(count);
  zigzags = new Int32Array(count);
  deltaBits = new Int32Array(Math.ceil(count / BLOCK));
  largest = new Int32Array(Math.ceil(count / BLOCK));
};

/** Scales all values into `whole`; false at the first that isn't given back bit for bit, or isn't small. */
const scaleAll = (values: Float64Array, power: number): boolean => {
  let bits = 0;
  for (let i = 0; i < values.length; i += 1) {
    const v = values[i] ?? NaN;
    const rounded = v * power + ROUNDING - ROUNDING;
    const n = rounded | 0;
    if (n !== rounded || n / power !== v) return false;
    // -0 equals 0, and isn't the same bits.
    if (n === 0 && 1 / v < 0) return false;
    bits |= n ^ (n >> 31);
    whole[i] = n;
  }
  return bits < LIMIT;
};

/** Fills `zigzags`, and of each block the bits of its zigzags and its largest number. @returns the smallest number of all */
const difference = (count: number): number => {
  let least = whole[0] ?? 0;
  let before = least;
  for (let block = 0, end = 0; end < count; block += 1) {
    const from = end;
    end = Math.min(count, from + BLOCK);
    let bits = 0;
    let most = whole[from] ?? 0;
    for (let i = from; i < end; i += 1) {
      const v = whole[i] ?? 0;
      const d = (v - before) | 0;
      const zigzag = (d << 1) ^ (d >> 31);
      zigzags[i] = zigzag;
      bits |= zigzag;
      if (v > most) most = v;
      if (v < least) least = v;
      before = v;
    }
    deltaBits[block] = bits;
    largest[block] = most;
  }
  return least;
};

/** Widths of the blocks, and the words that they take in all. */
const measure = (most: Int32Array, less: number, count: number): { widths: Uint8Array; words: number } => {
  const widths = new Uint8Array(Math.ceil(count / BLOCK));
  let words = 0;
  for (let block = 0; block < widths.length; block += 1) {
    const width = 32 - Math.clz32((most[block] ?? 0) - less);
    widths[block] = width;
    words += wordsOf(Math.min(BLOCK, count - block * BLOCK), width);
  }
  return { widths, words };
};

/**
 * @param values [rows]
 * @returns the body that encodeValues makes of them; null where the general way must look: holes, constants, long decimals, large numbers
 */
export const encodeIntegers = (values: Float64Array): Uint8Array | null => {
  const count = values.length;
  if (count === 0) return null;
  makeRoom(count);
  const exponent = guess(values, count);
  if (exponent < 0 || !scaleAll(values, POWERS[exponent] ?? 1)) return null;
  const least = difference(count);
  const delta = measure(deltaBits, 0, count);
  if (delta.words === 0) return null;
  const plain = measure(largest, least, count);
  const isDelta = delta.words < plain.words;
  const { widths, words } = isDelta ? delta : plain;
  const payload = DECIMAL_HEAD + aligned(widths.length) + words * 4;
  if (payload > 4 * count) return null;
  const body = new Uint8Array(aligned(HEADER_BYTES + payload));
  const view = new DataView(body.buffer);
  view.setFloat64(HEADER_BYTES, isDelta ? (whole[0] ?? 0) : least, true);
  body.set(widths, HEADER_BYTES + DECIMAL_HEAD);
  const out = new Uint32Array(body.buffer);
  let word = (HEADER_BYTES + DECIMAL_HEAD + aligned(widths.length)) / 4;
  for (let block = 0; block < widths.length; block += 1) {
    const from = block * BLOCK;
    word = packWords(isDelta ? zigzags : whole, isDelta ? 0 : least, from, Math.min(BLOCK, count - from), widths[block] ?? 0, out, word);
  }
  return finishBody(body, { kind: Kind.decimal, first: exponent, second: isDelta ? Flag.deltas : 0, a: count, b: count });
};
