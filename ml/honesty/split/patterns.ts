import type { Noise } from './noise.ts';

/** Bits of one pattern: as many as a number holds exactly, less some. */
const BITS = 48;
const MOST_COLUMNS = 3;
/** Rows remembered at most. */
const MOST_ROWS = 400_000;

/** Two lives, by their places, whose noise has the same signs over a stretch; row k of the first meets row k + shift of the second. */
export interface SharedPattern {
  readonly first: number;
  readonly second: number;
  readonly shift: number;
}

/** Signs of the last rows of each column as one number, at each row; whatever scale or sign the columns have. */
const patternsOf = (noise: Noise): Float64Array => {
  const columns = noise.flatMap((column) => (column === null ? [] : [column])).slice(0, MOST_COLUMNS);
  const rows = columns[0]?.length ?? 0;
  const each = Math.floor(BITS / Math.max(1, columns.length));
  const whole = 2 ** each;
  const registers = new Float64Array(columns.length);
  const patterns = new Float64Array(rows).fill(Number.NaN);
  for (let row = 0; row < rows; row++) {
    let pattern = 0;
    columns.forEach((column, at) => {
      const bits = ((registers[at] ?? 0) * 2 + ((column[row] ?? 0) > 0 ? 1 : 0)) % whole;
      registers[at] = bits;
      // A column that was turned upside down has every sign the other way.
      pattern = pattern * whole + Math.min(bits, whole - 1 - bits);
    });
    if (row >= each) patterns[row] = pattern;
  }
  return patterns;
};

/**
 * Stretches of noise that stand in two lives, found in one pass however many lives there are (hashing of signs: Charikar 2002).
 * Each pair and shift is told once.
 */
export const sharedPatterns = (noises: readonly Noise[]): SharedPattern[] => {
  const seen = new Map<number, { life: number; row: number }>();
  const found = new Map<string, SharedPattern>();
  noises.forEach((noise, life) => {
    if (seen.size > MOST_ROWS) return;
    patternsOf(noise).forEach((pattern, row) => {
      if (Number.isNaN(pattern)) return;
      const before = seen.get(pattern);
      if (before === undefined) seen.set(pattern, { life, row });
      else if (before.life !== life) found.set(`${before.life} ${life} ${row - before.row}`, { first: before.life, second: life, shift: row - before.row });
    });
  });
  return [...found.values()];
};
