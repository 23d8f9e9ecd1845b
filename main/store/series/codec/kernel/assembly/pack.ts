// The innermost loops of storing short decimals, in AssemblyScript: compiled to WebAssembly by `node scripts/kernel.mjs`, not by TypeScript.
// What the bytes mean stands in main/store/FORMAT.md.

/** Values that are packed with one width, and rows of a roll-up's block. */
const BLOCK: i32 = 128;
const ROLLED: i32 = 64;
/** Differences of numbers below it, zigzagged, fit 32 bits. */
const LIMIT: i32 = 1 << 30;

/** First number, smallest number, and whether differences were packed: what the last call found. */
export let first: i32 = 0;
export let least: i32 = 0;
export let isDelta: i32 = 0;

@inline
function anyOf(lanes: v128): i32 {
  return i32x4.extract_lane(lanes, 0) | i32x4.extract_lane(lanes, 1) | i32x4.extract_lane(lanes, 2) | i32x4.extract_lane(lanes, 3);
}

@inline
function highest(lanes: v128): i32 {
  return max(max(i32x4.extract_lane(lanes, 0), i32x4.extract_lane(lanes, 1)), max(i32x4.extract_lane(lanes, 2), i32x4.extract_lane(lanes, 3)));
}

@inline
function lowest(lanes: v128): i32 {
  return min(min(i32x4.extract_lane(lanes, 0), i32x4.extract_lane(lanes, 1)), min(i32x4.extract_lane(lanes, 2), i32x4.extract_lane(lanes, 3)));
}

@inline
function wordsOf(count: i32, width: i32): i32 {
  return (count * width + 31) >> 5;
}

/** Two doubles as whole numbers, in the low lanes. */
@inline
function scaled(values: v128, power: v128): v128 {
  return i32x4.trunc_sat_f64x2_s_zero(f64x2.nearest(f64x2.mul(values, power)));
}

/** Whether whole numbers, scaled back, are the doubles that they were made of, bit for bit: -0 isn't 0. */
@inline
function isBack(whole: v128, values: v128, power: v128): v128 {
  return i64x2.eq(f64x2.div(f64x2.convert_low_i32x4_s(whole), power), values);
}

/**
 * Scales values, an even number of fours, into whole numbers; and each 64 rows' lowest and highest, scaled back.
 * @returns false where one isn't a small whole number of 1 / power, bit for bit
 */
function scaleAll(values: usize, count: i32, power: f64, whole: usize, rolled: usize): bool {
  const powers = f64x2.splat(power);
  let bits = i32x4.splat(0);
  let back = i32x4.splat(-1);
  for (let from = 0; from < count; from += ROLLED) {
    const end = min(count, from + ROLLED);
    let low = i32x4.splat(i32.MAX_VALUE);
    let high = i32x4.splat(i32.MIN_VALUE);
    for (let i = from; i < end; i += 4) {
      const at = values + (<usize>i << 3);
      const firstTwo = v128.load(at);
      const otherTwo = v128.load(at, 16);
      const a = scaled(firstTwo, powers);
      const b = scaled(otherTwo, powers);
      back = v128.and(back, v128.and(isBack(a, firstTwo, powers), isBack(b, otherTwo, powers)));
      const n = i64x2.shuffle(a, b, 0, 2);
      v128.store(whole + (<usize>i << 2), n);
      bits = v128.or(bits, v128.xor(n, i32x4.shr_s(n, 31)));
      low = i32x4.min_s(low, n);
      high = i32x4.max_s(high, n);
    }
    const pair = rolled + (<usize>(from / ROLLED) << 4);
    store<f64>(pair, <f64>lowest(low) / power);
    store<f64>(pair, <f64>highest(high) / power, 8);
  }
  return i32x4.all_true(back) && <u32>anyOf(bits) < <u32>LIMIT;
}

