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
   * place, or that of what ends the last one.
   */
  run(bytes: Uint8Array, from: number, end: number, values: Float64Array, cell: number, last: number): number {
    const { delimiter, bareDecimal } = this;
    let at = from;
    for (let k = cell; k <= last; k++) {
      let i = at;
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
      if (isNone || !(mantissa < exact) || fraction > mostPower || i >= end || (c !== delimiter && c !== LF && c !== CR)) {
        this.cell = k;
        return at;
      }
      if (fraction > 0) mantissa /= powersOfTen[fraction] ?? NaN;
      values[k] = i === first ? NaN : negative ? -mantissa : mantissa;
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
