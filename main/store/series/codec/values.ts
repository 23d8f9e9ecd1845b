import { aligned, damaged, finishBody, HEADER_BYTES, openBody, type OpenBody, type Where } from './body.ts';
import { BLOCK, pack, unpackNarrow, unpackWide, widthOf, wordsOf } from './bits.ts';
import { POWERS, scaleDecimals, type Scaled } from './decimal.ts';
import { encodeIntegers } from './integers.ts';
import { DECIMAL_HEAD, Flag, Kind } from './kinds.ts';
import { compressNumbers, decompressNumbers } from './shuffle.ts';

const EXCEPTION_BYTES = 12;

/** Room that is used again for every body; grown when a longer one comes. */
let present = new Float64Array(4096);
let whole = new Float64Array(4096);
let deltas = new Float64Array(4096);
const narrow = new Uint32Array(BLOCK);
const wide = new Float64Array(BLOCK);

const makeRoom = (count: number): void => {
  if (present.length >= count) return;
  present = new Float64Array(count);
  whole = new Float64Array(count);
  deltas = new Float64Array(count);
  mostDelta = new Float64Array(Math.ceil(count / BLOCK));
  mostWhole = new Float64Array(Math.ceil(count / BLOCK));
};

/** The readings among the values, put together in `present`. */
const gather = (values: Float64Array): number => {
  let count = 0;
  for (let i = 0; i < values.length; i += 1) {
    const v = values[i] ?? 0;
    present[count] = v;
    // NaN is the only value that isn't itself.
    if (v === v) count += 1;
  }
  return count;
};

const isConstant = (count: number): boolean => {
  const first = present[0] ?? 0;
  for (let i = 1; i < count; i += 1) if (!Object.is(present[i], first)) return false;
  return true;
};

const isFloat32 = (count: number): boolean => {
  for (let i = 0; i < count; i += 1) if (Math.fround(present[i] ?? 0) !== present[i]) return false;
  return true;
};

/** Largest difference and largest number of each block; used again for every body. */
let mostDelta = new Float64Array(64);
let mostWhole = new Float64Array(64);

/** Widths of the blocks by their largest numbers, less `least`, and the words that they take in all. */
const measure = (most: Float64Array, least: number, count: number): { widths: Uint8Array; words: number } => {
  const widths = new Uint8Array(Math.ceil(count / BLOCK));
  let words = 0;
  for (let block = 0; block < widths.length; block += 1) {
    const width = widthOf((most[block] ?? 0) - least);
    widths[block] = width;
    words += wordsOf(Math.min(BLOCK, count - block * BLOCK), width);
  }
  return { widths, words };
};

interface Plan {
  readonly isDelta: boolean;
  readonly base: number;
  readonly source: Float64Array;
  readonly widths: Uint8Array;
  readonly words: number;
}

/** Differences to the number before (zigzag) or to the smallest: whichever takes fewer words. */
const planDecimal = (count: number): Plan => {
  const first = whole[0] ?? 0;
  let least = first;
  let before = first;
  for (let block = 0, end = 0; end < count; block += 1) {
    const from = end;
    end = Math.min(count, from + BLOCK);
    let [delta, most] = [0, -Infinity];
    for (let i = from; i < end; i += 1) {
      const v = whole[i] ?? 0;
      const difference = v - before;
      const zigzag = difference < 0 ? -2 * difference - 1 : 2 * difference;
      deltas[i] = zigzag;
      if (zigzag > delta) delta = zigzag;
      if (v > most) most = v;
      if (v < least) least = v;
      before = v;
    }
    mostDelta[block] = delta;
    mostWhole[block] = most;
  }
  const delta = measure(mostDelta, 0, count);
  const plain = measure(mostWhole, least, count);
  if (delta.words < plain.words) return { isDelta: true, base: first, source: deltas, ...delta };
  for (let i = 0; i < count; i += 1) whole[i] = (whole[i] ?? 0) - least;
  return { isDelta: false, base: least, source: whole, ...plain };
};

const decimalBytes = (plan: Plan, exceptions: number): number => DECIMAL_HEAD + aligned(plan.widths.length) + plan.words * 4 + exceptions * EXCEPTION_BYTES;

const writeDecimal = (body: Uint8Array, at: number, count: number, plan: Plan, { exceptions }: Scaled): void => {
  const view = new DataView(body.buffer);
  view.setFloat64(at, plan.base, true);
  view.setUint32(at + 8, exceptions.length, true);
  body.set(plan.widths, at + DECIMAL_HEAD);
  const words = new Uint32Array(body.buffer);
  let word = (at + DECIMAL_HEAD + aligned(plan.widths.length)) / 4;
  for (let block = 0; block < plan.widths.length; block += 1) {
    const from = block * BLOCK;
    word = pack(plan.source, from, Math.min(BLOCK, count - from), plan.widths[block] ?? 0, words, word);
  }
  for (const [i, index] of exceptions.entries()) {
    view.setUint32(word * 4 + i * EXCEPTION_BYTES, index, true);
    view.setFloat64(word * 4 + i * EXCEPTION_BYTES + 4, present[index] ?? 0, true);
  }
};