/** Zigzags of each number's difference to the one before, and of each block the widths that they and the plain numbers take. */
function difference(whole: usize, count: i32, zigzags: usize, deltaWidths: usize, plainMost: usize): void {
  let low = i32x4.splat(load<i32>(whole));
  store<i32>(whole - 4, load<i32>(whole));
  for (let from = 0; from < count; from += BLOCK) {
    const end = min(count, from + BLOCK);
    let bits = i32x4.splat(0);
    let high = i32x4.splat(i32.MIN_VALUE);
    for (let i = from; i < end; i += 4) {
      const at = <usize>i << 2;
      const n = v128.load(whole + at);
      const d = i32x4.sub(n, v128.load(whole + at - 4));
      const zigzag = v128.xor(i32x4.shl(d, 1), i32x4.shr_s(d, 31));
      v128.store(zigzags + at, zigzag);
      bits = v128.or(bits, zigzag);
      high = i32x4.max_s(high, n);
      low = i32x4.min_s(low, n);
    }
    store<u8>(deltaWidths + (from >> 7), <u8>(32 - clz(anyOf(bits))));
    store<i32>(plainMost + ((from >> 7) << 2), highest(high));
  }
  least = lowest(low);
}

/** Packs numbers, less `base`, of `width` bits each, lowest bits first; a word is written once, when it is full. */
@inline
function packBlock(numbers: usize, count: i32, base: i32, width: i32, out: usize): void {
  let gathered: u64 = 0;
  let bits: i32 = 0;
  let word = out;
  for (let i = 0; i < count; i++) {
    gathered |= <u64><u32>(load<i32>(numbers + (<usize>i << 2)) - base) << <u64>bits;
    bits += width;
    if (bits >= 32) {
      store<u32>(word, <u32>gathered);
      word += 4;
      gathered >>= 32;
      bits -= 32;
    }
  }
  if (bits > 0) store<u32>(word, <u32>gathered);
}

/**
 * Packs a column without holes of decimals that are small whole numbers once they are scaled.
 * @param values [count] doubles, the last one repeated up to a multiple of four
 * @param whole, zigzags room for as many whole numbers of 32 bits, 16 bytes before the first as well
 * @param rolled receives lowest and highest of every 64 rows: two doubles each
 * @param widths [blocks] receives the width of each block of 128
 * @param room [blocks] words to work with
 * @param out receives the packed words
 * @param most bytes that widths and words may take in all
 * @returns the words in `out`; -1 where the values are no such numbers, all alike, or take too much room
 */
export function pack(values: usize, count: i32, power: f64, whole: usize, zigzags: usize, rolled: usize, widths: usize, room: usize, out: usize, most: i32): i32 {
  const padded = (count + 3) & ~3;
  if (!scaleAll(values, padded, power, whole, rolled)) return -1;
  difference(whole, padded, zigzags, widths, room);
  first = load<i32>(whole);
  const blocks = (count + BLOCK - 1) / BLOCK;
  let deltaWords = 0;
  let plainWords = 0;
  for (let block = 0; block < blocks; block++) {
    const rows = min(BLOCK, count - block * BLOCK);
    deltaWords += wordsOf(rows, load<u8>(widths + block));
    plainWords += wordsOf(rows, 32 - clz(load<i32>(room + (block << 2)) - least));
  }
  if (deltaWords == 0) return -1;
  isDelta = deltaWords < plainWords ? 1 : 0;
  const words = isDelta ? deltaWords : plainWords;
  if (((blocks + 3) & ~3) + words * 4 > most) return -1;
  const numbers = isDelta ? zigzags : whole;
  const base = isDelta ? 0 : least;
  let word = out;
  for (let block = 0; block < blocks; block++) {
    if (!isDelta) store<u8>(widths + block, <u8>(32 - clz(load<i32>(room + (block << 2)) - least)));
    const width = <i32>load<u8>(widths + block);
    const rows = min(BLOCK, count - block * BLOCK);
    if (width > 0) packBlock(numbers + (<usize>(block * BLOCK) << 2), rows, base, width, word);
    word += <usize>wordsOf(rows, width) << 2;
  }
  return words;
}
