// The innermost loop of reading logs, in AssemblyScript: compiled to WebAssembly by `node scripts/kernel.mjs`, not by TypeScript.
//
// Ends of cells are looked for 64 bytes at a time, so that where a cell ends is known before the one before it is read; then up to eight
// digits are put together by three multiplications (Lemire and Langdale, "Parsing gigabytes of JSON per second", 2019, tell both ways).

/** Powers of ten that a mantissa is divided by; all exact, so that the quotient is correctly rounded (Clinger 1990). */
const POWERS: StaticArray<f64> = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16];
const ZEROS: u64 = 0x3030303030303030;
const ONES: u64 = 0x0101010101010101;
const TOPS: u64 = 0x8080808080808080;
/** Whole numbers below it are exact in a double. */
const EXACT: u64 = 1 << 53;
const TAB: u8 = 9;
const LF: u8 = 10;
const CR: u8 = 13;
const BLANK: u8 = 32;
const QUOTE: u8 = 34;
const MINUS: u8 = 45;

/** What a cell is for. */
const VALUE: u8 = 1;
const TIME: u8 = 2;

/** Where the record begins that the last call stopped before. */
export let at: usize = 0;

// The 64 bytes that are looked at, and the ends of cells in them that were not passed yet.
let block: usize = 0;
let ends: u64 = 0;

/** The number that was read last. */
let value: f64 = 0;

/** Highest bits of the bytes that are no digits. */
@inline
function others(digits: u64): u64 {
  return ((digits + 0x7676767676767676) | digits) & TOPS;
}

/** Highest bits of the bytes that are 0; above the lowest of them some may be set that aren't. */
@inline
function zeroBytes(bytes: u64): u64 {
  return (bytes - ONES) & ~bytes & TOPS;
}

