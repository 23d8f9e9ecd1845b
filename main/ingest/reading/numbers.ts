/** An integer below 2^53 divided by one of these is correctly rounded, since both are exact (W. D. Clinger, 'How to read floating point numbers accurately', 1990). */
export const powersOfTen = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/**
 * A decimal number of at most 15 digits by its bytes from..to, correctly rounded without making a string: digits as an integer,
 * divided by a power of ten. NaN where the text is anything else (exponents, blanks, words, longer numbers): ask `parseNumber` then.
 */
export const parsePlain = (bytes: Uint8Array, from: number, to: number, decimal: number): number => {
  let i = from;
  let negative = false;
  const first = bytes[i];
  if (first === 45) {
    negative = true;
    i++;
  }
  let mantissa = 0;
  let point = -1;
  const begin = i;
  for (; i < to; i++) {
    const c = bytes[i] ?? 0;
    const digit = c - 48;
    if (digit >= 0 && digit <= 9) mantissa = mantissa * 10 + digit;
    else if (c === decimal && point < 0) point = i;
    else return NaN;
  }
  const digits = to - begin - (point < 0 ? 0 : 1);
  if (digits < 1 || digits > 15) return NaN;
  if (point >= 0) mantissa /= powersOfTen[to - point - 1] ?? NaN;
  return negative ? -mantissa : mantissa;
};

const plainNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const commaNumber = /^[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d+)?$/;
const groupedByPoint = /^[+-]?\d{1,3}(?:\.\d{3})+(?:,\d*)?$/;
const groupedByComma = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/;
const groupedOtherwise = /^[+-]?\d{1,3}(?:['’\u00a0\u2009\u202f ]\d{3})+(?:[.,]\d*)?$/;

/** Full-width digits and signs, and the typographic minus, as ASCII. */
export const toAscii = (text: string): string => text.normalize('NFKC').replace(/[\u2212\u2012\u2013\u2014]/g, '-').trim();

const finite = (text: string): number => {
  const value = Number(text);
  return Number.isFinite(value) ? value : NaN;
};

/**
 * A number as plants write it: signs, bare points, exponents, and groups of three by the mark that isn't the decimal one, by an
 * apostrophe or by a blank. NaN for everything else; an infinity is no number.
 */
export const parseNumber = (text: string, decimal: '.' | ','): number => {
  if (text === '') return NaN;
  if (decimal === '.') {
    if (plainNumber.test(text)) return finite(text);
    if (groupedByComma.test(text)) return finite(text.replaceAll(',', ''));
  } else {
    if (commaNumber.test(text)) return finite(text.replace(',', '.'));
    if (groupedByPoint.test(text)) return finite(text.replaceAll('.', '').replace(',', '.'));
    if (plainNumber.test(text)) return finite(text);
  }
  if (groupedOtherwise.test(text)) return finite(text.replace(/['’\u00a0\u2009\u202f ]/g, '').replace(',', '.'));
  const ascii = toAscii(text);
  return ascii === text || ascii === '' ? NaN : parseNumber(ascii, decimal);
};
