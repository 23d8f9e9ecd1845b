import type { HonestyFinding } from '../../documents/honesty.ts';
import { meanOf, shareWithin, spreadOf } from '../statistics.ts';
import { cellOf, columnsOf, failedLives, findingOf, leftAt, sensorName, type FailedLife, type Subject } from '../subject.ts';

/**
 * A measurement has noise, and machines differ. A column that has the same value on every machine at the same distance from
 * its failure, or at the same share of its life, was computed from the end.
 */
const LIMITS = { left: 3e-4, share: 2e-4 } as const;
/** A machine that stops when it fails shows that in its last rows, which computes nothing. */
const LAST_STEPS = 2;
/** The age must tell this many times worse, or lives of one length would look like leaks. */
const AGE_FACTOR = 8;
const FEWEST_LIVES = 5;
const GROUPS = 200;

interface Rows {
  readonly row: number[];
  readonly age: number[];
  readonly left: number[];
  readonly share: number[];
}

const rowsBeforeTheEnd = ({ unit, steps }: FailedLife): number[] => Array.from({ length: unit.rows }, (_, row) => row).filter((row) => steps - row > LAST_STEPS);

const rowsOf = ({ prepared }: Subject): Rows => {
  const lives = failedLives(prepared.dataset);
  const rows: Rows = { row: [], age: [], left: [], share: [] };
  // Groups as fine as the shortest life's rows: coarser ones would mix a slope into the spread.
  const fineness = Math.min(GROUPS, ...lives.map(({ steps }) => Math.floor(steps)));
  for (const life of lives)
    for (const row of rowsBeforeTheEnd(life)) {
      rows.row.push(life.unit.offset + row);
      rows.age.push(row);
      rows.left.push(Math.round(leftAt(prepared.dataset, life, row)));
      rows.share.push(Math.round((fineness * row) / life.steps));
    }
  return rows;
};

/**
 * Slope within a group of shares: rows that were rounded into it differ by up to half a group, which is no noise.
 * @returns the column less what the place within its group explains
 */
const levelled = (column: readonly number[], fractions: readonly number[]): number[] => {
  const order = [...column.keys()].sort((a, b) => (fractions[a] ?? 0) - (fractions[b] ?? 0));
  const result = [...column];
  const half = Math.max(2, Math.floor(order.length / GROUPS));
  order.forEach((point, at) => {
    const near = order.slice(Math.max(0, at - half), at + half + 1);
    const x = near.map((other) => fractions[other] ?? 0);
    const y = near.map((other) => column[other] ?? 0);
    const [meanX, meanY] = [meanOf(x), meanOf(y)];
    let [product, square] = [0, 0];
    x.forEach((value, k) => {
      product += (value - meanX) * ((y[k] ?? 0) - meanY);
      square += (value - meanX) ** 2;
    });
    const slope = square > 0 ? product / square : 0;
    result[point] = (column[point] ?? 0) - (meanY + slope * ((fractions[point] ?? 0) - meanX));
  });
  return result;
};

/** Share of the column's variance that a smooth function of the share of life leaves. */
const leftByShare = (column: readonly number[], fractions: readonly number[]): number => {
  const total = spreadOf(column) ** 2;
  return total === 0 ? 1 : spreadOf(levelled(column, fractions)) ** 2 / total;
};

/** Columns that are noise-free functions of the remaining life, or of the share of the life that is over. */
export const columnsComputedFromTheEnd = (subject: Subject): HonestyFinding[] => {
  const { dataset } = subject.prepared;
  const lives = failedLives(dataset);
  if (lives.length < FEWEST_LIVES) return [];
  const rows = rowsOf(subject);
  const fractions = lives.flatMap((life) => rowsBeforeTheEnd(life).map((row) => row / life.steps));
  return columnsOf(subject.prepared).flatMap((sensor): HonestyFinding[] => {
    const column = rows.row.map((row) => cellOf(dataset, row, sensor));
    const known = [...column.keys()].filter((at) => Number.isFinite(column[at]));
    if (known.length < 0.5 * column.length) return [];
    const pick = (values: readonly number[]): number[] => known.map((at) => values[at] ?? 0);
    const own = pick(column);
    const byAge = shareWithin(own, pick(rows.age));
    const name = sensorName(dataset, sensor);
    const told = (figure: number, limit: number, of: string): HonestyFinding[] =>
      figure > limit || byAge < AGE_FACTOR * Math.max(figure, 1e-9)
        ? []
        : [findingOf('computed-from-the-end', { columns: [name], figure, limit, measure: `share of its variance that ${of} leaves unexplained`, what: `'${name}' has the same value on every machine at the same ${of}, without any noise: it was computed from the end of the life.`, remedy: `Leave '${name}' out of the training (leaveOut, --without) and train again.` })];
    const byLeft = told(shareWithin(own, pick(rows.left)), LIMITS.left, 'remaining life');
    if (byLeft.length > 0) return byLeft;
    // Sorting and fitting is dear: only where a coarse look says that it may be.
    if (shareWithin(own, pick(rows.share)) > 0.01) return [];
    return told(leftByShare(own, pick(fractions)), LIMITS.share, 'share of life');
  });
};
