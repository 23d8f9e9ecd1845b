/** A linear function of features. */
export interface Linear {
  readonly weights: number[];
  readonly constant: number;
}

/** Share of the mean feature variance that is added to the diagonal: keeps sensors that follow each other from cancelling out. */
const RIDGE = 1e-3;

/** Solves a symmetric positive definite system in place (Cholesky). @param matrix row-major [n, n] */
const solve = (matrix: Float64Array, right: Float64Array): Float64Array => {
  const n = right.length;
  const at = (row: number, column: number): number => matrix[row * n + column] ?? 0;
  for (let row = 0; row < n; row++)
    for (let column = 0; column <= row; column++) {
      let sum = at(row, column);
      for (let k = 0; k < column; k++) sum -= at(row, k) * at(column, k);
      matrix[row * n + column] = row === column ? Math.sqrt(Math.max(sum, 1e-12)) : sum / at(column, column);
    }
  for (let row = 0; row < n; row++) {
    let sum = right[row] ?? 0;
    for (let k = 0; k < row; k++) sum -= at(row, k) * (right[k] ?? 0);
    right[row] = sum / at(row, row);
  }
  for (let row = n - 1; row >= 0; row--) {
    let sum = right[row] ?? 0;
    for (let k = row + 1; k < n; k++) sum -= at(k, row) * (right[k] ?? 0);
    right[row] = sum / at(row, row);
  }
  return right;
};

/**
 * Ridge regression (Hoerl and Kennard 1970) by the normal equations.
 * @param features row-major [points, width]
 * @param labels [points]
 */
export const fitLinear = (features: Float32Array, labels: Float32Array, width: number): Linear => {
  const points = labels.length;
  const meanOf = (column: number): number => {
    let sum = 0;
    for (let point = 0; point < points; point++) sum += features[point * width + column] ?? 0;
    return sum / points;
  };
  const means = Array.from({ length: width }, (_, column) => meanOf(column));
  const labelMean = labels.reduce((sum, label) => sum + label, 0) / points;
  const products = new Float64Array(width * width);
  const right = new Float64Array(width);
  for (let point = 0; point < points; point++)
    for (let row = 0; row < width; row++) {
      const x = (features[point * width + row] ?? 0) - (means[row] ?? 0);
      right[row] = (right[row] ?? 0) + x * ((labels[point] ?? 0) - labelMean);
      for (let column = 0; column <= row; column++) {
        const place = row * width + column;
        products[place] = (products[place] ?? 0) + x * ((features[point * width + column] ?? 0) - (means[column] ?? 0));
      }
    }
  let trace = 0;
  for (let row = 0; row < width; row++) trace += products[row * width + row] ?? 0;
  for (let row = 0; row < width; row++) products[row * width + row] = (products[row * width + row] ?? 0) + (RIDGE * trace) / width + 1e-9;
  const weights = Array.from(solve(products, right));
  return { weights, constant: labelMean - weights.reduce((sum, weight, column) => sum + weight * (means[column] ?? 0), 0) };
};
