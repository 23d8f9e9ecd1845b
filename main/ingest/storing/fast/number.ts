import { powersOfTen } from '../../reading/numbers.ts';
import { CR, LF, ODD } from './cell.ts';

const PLUS = 43;
const MINUS = 45;
const LOWER_E = 101;
const UPPER_E = 69;

/** Whole numbers below it are exact in a double, and stay so while digits are gathered. */
const exact = 2 ** 53;
/** Powers of ten up to this one are exact, so that one division or multiplication is correctly rounded. */
const mostPower = 22;

/** Bytes that a sign, eight digits, a decimal mark, eight digits and the word behind them take. */
const longestInWords = 24;
const powers = Float64Array.of(1, 10, 100, 1000, 10_000);

/** Bits that the digits at the start of a word of four bytes, the first of them lowest, take: 0 to 32. */
const digitBits = (word: number): number => {
  const digits = word ^ 0x30303030;
  // A byte above 9 carries into its highest bit; whatever comes behind the first of them doesn't count.
  const others = ((digits + 0x76767676) | digits) & 0x80808080;
  return others === 0 ? 32 : 24 - Math.clz32(others & -others);
};

/** The number that the first `bits` of a word are, all of them digits: neighbours are put together, then pairs. */
const fourDigits = (word: number, bits: number): number => {
  if (bits === 0) return 0;
  const digits = (word ^ 0x30303030) << (32 - bits);
  const pairs = (Math.imul(digits, 10) + (digits >>> 8)) & 0x00ff00ff;
  return (Math.imul(pairs, 100) + (pairs >>> 16)) & 0xffff;
};

/** Reads numbers from bytes as `Number` would read their text, without making one. */
export class NumberScan {
  value = NaN;
  /** The cell that `run` stopped before. */
  cell = 0;
  private readonly delimiter: number;
  private readonly decimal: number;
  private readonly bareDecimal: number;

  /** Bytes of the decimal mark and of the delimiter: where they are the same, numbers with a fraction stand in quotes. */
  constructor(decimal: number, delimiter: number) {
    this.decimal = decimal;
    this.delimiter = delimiter;
    this.bareDecimal = decimal === delimiter ? ODD : decimal;
  }

  /**
   * Plain or empty cells from `cell` to `last` into `values`. Stops before the first that is neither, which `cell` tells then; returns its
   * place, or that of what ends the last one. Digits are taken four at a time, as one word each: a digit at a time, a processor guesses the
   * length of each number, and guesses wrong once a value. `view`: of the same bytes.
   */
  run(bytes: Uint8Array, view: DataView, from: number, end: number, values: Float64Array, cell: number, last: number): number {
    const { delimiter } = this;
    const safe = end - longestInWords;
    let at = from;
    for (let k = cell; k <= last; k++) {
      let i = at <= safe ? this.inWords(bytes, view, at) : ODD;
      let c = i === ODD ? ODD : (bytes[i] ?? ODD);
      if (c !== delimiter && c !== LF && c !== CR) {
        i = this.one(bytes, at, end);
        if (i === ODD) {
          this.cell = k;
          return at;
        }
        c = bytes[i] ?? LF;
      }
      values[k] = this.value;
      at = i;
      if (c !== delimiter || k === last) {
        this.cell = k + 1;
        return at;
      }
      at = i + 1;
    }
    this.cell = last + 1;
    return at;
  }

  /** A plain or empty cell into `value`, four digits at a time and at most eight on each side of the mark; returns where it ends, or ODD. */
  private inWords(bytes: Uint8Array, view: DataView, from: number): number {
    let i = from;
    let word = view.getInt32(i, true);
    const negative = (word & 0xff) === MINUS;
    if (negative) word = view.getInt32(++i, true);
    const first = i;
    let digits = digitBits(word);
    let value = fourDigits(word, digits);
    i += digits >> 3;
    if (digits === 32) {
      word = view.getInt32(i, true);
      digits = digitBits(word);
      value = value * (powers[digits >> 3] ?? 1) + fourDigits(word, digits);
      i += digits >> 3;
    }
    if (bytes[i] === this.bareDecimal) {
      const point = i++;
      word = view.getInt32(i, true);
      digits = digitBits(word);
      let power = powers[digits >> 3] ?? 1;
      value = value * power + fourDigits(word, digits);
      i += digits >> 3;
      if (digits === 32) {
        word = view.getInt32(i, true);
        digits = digitBits(word);
        const more = powers[digits >> 3] ?? 1;
        value = value * more + fourDigits(word, digits);
        power *= more;
        i += digits >> 3;
      }
      if (!(value < exact) || (point === first && i === first + 1)) return ODD;
      value /= power;
    } else if (i === first) {
      this.value = NaN;
      return negative ? ODD : i;
    }
    this.value = negative ? -value : value;
    return i;
  }