const writePresence = (body: Uint8Array, values: Float64Array): void => {
  for (let i = 0; i < values.length; i += 1) {
    const v = values[i] ?? 0;
    if (v === v) body[HEADER_BYTES + (i >>> 3)] = (body[HEADER_BYTES + (i >>> 3)] ?? 0) | (1 << (i & 7));
  }
};

const presenceBytes = (rows: number, count: number): number => (count === rows || count === 0 ? 0 : aligned(Math.ceil(rows / 8)));

/** A body with its presence bitmap in place and room for the payload at the returned offset. */
const startBody = (values: Float64Array, count: number, payload: number): { body: Uint8Array; at: number } => {
  const bitmap = presenceBytes(values.length, count);
  // Whole words, so that the words of the payload can be seen through a typed array.
  const body = new Uint8Array(aligned(HEADER_BYTES + bitmap + payload));
  if (bitmap > 0) writePresence(body, values);
  return { body, at: HEADER_BYTES + bitmap };
};

const encodeFloats = (values: Float64Array, count: number, single: boolean): Uint8Array => {
  const numbers = single ? Float32Array.from(present.subarray(0, count)) : present.slice(0, count);
  const raw = new Uint8Array(numbers.buffer);
  const packed = compressNumbers(raw, single ? 4 : 8);
  const payload = packed ?? raw;
  // The payload's length, since a compressed one may be followed by padding.
  const { body, at } = startBody(values, count, 4 + payload.length);
  new DataView(body.buffer).setUint32(at, payload.length, true);
  body.set(payload, at + 4);
  const flags = (count < values.length ? Flag.presence : 0) | (packed === null ? 0 : Flag.compressed);
  return finishBody(body, { kind: single ? Kind.float32 : Kind.float64, first: 0, second: flags, a: values.length, b: count });
};

/**
 * The values of one chunk as bytes, lossless: every double comes back bit for bit, NaN as missing.
 * Decimals become packed whole numbers, single precision stays so, anything else is compressed; whichever is smallest.
 * @param values [rows], NaN: missing
 */
export const encodeValues = (values: Float64Array): Uint8Array => encodeIntegers(values)?.body ?? encodeAny(values);

/** The same, whatever the values are. */
export const encodeAny = (values: Float64Array): Uint8Array => {
  makeRoom(values.length);
  const rows = values.length;
  const count = gather(values);
  const presence = count < rows && count > 0 ? Flag.presence : 0;
  if (count === 0) return finishBody(new Uint8Array(HEADER_BYTES), { kind: Kind.empty, first: 0, second: 0, a: rows, b: 0 });
  if (isConstant(count)) {
    const { body, at } = startBody(values, count, 8);
    new DataView(body.buffer).setFloat64(at, present[0] ?? 0, true);
    return finishBody(body, { kind: Kind.constant, first: 0, second: presence, a: rows, b: count });
  }
  const scaled = scaleDecimals(present, count, whole);
  const plan = scaled === null ? null : planDecimal(count);
  const size = scaled === null || plan === null ? Infinity : decimalBytes(plan, scaled.exceptions.length);
  // Only wide decimals are worth the look whether they were single precision, or compress better as they are.
  if (size > 4 * count && isFloat32(count)) return encodeFloats(values, count, true);
  if (scaled === null || plan === null || size > 7 * count) return smaller(encodeFloats(values, count, false), scaled, plan, values, count);
  return encodeDecimal(values, count, plan, scaled);
};

const encodeDecimal = (values: Float64Array, count: number, plan: Plan, scaled: Scaled): Uint8Array => {
  const { body, at } = startBody(values, count, decimalBytes(plan, scaled.exceptions.length));
  writeDecimal(body, at, count, plan, scaled);
  const flags = (count < values.length ? Flag.presence : 0) | (plan.isDelta ? Flag.deltas : 0);
  return finishBody(body, { kind: Kind.decimal, first: scaled.exponent, second: flags, a: values.length, b: count });
};

const smaller = (floats: Uint8Array, scaled: Scaled | null, plan: Plan | null, values: Float64Array, count: number): Uint8Array => {
  if (scaled === null || plan === null || decimalBytes(plan, scaled.exceptions.length) >= floats.length) return floats;
  return encodeDecimal(values, count, plan, scaled);
};

