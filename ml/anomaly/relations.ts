import { covarianceOf, eigenOf } from './monitoring.ts';
import type { Rows, Stretch } from './windows.ts';

/** Row-major [inputs, inputs]: row s times the sensors' values is how far sensor s stands from what the others tell of it. */
export type Relations = readonly number[];

/** Rows over which sensors are averaged before their relations are learnt: scatter of single rows hides them. */
const AVERAGED = 5;
/** Added to the diagonal of the correlations: sensors that happened to move together in a short part are not believed to be one. */
const RIDGE = 0.05;

const averaged = ({ values, inputs }: Rows, stretches: readonly Stretch[]): Float32Array => {
  const rows = stretches.flatMap(({ from, to }) => Array.from({ length: Math.max(0, to - from - AVERAGED + 1) }, (_, at) => from + at));
  const means = new Float32Array(rows.length * inputs);
  rows.forEach((row, at) => {
    for (let input = 0; input < inputs; input++) {
      let sum = 0;
      for (let next = 0; next < AVERAGED; next++) sum += values[(row + next) * inputs + input] ?? 0;
      means[at * inputs + input] = sum / AVERAGED;
    }
  });
  return means;
};

/**
 * Each sensor from all others by ridge regression (Hoerl and Kennard 1970), all at once: with P the inverse of the correlations
 * plus the ridge, sensor s less its regression on the others is sum over j of P[s][j] x[j], over P[s][s].
 */
export const learnRelations = (rows: Rows, stretches: readonly Stretch[]): Relations => {
  const { inputs } = rows;
  const { values, vectors } = eigenOf(covarianceOf(averaged(rows, stretches), inputs));
  const inverse = (a: number, b: number): number => vectors.reduce((sum, vector, at) => sum + ((vector[a] ?? 0) * (vector[b] ?? 0)) / (Math.max(0, values[at] ?? 0) + RIDGE), 0);
  return Array.from({ length: inputs * inputs }, (_, cell) => {
    const sensor = Math.floor(cell / inputs);
    return inverse(sensor, cell % inputs) / inverse(sensor, sensor);
  });
};
