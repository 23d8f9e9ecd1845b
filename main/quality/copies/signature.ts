import type { SensorId } from '../../contract/values.ts';
import type { SeriesInfo, SeriesStore } from '../../store/series/series.ts';

/** Some readings of one sensor at places of the axis that every sensor of a like span has. */
export interface Signature {
  /** Says at which positions the readings stand: only sensors with the same key can be copies. */
  readonly key: string;
  readonly values: Float64Array;
  /** Where it lies among those of its key: the same for a copy, whatever its scale, offset and sign. */
  readonly place: number;
}

/** Readings in the coarser of the two lattices; the finer one has twice as many. */
const LEAST_ANCHORS = 12;
/** Fewer different values say nothing: switches of two machines are often alike. */
const LEAST_DISTINCT = 8;

/** Fixed weights without a pattern: the fractional parts of multiples of the golden ratio (Weyl 1916). */
const weightOf = (i: number): number => 2 * ((0.5 + i * 0.6180339887498949) % 1) - 1;

const placeOf = (values: Float64Array): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const norm = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0));
  let place = 0;
  for (let i = 0; i < values.length; i += 1) place += (weightOf(i) * ((values[i] ?? 0) - mean)) / norm;
  return Math.abs(place);
};

/** Part of the variance of one that the other may leave unexplained: what rounding makes. */
const UNLIKE = 1e-3;

/** Whether one follows from the other linearly, but for rounding: their correlation (Pearson) is next to 1 or -1. */
export const isAlike = (a: Float64Array, b: Float64Array): boolean => {
  const meanA = a.reduce((sum, value) => sum + value, 0) / a.length;
  const meanB = b.reduce((sum, value) => sum + value, 0) / b.length;
  let [cross, squareA, squareB] = [0, 0, 0];
  for (let i = 0; i < a.length; i += 1) {
    const fromA = (a[i] ?? 0) - meanA;
    const fromB = (b[i] ?? 0) - meanB;
    cross += fromA * fromB;
    squareA += fromA ** 2;
    squareB += fromB ** 2;
  }
  return cross ** 2 >= (1 - UNLIKE) * squareA * squareB;
};

const onLattice = (series: Pick<SeriesStore, 'readPage'>, sensor: SensorId, first: number, last: number, step: number): Signature | null => {
  const positions: number[] = [];
  const values: number[] = [];
  for (let anchor = Math.ceil(first / step); anchor * step + step <= last; anchor += 1) {
    const { positions: [at], values: [value] } = series.readPage({ sensor, from: anchor * step, after: false, to: anchor * step + step, limit: 1 });
    if (at === undefined || value === undefined) continue;
    positions.push(at);
    values.push(value);
  }
  if (new Set(values).size < LEAST_DISTINCT) return null;
  const read = Float64Array.from(values);
  return { key: `${step} ${positions.join(' ')}`, values: read, place: placeOf(read) };
};

/** Signatures on two lattices of steps that are powers of two: copies whose spans differ a little still share one. */
export const signaturesOf = (series: Pick<SeriesStore, 'readPage'>, sensor: SensorId, { first, last }: SeriesInfo): Signature[] => {
  if (first === null || last === null || !(last > first)) return [];
  const step = 2 ** Math.floor(Math.log2((last - first) / LEAST_ANCHORS));
  return [step, step / 2].flatMap((one) => onLattice(series, sensor, first, last, one) ?? []);
};