  /** A plain or empty cell of any length into `value`, digit by digit; returns the place of what ends it, ODD where it is neither. */
  private one(bytes: Uint8Array, from: number, end: number): number {
    const { delimiter, bareDecimal } = this;
    let i = from;
    let mantissa = 0;
    let point = -1;
    let c = bytes[i] ?? LF;
    const negative = c === MINUS;
    if (negative) c = bytes[++i] ?? LF;
    const first = i;
    for (;;) {
      if (c >= 48 && c <= 57) mantissa = mantissa * 10 + (c - 48);
      else if (c === bareDecimal && point < 0) point = i;
      else break;
      c = bytes[++i] ?? LF;
    }
    const fraction = point < 0 ? 0 : i - point - 1;
    const isNone = i === first ? negative : point >= 0 && i === first + 1;
    if (isNone || !(mantissa < exact) || fraction > mostPower || i >= end || (c !== delimiter && c !== LF && c !== CR)) return ODD;
    if (fraction > 0) mantissa /= powersOfTen[fraction] ?? NaN;
    this.value = i === first ? NaN : negative ? -mantissa : mantissa;
    return i;
  }

  /** Digits with at most one decimal mark from `from` on into `value`; returns where they end, or `from` where there is no such number. */
  plain(bytes: Uint8Array, from: number, end: number): number {
    const decimal = this.bareDecimal;
    let i = from;
    let mantissa = 0;
    let point = -1;
    const negative = bytes[i] === MINUS;
    if (negative) i++;
    const first = i;
    for (; i < end; i++) {
      const digit = (bytes[i] ?? 0) - 48;
      if (digit >= 0 && digit <= 9) mantissa = mantissa * 10 + digit;
      else if (bytes[i] === decimal && point < 0) point = i;
      else break;
    }
    const fraction = point < 0 ? 0 : i - point - 1;
    if (i === first || (point >= 0 && i === first + 1) || !(mantissa < exact) || fraction > mostPower) return from;
    if (fraction > 0) mantissa /= powersOfTen[fraction] ?? NaN;
    this.value = negative ? -mantissa : mantissa;
    return i;
  }

  /** A whole cell from..to that is a number with a plus, an exponent or more digits than a double holds; false where it is none of these. */
  whole(bytes: Uint8Array, from: number, to: number): boolean {
    let i = from;
    const negative = bytes[i] === MINUS;
    if (negative || bytes[i] === PLUS) i++;
    const first = i;
    let mantissa = 0;
    let point = -1;
    for (; i < to; i++) {
      const digit = (bytes[i] ?? 0) - 48;
      if (digit >= 0 && digit <= 9) mantissa = mantissa * 10 + digit;
      else if (bytes[i] === this.decimal && point < 0) point = i;
      else break;
    }
    const fraction = point < 0 ? 0 : i - point - 1;
    if (i === first || (point >= 0 && i === first + 1)) return false;
    const power = i === to ? 0 : exponentOf(bytes, i, to);
    if (Number.isNaN(power)) return false;
    const scale = power - fraction;
    if (mantissa < exact && scale <= mostPower && scale >= -mostPower) {
      const size = scale < 0 ? mantissa / (powersOfTen[-scale] ?? NaN) : mantissa * (powersOfTen[scale] ?? NaN);
      this.value = negative ? -size : size;
      return true;
    }
    this.value = Number(textOf(bytes, from, to, point));
    return Number.isFinite(this.value);
  }
}

/** The exponent that makes up from..to ('e-07'); NaN where something else stands there. */
const exponentOf = (bytes: Uint8Array, from: number, to: number): number => {
  if (bytes[from] !== LOWER_E && bytes[from] !== UPPER_E) return NaN;
  const sign = bytes[from + 1];
  const first = sign === MINUS || sign === PLUS ? from + 2 : from + 1;
  if (first >= to || to - first > 4) return NaN;
  let power = 0;
  for (let i = first; i < to; i++) {
    const digit = (bytes[i] ?? 0) - 48;
    if (digit < 0 || digit > 9) return NaN;
    power = power * 10 + digit;
  }
  return sign === MINUS ? -power : power;
};

const textOf = (bytes: Uint8Array, from: number, to: number, point: number): string => {
  let text = '';
  for (let i = from; i < to; i++) text += i === point ? '.' : String.fromCharCode(bytes[i] ?? 0);
  return text;
};