/** Rows and readings of a values body, without its values. @throws AppError('plant-damaged' | 'plant-newer') */
export const countsOf = (stored: Uint8Array, where: Where): { rows: number; count: number } => {
  const { a, b } = openBody(stored, where);
  return { rows: a, count: b };
};

const readDecimal = ({ view, words, bytes, first, second, b: count }: OpenBody, at: number, out: Float64Array): void => {
  const power = POWERS[first] ?? 1;
  const isDelta = (second & Flag.deltas) !== 0;
  const blocks = Math.ceil(count / BLOCK);
  let word = (at + DECIMAL_HEAD + aligned(blocks)) / 4;
  let value = view.getFloat64(at, true);
  for (let block = 0; block < blocks; block += 1) {
    const from = block * BLOCK;
    const size = Math.min(BLOCK, count - from);
    const width = bytes[at + DECIMAL_HEAD + block] ?? 0;
    if (width > 32) value = readWide(words, word, size, width, value, power, isDelta, out, from);
    else if (isDelta) {
      unpackNarrow(words, word, size, width, narrow);
      for (let i = 0; i < size; i += 1) {
        const zigzag = narrow[i] ?? 0;
        value += (zigzag >>> 1) ^ -(zigzag & 1);
        out[from + i] = value / power;
      }
    } else {
      unpackNarrow(words, word, size, width, narrow);
      for (let i = 0; i < size; i += 1) out[from + i] = (value + (narrow[i] ?? 0)) / power;
    }
    word += wordsOf(size, width);
  }
  const exceptions = view.getUint32(at + 8, true);
  for (let i = 0; i < exceptions; i += 1) out[view.getUint32(word * 4 + i * EXCEPTION_BYTES, true)] = view.getFloat64(word * 4 + i * EXCEPTION_BYTES + 4, true);
};

const readWide = (words: Uint32Array, word: number, size: number, width: number, start: number, power: number, isDelta: boolean, out: Float64Array, from: number): number => {
  unpackWide(words, word, size, width, wide);
  let value = start;
  for (let i = 0; i < size; i += 1) {
    const u = wide[i] ?? 0;
    if (isDelta) {
      value += u % 2 === 0 ? u / 2 : -(u + 1) / 2;
      out[from + i] = value / power;
    } else {
      out[from + i] = (start + u) / power;
    }
  }
  return value;
};

const readFloats = ({ bytes, view, second, kind, b: count }: OpenBody, at: number, out: Float64Array, where: Where): void => {
  const size = kind === Kind.float32 ? 4 : 8;
  const stored = bytes.subarray(at + 4, at + 4 + view.getUint32(at, true));
  // A copy, since numbers of eight bytes must begin at a multiple of eight.
  const raw = (second & Flag.compressed) === 0 ? new Uint8Array(stored) : decompressNumbers(stored, size, count * size, where);
  const numbers = size === 4 ? new Float32Array(raw.buffer, raw.byteOffset, count) : new Float64Array(raw.buffer, raw.byteOffset, count);
  out.set(numbers);
};

/** Spreads the first readings of `out` to the rows that have one, from the last on, in place. */
const spread = ({ bytes, a: rows, b: count }: OpenBody, out: Float64Array): void => {
  let next = count - 1;
  for (let row = rows - 1; row >= 0; row -= 1) {
    if (((bytes[HEADER_BYTES + (row >>> 3)] ?? 0) & (1 << (row & 7))) === 0) out[row] = NaN;
    else {
      out[row] = out[next] ?? NaN;
      next -= 1;
    }
  }
};

/**
 * The values of a body that encodeValues made.
 * @param room used for the result when it is large enough
 * @returns [rows], NaN: missing
 * @throws AppError('plant-damaged') when the checksum is wrong or the content impossible, 'plant-newer' for a later format
 */
export const decodeValues = (stored: Uint8Array, where: Where, room?: Float64Array): Float64Array => {
  const body = openBody(stored, where);
  const { a: rows, b: count, kind, view } = body;
  const out = room !== undefined && room.length >= rows ? room.subarray(0, rows) : new Float64Array(rows);
  const at = HEADER_BYTES + presenceBytes(rows, count);
  if (kind === Kind.empty) out.fill(NaN);
  else if (kind === Kind.constant) out.fill(view.getFloat64(at, true), 0, count);
  else if (kind === Kind.decimal) readDecimal(body, at, out);
  else if (kind === Kind.float32 || kind === Kind.float64) readFloats(body, at, out, where);
  else throw damaged(where, `it holds values of the unknown kind ${kind}`);
  if (count < rows && count > 0) spread(body, out);
  return out;
};
