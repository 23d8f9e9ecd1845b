/** Values that are packed with one width; 128 of any width fill whole 32-bit words, so every block begins at a word. */
export const BLOCK = 128;

const TWO_32 = 4294967296;

/** Bits that hold every whole number from 0 to `max` (below 2^53). */
export const widthOf = (max: number): number => (max < TWO_32 ? 32 - Math.clz32(max) : 64 - Math.clz32(Math.floor(max / TWO_32)));

/** 32-bit words that `count` values of `width` bits take: above 32 bits, the low halves as words, then the high bits packed. */
export const wordsOf = (count: number, width: number): number => (width <= 32 ? Math.ceil((count * width) / 32) : count + Math.ceil((count * (width - 32)) / 32));

/** Values below 2^32 into words, which must be zero there. */
const packNarrow = (values: Float64Array, from: number, count: number, width: number, words: Uint32Array, at: number, divisor: number): void => {
  let bit = at * 32;
  for (let i = from; i < from + count; i += 1) {
    const value = divisor === 1 ? (values[i] ?? 0) >>> 0 : Math.floor((values[i] ?? 0) / divisor);
    const word = bit >>> 5;
    const offset = bit & 31;
    words[word] = (words[word] ?? 0) | (value << offset);
    if (offset + width > 32) words[word + 1] = value >>> (32 - offset);
    bit += width;
  }
};

/**
 * Packs `count` whole numbers (0 to 2^53 - 1) of `width` bits each, lowest bits first.
 * @param words little-endian words, zero from `at` on
 * @returns the word after the last one used
 */
export const pack = (values: Float64Array, from: number, count: number, width: number, words: Uint32Array, at: number): number => {
  if (width === 0) return at;
  if (width <= 32) {
    packNarrow(values, from, count, width, words, at, 1);
    return at + wordsOf(count, width);
  }
  for (let i = 0; i < count; i += 1) words[at + i] = (values[from + i] ?? 0) % TWO_32;
  packNarrow(values, from, count, width - 32, words, at + count, TWO_32);
  return at + wordsOf(count, width);
};

/** Values of at most 32 bits out of words. */
export const unpackNarrow = (words: Uint32Array, at: number, count: number, width: number, out: Uint32Array): void => {
  const mask = width === 32 ? 0xffffffff : (1 << width) - 1;
  let word = at;
  let offset = 0;
  for (let i = 0; i < count; i += 1) {
    let value = (words[word] ?? 0) >>> offset;
    offset += width;
    if (offset >= 32) {
      word += 1;
      offset -= 32;
      // The shift is below 32 since some bits of the value lie in the next word exactly when offset > 0.
      if (offset > 0) value |= (words[word] ?? 0) << (width - offset);
    }
    out[i] = value & mask;
  }
};

const low = new Uint32Array(BLOCK);

/**
 * Values of more than 32 bits out of words; `count` is at most BLOCK.
 * @param out receives whole numbers below 2^53
 */
export const unpackWide = (words: Uint32Array, at: number, count: number, width: number, out: Float64Array): void => {
  unpackNarrow(words, at + count, count, width - 32, low);
  for (let i = 0; i < count; i += 1) out[i] = (low[i] ?? 0) * TWO_32 + (words[at + i] ?? 0);
};
