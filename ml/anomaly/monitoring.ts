/** Multivariate monitoring by principal components, the field's usual peer: both statistics of a row over their limits. */
export interface PrincipalMonitor {
  /** [kept][inputs] */
  readonly components: number[][];
  readonly variances: number[];
  readonly t2Limit: number;
  readonly qLimit: number;
}

/** Share of the variance that the kept components carry, and share of the training rows below the limits. */
const KEPT = 0.9;
const QUANTILE = 0.999;
const SWEEPS = 50;

/** Mean products of columns, [inputs][inputs]; the covariance of values about 0. */
export const covarianceOf = (values: Float32Array, inputs: number): number[][] => {
  const rows = values.length / inputs;
  return Array.from({ length: inputs }, (_, a) =>
    Array.from({ length: inputs }, (_, b) => {
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += (values[row * inputs + a] ?? 0) * (values[row * inputs + b] ?? 0);
      return sum / rows;
    }),
  );
};

/** Turns rows and columns p and q so that their common cell becomes 0. */
const rotate = (matrix: number[][], vectors: number[][], p: number, q: number): void => {
  const at = (row: number, column: number): number => matrix[row]?.[column] ?? 0;
  if (Math.abs(at(p, q)) < 1e-14) return;
  const angle = (at(q, q) - at(p, p)) / (2 * at(p, q));
  const t = (angle >= 0 ? 1 : -1) / (Math.abs(angle) + Math.sqrt(1 + angle * angle));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  const turn = (table: number[][]): void => {
    for (const row of table) {
      const [a, b] = [row[p] ?? 0, row[q] ?? 0];
      row[p] = c * a - s * b;
      row[q] = s * a + c * b;
    }
  };
  turn(matrix);
  const [a, b] = [matrix[p]?.slice() ?? [], matrix[q]?.slice() ?? []];
  matrix[p] = a.map((value, column) => c * value - s * (b[column] ?? 0));
  matrix[q] = a.map((value, column) => s * value + c * (b[column] ?? 0));
  turn(vectors);
};

/** Eigenvalues and eigenvectors of a symmetric matrix, largest first (cyclic Jacobi). @returns vectors as rows */
export const eigenOf = (symmetric: readonly (readonly number[])[]): { values: number[]; vectors: number[][] } => {
  const size = symmetric.length;
  const matrix = symmetric.map((row) => [...row]);
  const vectors = Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, column) => Number(row === column)));
  for (let sweep = 0; sweep < SWEEPS; sweep++) for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(matrix, vectors, p, q);
  const order = matrix.map((row, at) => ({ value: row[at] ?? 0, at })).sort((a, b) => b.value - a.value);
  return { values: order.map(({ value }) => value), vectors: order.map(({ at }) => vectors.map((row) => row[at] ?? 0)) };
};

/** Hotelling's T-squared within the kept components and the squared distance Q from them (Jackson and Mudholkar 1979) of one row. */
const statisticsOf = (row: Float32Array, { components, variances }: Pick<PrincipalMonitor, 'components' | 'variances'>): { t2: number; q: number } => {
  let t2 = 0;
  let q = 0;
  for (const value of row) q += value * value;
  components.forEach((component, at) => {
    const score = component.reduce((sum, weight, input) => sum + weight * (row[input] ?? 0), 0);
    t2 += (score * score) / Math.max(variances[at] ?? 0, 1e-9);
    q -= score * score;
  });
  return { t2, q: Math.max(0, q) };
};

const quantileOf = (values: number[], share: number): number => values.sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0;

const rowAt = (values: Float32Array, inputs: number, row: number): Float32Array => values.subarray(row * inputs, (row + 1) * inputs);

/** Fits the monitor to healthy rows. @param values normalised, row-major [rows, inputs] */
export const fitPrincipalMonitor = (values: Float32Array, inputs: number): PrincipalMonitor => {
  const { values: variances, vectors } = eigenOf(covarianceOf(values, inputs));
  const whole = variances.reduce((sum, one) => sum + one, 0);
  let kept = 0;
  for (let carried = 0; kept < inputs && carried < KEPT * whole; kept++) carried += variances[kept] ?? 0;
  const parts = { components: vectors.slice(0, kept), variances: variances.slice(0, kept) };
  const told = Array.from({ length: values.length / inputs }, (_, row) => statisticsOf(rowAt(values, inputs, row), parts));
  return { ...parts, t2Limit: quantileOf(told.map(({ t2 }) => t2), QUANTILE), qLimit: quantileOf(told.map(({ q }) => q), QUANTILE) };
};

/** Score of one row: 1 where the one statistic or the other is at its limit. */
export const monitorScore = (monitor: PrincipalMonitor, row: Float32Array): number => {
  const { t2, q } = statisticsOf(row, monitor);
  return Math.max(t2 / Math.max(monitor.t2Limit, 1e-9), q / Math.max(monitor.qLimit, 1e-9));
};
