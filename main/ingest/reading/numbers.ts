/** An integer below 2^53 divided by one of these is correctly rounded, since both are exact (W. D. Clinger, 'How to read floating point numbers accurately', 1990). */
export const powersOfTen = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

const plainNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const commaNumber = /^[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d+)?$/;
const groupedByPoint = /^[+-]?\d{1,3}(?:\.\d{3})+(?:,\d*)?$/;
const groupedByComma = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/;
/** India groups by two above the thousands. */
const groupedByLakh = /^[+-]?\d{1,2}(?:,\d{2})*,\d{3}(?:\.\d*)?$/;
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
  if (decimal === '.' && groupedByLakh.test(text)) return finite(text.replaceAll(',', ''));
  return parseOdd(text, decimal);
};

/** A sign apart from its number (+   58.7), full-width digits, a minus behind the number (12,5-), Fortran's exponent (1.5D+03). */
const parseOdd = (text: string, decimal: '.' | ','): number => {
  if (/^[+-]\s+[\d.,]/.test(text)) return parseNumber(text.replace(/\s+/, ''), decimal);
  if (/^[\d.,]+-$/.test(text)) return -parseNumber(text.slice(0, -1), decimal);
  if (/^[+-]?[\d.,]+[dD][+-]?\d+$/.test(text)) return parseNumber(text.replace(/d/i, 'e'), decimal);
  const ascii = toAscii(text);
  return ascii === text || ascii === '' ? NaN : parseNumber(ascii, decimal);
};
