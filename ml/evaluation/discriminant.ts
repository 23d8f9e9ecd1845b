/**
 * A linear discriminant with a shared covariance (Fisher 1936), shrunk towards equal variances (Friedman 1989): the class whose mean is
 * nearest, where directions in which all classes vary count for little.
 */
export interface Discriminant {
  /** [classes][width] */
  readonly weights: readonly Float64Array[];
  /** [classes] */
  readonly constants: readonly number[];
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
};

/** Lower factor of a symmetric positive definite matrix given by its rows, in place (Cholesky). */
const factorise = (rows: readonly Float64Array[]): void => {
  rows.forEach((own, row) => {
    for (let column = 0; column <= row; column++) {
      const other = rows[column] ?? own;
      const rest = (own[column] ?? 0) - dot(own.subarray(0, column), other.subarray(0, column));
      own[column] = row === column ? Math.sqrt(Math.max(rest, 1e-12)) : rest / (other[column] ?? 1);
    }
  });
};

/** Solves L L' x = right. */
const solveFactored = (rows: readonly Float64Array[], right: ArrayLike<number>): Float64Array => {
  const x = Float64Array.from(right);
  rows.forEach((own, row) => (x[row] = ((x[row] ?? 0) - dot(own.subarray(0, row), x.subarray(0, row))) / (own[row] ?? 1)));
  for (let row = rows.length - 1; row >= 0; row--) {
    const own = rows[row] ?? new Float64Array();
    const value = (x[row] ?? 0) / (own[row] ?? 1);
    x[row] = value;
    for (let column = 0; column < row; column++) x[column] = (x[column] ?? 0) - (own[column] ?? 0) * value;
  }
  return x;
};

/** Solves a small square system by Gaussian elimination with pivoting; `matrix` and `right` are used up. */
const eliminate = (matrix: number[][], right: number[][]): number[][] => {
  const n = matrix.length;
  for (let pivot = 0; pivot < n; pivot++) {
    let best = pivot;
    for (let row = pivot + 1; row < n; row++) if (Math.abs(matrix[row]?.[pivot] ?? 0) > Math.abs(matrix[best]?.[pivot] ?? 0)) best = row;
    [matrix[pivot], matrix[best]] = [matrix[best] ?? [], matrix[pivot] ?? []];
    [right[pivot], right[best]] = [right[best] ?? [], right[pivot] ?? []];
    const size = matrix[pivot]?.[pivot] ?? 1;
    for (let row = 0; row < n; row++) {
      if (row === pivot) continue;
      const factor = (matrix[row]?.[pivot] ?? 0) / size;
      matrix[row] = (matrix[row] ?? []).map((value, column) => value - factor * (matrix[pivot]?.[column] ?? 0));
      right[row] = (right[row] ?? []).map((value, column) => value - factor * (right[pivot]?.[column] ?? 0));
    }
  }
  return right.map((row, at) => row.map((value) => value / (matrix[at]?.[at] ?? 1)));
};

/** The points of several fits over the same features: their products, factorised once. */
export interface DiscriminantGround {
  readonly features: Float32Array;
  readonly width: number;
  /** Products of the points by each other, [points][points]. */
  readonly products: readonly Float64Array[];
  readonly factor: readonly Float64Array[];
  readonly mean: Float64Array;
}

/**
 * Prepares fits over points: in the space of the points, so that more features than points cost no more.
 * @param features row-major [points, width], scaled to comparable spreads
 * @param shrinkage share of a feature's variance of 1 that is added to every direction
 */
export const discriminantGround = (features: Float32Array, width: number, shrinkage: number): DiscriminantGround => {
  const points = features.length / width;
  const mean = new Float64Array(width);
  for (let at = 0; at < features.length; at++) mean[at % width] = (mean[at % width] ?? 0) + (features[at] ?? 0) / points;
  const centred = features.map((value, at) => value - (mean[at % width] ?? 0));
  const row = (point: number): Float32Array => centred.subarray(point * width, (point + 1) * width);
  const products = Array.from({ length: points }, () => new Float64Array(points));
  products.forEach((own, point) => {
    for (let other = 0; other <= point; other++) {
      const product = dot(row(point), row(other));
      own[other] = product;
      const mirrored = products[other];
      if (mirrored !== undefined) mirrored[point] = product;
    }
  });
  const factor = products.map((own, point) => own.map((value, other) => value / points + (other === point ? shrinkage : 0)));
  factorise(factor);
  return { features: centred, width, products, factor, mean };
};

/** One fit. @param labels index of the class of each point; every class must occur */
export const fitDiscriminant = ({ features, width, products, factor, mean }: DiscriminantGround, labels: ArrayLike<number>, classes: number): Discriminant => {
  const points = labels.length;
  const every = Array.from({ length: classes }, (_, at) => at);
  const counts = every.map((at) => Array.from(labels).filter((label) => label === at).length);
  // Means of the classes as weights of points, and the same seen through the inverse of the whole covariance.
  const means = every.map((at) => Float64Array.from({ length: points }, (_, point) => (labels[point] === at ? 1 / (counts[at] ?? 1) : 0)));
  const through = means.map((own) => solveFactored(factor, own));
  const image = through.map((own) => Float64Array.from(products, (row) => dot(row, own)));
  const between = every.map((a) => every.map((b) => dot(means[a] ?? [], image[b] ?? [])));
  // Woodbury: from the whole covariance to that within the classes.
  const inner = eliminate(every.map((a) => every.map((b) => (a === b ? points / (counts[a] ?? 1) : 0) - (between[a]?.[b] ?? 0))), between.map((row) => [...row]));
  const ofPoints = every.map((c) => Float64Array.from({ length: points }, (_, point) => (through[c]?.[point] ?? 0) + every.reduce((sum, k) => sum + (through[k]?.[point] ?? 0) * (inner[k]?.[c] ?? 0), 0)));
  const weights = ofPoints.map((own) => {
    const weight = new Float64Array(width);
    own.forEach((share, point) => {
      for (let column = 0; column < width; column++) weight[column] = (weight[column] ?? 0) + share * (features[point * width + column] ?? 0);
    });
    return weight;
  });
  const constants = every.map((c) => {
    const half = 0.5 * dot(means[c] ?? [], Float64Array.from(products, (row) => dot(row, ofPoints[c] ?? [])));
    return Math.log((counts[c] ?? 0) / points) - half - dot(weights[c] ?? [], mean);
  });
  return { weights, constants };
};

/** Log-probability of each class, up to what is common to all: row-major [points, classes]. */
export const scoreDiscriminant = ({ weights, constants }: Discriminant, features: Float32Array): Float32Array => {
  const width = weights[0]?.length ?? 1;
  const scores = Array.from({ length: features.length / width }, (_, point) => weights.map((weight, c) => dot(weight, features.subarray(point * width, (point + 1) * width)) + (constants[c] ?? 0)));
  return Float32Array.from(scores.flat());
};
