/**
 * Readings of plants are short decimals whose binary fractions look like noise: 21.7 is a whole number of tenths. Here they become whole numbers
 * again, where that gives the double back bit for bit (the idea of ALP, Afroozeh et al. 2023, with division, which is correctly rounded, instead of multiplication).
 */

/** Powers of ten that a double holds exactly and that a reading is scaled by. */
export const POWERS = Float64Array.from({ length: 13 }, (_, e) => 10 ** e);
const MAX_EXPONENT = POWERS.length - 1;

/** Scaled readings stay below it, so that differences, zigzagged, stay below 2^53. */
const LIMIT = 2 ** 51;

/** Values looked at to guess the exponent of the rest. */
const SAMPLE = 32;

/** What an exception costs beside a packed value, in bits: its index and its double. */
const EXCEPTION_BITS = 96;
/** More than one in so many, and the readings are no decimals. */
const EXCEPTION_SHARE = 16;

/** v as a whole number of 10^-e, or NaN when that doesn't give v back bit for bit. */
const scaled = (v: number, power: number): number => {
  const whole = Math.round(v * power);
  if (!(whole < LIMIT && whole > -LIMIT) || whole / power !== v) return NaN;
  // -0 equals 0, and isn't the same bits.
  return whole === 0 && 1 / v < 0 ? NaN : whole;
};

/** The smallest exponent from `from` on that gives v back, or MAX_EXPONENT + 1. */
const exponentOf = (v: number, from: number): number => {
  for (let e = from; e <= MAX_EXPONENT; e += 1) if (!Number.isNaN(scaled(v, POWERS[e] ?? 1))) return e;
  return MAX_EXPONENT + 1;
};

/** The exponent whose wider values and exceptions cost least. `counts[e]`: values that need e. */
const cheapest = (counts: Uint32Array, total: number): number => {
  let best = 0;
  let least = Infinity;
  let covered = 0;
  for (let e = 0; e <= MAX_EXPONENT; e += 1) {
    const here = counts[e] ?? 0;
    covered += here;
    if (here === 0) continue;
    const cost = total * e * Math.log2(10) + (total - covered) * EXCEPTION_BITS;
    if (cost < least) [best, least] = [e, cost];
  }
  return best;
};

/** The exponent that most of 32 of the values show; -1 where they are no decimals. */
export const guess = (values: Float64Array, count: number): number => {
  const counts = new Uint32Array(MAX_EXPONENT + 2);
  const stride = Math.max(1, Math.floor(count / SAMPLE));
  let seen = 0;
  for (let i = 0; i < count; i += stride, seen += 1) {
    const e = exponentOf(values[i] ?? 0, 0);
    counts[e] = (counts[e] ?? 0) + 1;
  }
  return (counts[MAX_EXPONENT + 1] ?? 0) * 2 > seen ? -1 : cheapest(counts, seen);
};

const chooseExponent = (values: Float64Array, count: number, start: number): number => {
  const power = POWERS[start] ?? 1;
  const counts = new Uint32Array(MAX_EXPONENT + 2);
  let passed = 0;
  for (let i = 0; i < count; i += 1) {
    const v = values[i] ?? 0;
    if (Math.round(v * power) / power === v) {
      passed += 1;
      continue;
    }
    const e = exponentOf(v, start + 1);
    counts[e] = (counts[e] ?? 0) + 1;
  }
  if (passed === count) return start;
  counts[start] = passed;
  return cheapest(counts, count);
};

/** Readings as whole numbers of 10^-exponent. */
export interface Scaled {
  readonly exponent: number;
  /** Indexes of the readings that aren't such numbers; in their places stands the number before. */
  readonly exceptions: number[];
}

/** Scales all values by a power as guessed; false at the first that it doesn't give back. */
const scaleAll = (values: Float64Array, count: number, power: number, out: Float64Array): boolean => {
  for (let i = 0; i < count; i += 1) {
    const v = values[i] ?? 0;
    const whole = Math.round(v * power);
    if (whole / power !== v || whole >= LIMIT || whole <= -LIMIT || (whole === 0 && 1 / v < 0)) return false;
    out[i] = whole;
  }
  return true;
};

/**
 * Scales `count` values into `out`.
 * @returns null when they are no decimals of at most 12 places
 */
export const scaleDecimals = (values: Float64Array, count: number, out: Float64Array): Scaled | null => {
  const guessed = guess(values, count);
  if (guessed < 0) return null;
  if (scaleAll(values, count, POWERS[guessed] ?? 1, out)) return { exponent: guessed, exceptions: [] };
  const exponent = chooseExponent(values, count, guessed);
  const power = POWERS[exponent] ?? 1;
  const exceptions: number[] = [];
  const most = Math.floor(count / EXCEPTION_SHARE);
  let before = 0;
  for (let i = 0; i < count; i += 1) {
    const whole = scaled(values[i] ?? 0, power);
    if (Number.isNaN(whole)) {
      exceptions.push(i);
      if (exceptions.length > most) return null;
    } else {
      before = whole;
    }
    out[i] = before;
  }
  return { exponent, exceptions };
};
