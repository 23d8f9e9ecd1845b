/** p = sigmoid(a * logit + b) */
export interface Calibration {
  readonly a: number;
  readonly b: number;
}

/** The logistic function. */
export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const ITERATIONS = 50;

/**
 * Platt scaling (Platt 1999, with the smoothed targets and Newton steps of Lin, Lin and Weng 2007): fits a and b on windows
 * that the network was not trained on. With one class alone nothing can be fitted and the logit stays as it is.
 */
export const fitPlatt = (logits: Float32Array, labels: Float32Array): Calibration => {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) return { a: 1, b: 0 };
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (negatives + 2);
  let a = 1;
  let b = 0;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    let slopeA = 0;
    let slopeB = 0;
    let aa = 1e-6;
    let ab = 0;
    let bb = 1e-6;
    for (let at = 0; at < labels.length; at++) {
      const x = logits[at] ?? 0;
      const p = sigmoid(a * x + b);
      const error = p - (labels[at] === 1 ? high : low);
      const curve = p * (1 - p);
      slopeA += error * x;
      slopeB += error;
      aa += curve * x * x;
      ab += curve * x;
      bb += curve;
    }
    const determinant = aa * bb - ab * ab;
    const stepA = (bb * slopeA - ab * slopeB) / determinant;
    const stepB = (aa * slopeB - ab * slopeA) / determinant;
    // A step of Newton's far from the optimum may overshoot: no step longer than 1.
    const length = Math.max(1, Math.hypot(stepA, stepB));
    a -= stepA / length;
    b -= stepB / length;
    if (Math.hypot(stepA, stepB) < 1e-9) break;
  }
  return { a, b };
};
