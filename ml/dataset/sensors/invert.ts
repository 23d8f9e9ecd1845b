/** Inverse of a symmetric positive definite matrix by Cholesky's factors. @param matrix row-major [n, n] */
export const invertedSymmetric = (matrix: Float64Array, n: number): Float64Array => {
  const factor = new Float64Array(n * n);
  for (let row = 0; row < n; row++)
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * n + column] ?? 0;
      for (let k = 0; k < column; k++) sum -= (factor[row * n + k] ?? 0) * (factor[column * n + k] ?? 0);
      factor[row * n + column] = row === column ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (factor[column * n + column] ?? 1);
    }
  const inverse = new Float64Array(n * n);
  for (let column = 0; column < n; column++) {
    const solved = new Float64Array(n);
    for (let row = 0; row < n; row++) {
      let sum = row === column ? 1 : 0;
      for (let k = 0; k < row; k++) sum -= (factor[row * n + k] ?? 0) * (solved[k] ?? 0);
      solved[row] = sum / (factor[row * n + row] ?? 1);
    }
    for (let row = n - 1; row >= 0; row--) {
      let sum = solved[row] ?? 0;
      for (let k = row + 1; k < n; k++) sum -= (factor[k * n + row] ?? 0) * (solved[k] ?? 0);
      solved[row] = sum / (factor[row * n + row] ?? 1);
    }
    for (let row = 0; row < n; row++) inverse[row * n + column] = solved[row] ?? 0;
  }
  return inverse;
};
