import { meanOf, spreadOf } from '../statistics.ts';

/**
 * Two machines share how they wear, never their noise. What is left of a sensor when its slow part is taken away agrees
 * between two lives only where one is a copy of the other: scaled, shifted, with noise added, resampled or cut.
 */
export const LIMIT = 0.4;
/** Standard errors above what columns give by chance: hundreds of thousands of pairs and places are looked at. */
const STANDARD_ERRORS = 6.5;
/** Rows that say as much as one independent row: what is left without the slow part swings to and fro (1 + 2 * (4/9 + 1/36)). */
const ROWS_FOR_ONE = 1.94;
/** Rows that must overlap. */
export const LEAST_ROWS = 16;
/** Share of the rows in which a column may stand still. */
const MOST_STILL = 0.4;

/** The noise of a life: per column what remains of it without its slow part, scaled to spread 1; null where nothing does. */
export type Noise = readonly (Float64Array | null)[];

export const noiseOf = (column: Float64Array): Float64Array | null => {
  const rough = column.map((value, row) => {
    const before = column[row - 1] ?? Number.NaN;
    const after = column[row + 1] ?? Number.NaN;
    return value - (before + after) / 2;
  });
  const spread = spreadOf(rough);
  const whole = spreadOf(column);
  if (!(spread > 1e-6 * Math.max(1e-9, whole))) return null;
  // A value that is held, or a switch, has no noise but some jumps, which agree by chance.
  if (rough.filter((value) => Math.abs(value) < 1e-3 * spread).length > MOST_STILL * rough.length) return null;
  // A jump (a change of load, a spike) must not be all that is compared.
  return rough.map((value) => Math.max(-4, Math.min(4, value / spread)));
};

export interface Agreement {
  /** Mean correlation over the columns. */
  readonly mean: number;
  readonly columns: number;
  /** Root of the columns' summed squared Fisher z (Fisher 1915): about sqrt(columns) by chance. */
  readonly strength: number;
}

/** Agreement where row k of `a` meets row k + shift of `b`. */
export const agreementAt = (a: Noise, b: Noise, shift: number): Agreement => {
  const correlations: number[] = [];
  let squares = 0;
  a.forEach((own, column) => {
    const other = b[column];
    if (own === null || other === null || other === undefined) return;
    let [product, squareA, squareB, count] = [0, 0, 0, 0];
    for (let at = Math.max(0, -shift); at < Math.min(own.length, other.length - shift); at++) {
      const x = own[at] ?? Number.NaN;
      const y = other[at + shift] ?? Number.NaN;
      if (Number.isNaN(x) || Number.isNaN(y)) continue;
      product += x * y;
      squareA += x * x;
      squareB += y * y;
      count++;
    }
    if (count < LEAST_ROWS || squareA === 0 || squareB === 0) return;
    const correlation = product / Math.sqrt(squareA * squareB);
    correlations.push(correlation);
    squares += Math.atanh(Math.max(-0.9999, Math.min(0.9999, correlation))) ** 2 * Math.max(1, count / ROWS_FOR_ONE - 3);
  });
  return { mean: correlations.length === 0 ? 0 : meanOf(correlations.map(Math.abs)), columns: correlations.length, strength: Math.sqrt(squares) };
};

/** @param alike how many columns are worth one, since a machine's own load moves several of them */
export const isCopy = ({ mean, columns, strength }: Agreement, alike: number): boolean => columns > 0 && mean > LIMIT && strength / Math.sqrt(alike) > Math.sqrt(columns / alike) + STANDARD_ERRORS;

/** Rows in which two lives must overlap: a copy shares more than a corner of the shorter one, where a few jumps agree easily. */
export const leastOverlap = (lengthA: number, lengthB: number): number => Math.max(LEAST_ROWS, Math.ceil(0.4 * Math.min(lengthA, lengthB)));

/** The best agreement of two lives over all shifts at which they overlap enough. */
export const bestAgreement = (a: Noise, b: Noise, lengthA: number, lengthB: number, stride: number): Agreement => {
  let best: Agreement = { mean: 0, columns: 0, strength: 0 };
  const least = leastOverlap(lengthA, lengthB);
  for (let shift = least - lengthA; shift <= lengthB - least; shift += stride) {
    const found = agreementAt(a, b, shift);
    if (found.strength > best.strength) best = found;
  }
  return best;
};