/** Eight digits, the first of them lowest, as a number. */
@inline
function eight(digits: u64): u64 {
  const pairs = digits * 10 + (digits >> 8);
  return ((pairs & 0x000000ff000000ff) * 0x000f424000000064 + ((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001) >> 32;
}

/** Takes the byte out whose lowest bit is `bits`: those before it move up to it. */
@inline
function without(bytes: u64, bits: u64): u64 {
  const before: u64 = (<u64>1 << bits) - 1;
  return (bytes & ~(before | (<u64>0xff << bits))) | ((bytes & before) << 8);
}

@inline
function endsIn(from: usize, delimiters: v128): u64 {
  let found: u64 = 0;
  for (let k: usize = 0; k < 4; k++) {
    const bytes = v128.load(from + (k << 4));
    const hits = v128.or(i8x16.eq(bytes, delimiters), v128.or(i8x16.eq(bytes, i8x16.splat(LF)), i8x16.eq(bytes, i8x16.splat(CR))));
    found |= <u64>(<u32>i8x16.bitmask(hits)) << (k << 4);
  }
  return found;
}

/** The next delimiter or line end; line ends behind the bytes end every search. */
@inline
function nextEnd(delimiters: v128): usize {
  while (ends == 0) {
    block += 64;
    ends = endsIn(block, delimiters);
  }
  const found = block + <usize>ctz(ends);
  ends &= ends - 1;
  return found;
}

/** Reads the number in from..end, digits with at most one decimal mark and a minus before them, into `value`; false for anything else. */
@inline
function readNumber(from: usize, end: usize, mark: u64): bool {
  const negative = load<u8>(from) == MINUS;
  const length = <i32>(end - from) - <i32>negative;
  let mantissa: u64 = 0;
  let places: i32 = 0;
  if (length <= 8) {
    if (length < 1) return false;
    const unused = <u64>(64 - (length << 3));
    let digits = ((load<u64>(end - 8) ^ ZEROS) >> unused) << unused;
    const found = zeroBytes(digits ^ mark);
    if (found != 0) {
      if (length == 1) return false;
      const bits = <u64>ctz(found) & 0x38;
      places = 7 - <i32>(bits >> 3);
      digits = without(digits, bits);
    }
    if (others(digits) != 0) return false;
    mantissa = eight(digits);
  } else {
    if (length > 16) return false;
    const unused = <u64>(128 - (length << 3));
    let high = load<u64>(end - 8) ^ ZEROS;
    let low = ((load<u64>(end - 16) ^ ZEROS) >> unused) << unused;
    const inLow = zeroBytes(low ^ mark);
    const inHigh = zeroBytes(high ^ mark);
    if (inLow != 0) {
      const bits = <u64>ctz(inLow) & 0x38;
      places = 15 - <i32>(bits >> 3);
      low = without(low, bits);
    } else if (inHigh != 0) {
      const bits = <u64>ctz(inHigh) & 0x38;
      places = 7 - <i32>(bits >> 3);
      high = without(high, bits) | (low >> 56);
      low <<= 8;
    }
    if ((others(high) | others(low)) != 0) return false;
    mantissa = eight(low) * 100_000_000 + eight(high);
    if (mantissa >= EXACT) return false;
  }
  const size = <f64>mantissa / unchecked(POWERS[places]);
  value = negative ? -size : size;
  return true;
}

/** Passes over delimiters that stand behind the last cell with nothing between them, and the line's end; returns where the next record begins, or 0. */
@inline
function passLineEnd(last: usize, delimiters: v128, delimiter: u8): usize {
  let end = last;
  let c = load<u8>(end);
  while (c == delimiter) {
    const next = nextEnd(delimiters);
    if (next != end + 1) return 0;
    end = next;
    c = load<u8>(end);
  }
  if (c == LF) return end + 1;
  if (load<u8>(end + 1) != LF) return 0;
  nextEnd(delimiters);
  return end + 2;
}

/**
 * Reads records in wide form, as far as they are plain: every value's cell empty or a plain number that isn't among those that stand for
 * 'no value', no cell in quotes. Stops before the first that isn't, or isn't whole.
 * @param from where the first record begins; 16 bytes before it can be read
 * @param end where the bytes end; behind it stand 128 line ends
 * @param limit no record that begins here or behind it is read
 * @param most records at most
 * @param roles [width] what each cell is for: 1 a value, 2 the time, else nothing
 * @param beginnings [256] whether a record begins with a byte
 * @param values [values of a record][stride bytes]: column by column, a double a record
 * @param places [most] where each record begins, and where its time's cell begins and ends: three words of 32 bits
 * @param missing [missings] doubles that stand for 'no value'
 * @returns how many records were read; `at` is where the next begins
 */
export function readWide(from: usize, end: usize, limit: usize, most: i32, width: i32, roles: usize, beginnings: usize, delimiter: u8, decimal: u8, values: usize, stride: usize, places: usize, missing: usize, missings: i32): i32 {
  const delimiters = i8x16.splat(delimiter);
  const mark = <u64>(decimal ^ 0x30) * ONES;
  const last = width - 1;
  at = from;
  block = from & ~63;
  ends = endsIn(block, delimiters) & (<u64>-1 << <u64>(from & 63));
  for (let row = 0; row < most; row++) {
    if (at >= limit || load<u8>(beginnings + load<u8>(at)) == 0) return row;
    const place = places + <usize>row * 12;
    let start = at;
    let out = values + (<usize>row << 3);
    store<u32>(place, <u32>at);
    for (let cell = 0; cell < width; cell++) {
      const stop = nextEnd(delimiters);
      const role = load<u8>(roles + cell);
      if (cell < last && load<u8>(stop) != delimiter) return row;
      if (role == VALUE) {
        if (stop == start) value = NaN;
        else {
          if (!readNumber(start, stop, mark)) return row;
          for (let k = 0; k < missings; k++) if (value == load<f64>(missing + (k << 3))) return row;
        }
        store<f64>(out, value);
        out += stride;
      } else if (role == TIME) {
        store<u32>(place, <u32>start, 4);
        store<u32>(place, <u32>stop, 8);
      } else if (stop > start) {
        const first = load<u8>(start);
        if (first == QUOTE || first == BLANK || first == TAB) return row;
      }
      start = cell < last ? stop + 1 : passLineEnd(stop, delimiters, delimiter);
    }
    if (start == 0 || start > end) return row;
    at = start;
  }
  return most;
}
