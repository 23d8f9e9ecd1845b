/** Mean of the finite values; NaN without one. */
export const meanOf = (values: ArrayLike<number>): number => {
  let sum = 0;
  let count = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
};

/** Standard deviation (n - 1) of the finite values; 0 with fewer than two. */
export const spreadOf = (values: ArrayLike<number>): number => {
  const mean = meanOf(values);
  let sum = 0;
  let count = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    sum += (value - mean) ** 2;
    count++;
  }
  return count < 2 ? 0 : Math.sqrt(sum / (count - 1));
};

/** Root mean square. */
export const rmsOf = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += (values[at] ?? 0) ** 2;
  return Math.sqrt(sum / values.length);
};

/** Pearson's correlation over the pairs that are both finite; 0 with fewer than three, or where one doesn't vary. */
export const correlationOf = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  const length = Math.min(a.length, b.length);
  let [count, meanX, meanY, product, squareX, squareY] = [0, 0, 0, 0, 0, 0];
  for (let at = 0; at < length; at++) {
    const x = a[at] ?? Number.NaN;
    const y = b[at] ?? Number.NaN;
    if (!Number.isFinite(x + y)) continue;
    count++;
    // In one pass, without the cancellation of sums of squares (Welford 1962).
    const offX = x - meanX;
    const offY = y - meanY;
    meanX += offX / count;
    meanY += offY / count;
    product += offX * (y - meanY);
    squareX += offX * (x - meanX);
    squareY += offY * (y - meanY);
  }
  return count >= 3 && squareX > 0 && squareY > 0 ? product / Math.sqrt(squareX * squareY) : 0;
};

/**
 * A straight line through the values around each one, the gaps left out: noise goes, slopes stay, at the ends too. It looks
 * ahead, which only a judge of data may.
 */
export const smoothed = (values: Float64Array, half: number): Float64Array =>
  values.map((_, at) => {
    let [count, sumX, sumY, squareX, product] = [0, 0, 0, 0, 0];
    for (let other = Math.max(0, at - half); other <= Math.min(values.length - 1, at + half); other++) {
      const y = values[other] ?? Number.NaN;
      if (!Number.isFinite(y)) continue;
      const x = other - at;
      count++;
      sumX += x;
      sumY += y;
      squareX += x * x;
      product += x * y;
    }
    const spread = squareX - sumX ** 2 / count;
    const slope = spread > 0 ? (product - (sumX * sumY) / count) / spread : 0;
    return (sumY - slope * sumX) / count;
  });

/** Points of units: what is known (x), what is asked (y), and whose they are. */
export interface UnitPoints {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly unit: readonly number[];
}

const MOST_BINS = 24;
const POINTS_A_BIN = 15;

/** A line through the mean of each of some bins of x, each with as many points; it goes on beyond its ends, but not far. */
const brokenLine = (points: readonly (readonly [number, number])[]): ((x: number) => number) => {
  const sorted = [...points].sort((a, b) => a[0] - b[0]);
  const bins = Math.max(2, Math.min(MOST_BINS, Math.floor(sorted.length / POINTS_A_BIN)));
  const knots: [number, number][] = [];
  for (let bin = 0; bin < bins; bin++) {
    const own = sorted.slice(Math.round((bin * sorted.length) / bins), Math.round(((bin + 1) * sorted.length) / bins));
    if (own.length === 0) continue;
    const x = own.reduce((sum, [value]) => sum + value, 0) / own.length;
    const y = own.reduce((sum, [, value]) => sum + value, 0) / own.length;
    const last = knots[knots.length - 1];
    if (last !== undefined && x - last[0] < 1e-12 * Math.max(1, Math.abs(x))) last[1] = (last[1] + y) / 2;
    else knots.push([x, y]);
  }
  const ys = points.map(([, y]) => y);
  const [low, high] = [ys.reduce((a, b) => Math.min(a, b), Infinity), ys.reduce((a, b) => Math.max(a, b), -Infinity)];
  const reach = 0.25 * (high - low);
  return (x) => {
    if (knots.length === 1) return knots[0]?.[1] ?? 0;
    const after = knots.findIndex(([knot]) => knot >= x);
    const right = after === -1 ? knots.length - 1 : Math.max(1, after);
    const [x0, y0] = knots[right - 1] ?? [0, 0];
    const [x1, y1] = knots[right] ?? [0, 0];
    return Math.min(high + reach, Math.max(low - reach, y0 + ((y1 - y0) * (x - x0)) / (x1 - x0)));
  };
};

const FOLDS = 6;

/**
 * Errors of y as x tells it, each unit judged by a line through the others: what one column is worth on machines that it was
 * not learnt from.
 * @returns [points]: y less what x says
 */
export const unseenErrors = ({ x, y, unit }: UnitPoints): Float64Array => {
  const units = [...new Set(unit)];
  const foldOf = new Map(units.map((one, at) => [one, at % FOLDS]));
  const errors = new Float64Array(x.length);
  for (let fold = 0; fold < Math.min(FOLDS, units.length); fold++) {
    const others = x.flatMap((value, at): [number, number][] => (foldOf.get(unit[at] ?? -1) === fold ? [] : [[value, y[at] ?? 0]]));
    if (others.length === 0) continue;
    const line = brokenLine(others);
    x.forEach((value, at) => {
      if (foldOf.get(unit[at] ?? -1) === fold) errors[at] = (y[at] ?? 0) - line(value);
    });
  }
  return errors;
};

/**
 * Share of a column's variance that is left within groups of rows that have something in common (1 - eta squared, with
 * degrees of freedom): near 0 the group tells the column, near 1 it says nothing. Groups of a single row don't count.
 */
export const shareWithin = (values: readonly number[], groups: readonly number[]): number => {
  const members = new Map<number, number[]>();
  values.forEach((value, at) => {
    const group = groups[at] ?? 0;
    const list = members.get(group);
    if (list === undefined) members.set(group, [value]);
    else list.push(value);
  });
  const shared = [...members.values()].filter((list) => list.length > 1);
  const all = shared.flat();
  const total = spreadOf(all) ** 2;
  if (all.length <= shared.length || total === 0) return 1;
  const within = shared.reduce((sum, list) => {
    const mean = meanOf(list);
    return sum + list.reduce((inner, value) => inner + (value - mean) ** 2, 0);
  }, 0);
  return within / (all.length - shared.length) / total;
};
