import type { Rows } from './windows.ts';

/** Mean and standard deviation of each sensor over healthy rows; a deviation of 0: constant. */
export interface Scale {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Scaled values are held within so many standard deviations: one spike must not drown a window. */
const CLIP = 10;
/** Below this share of its size a spread is float32 noise. */
const CONSTANT = 1e-6;

/** @param values row-major [rows, inputs], no NaN @param rows how many of them count, from the first */
export const fitScale = (values: Float32Array, inputs: number, rows: number): Scale => {
  const mean = new Array<number>(inputs).fill(0);
  const std = new Array<number>(inputs).fill(0);
  for (let input = 0; input < inputs; input++) {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += values[row * inputs + input] ?? 0;
    const middle = sum / rows;
    let squares = 0;
    for (let row = 0; row < rows; row++) squares += ((values[row * inputs + input] ?? 0) - middle) ** 2;
    const spread = Math.sqrt(squares / rows);
    mean[input] = middle;
    std[input] = spread > CONSTANT * Math.max(Math.abs(middle), Number.MIN_VALUE) ? spread : 0;
  }
  return { mean, std };
};

/** (value - mean) / std, held within 10; 0 for a constant sensor. */
export const scaled = ({ mean, std }: Scale, values: Float32Array): Rows => {
  const inputs = mean.length;
  return {
    inputs,
    values: values.map((value, cell) => {
      const spread = std[cell % inputs] ?? 0;
      return spread === 0 ? 0 : Math.max(-CLIP, Math.min(CLIP, (value - (mean[cell % inputs] ?? 0)) / spread));
    }),
  };
};
