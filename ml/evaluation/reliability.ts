import type { EvaluationDetail } from '../documents/detail.ts';

const BINS = 10;

/**
 * Reliability of probabilities (Murphy and Winkler 1977): of the windows that were given about p, the share that failed in
 * time, with counts; the Brier score (Brier 1950); and the expected calibration error, the mean distance weighted by counts
 * (Naeini, Cooper and Hauskrecht 2015).
 * @param labels 1 or 0
 */
export const reliabilityOf = (probabilities: Float32Array, labels: Float32Array): NonNullable<EvaluationDetail['reliability']> => {
  const bins = Array.from({ length: BINS }, (_, bin) => {
    const own = [...probabilities.keys()].filter((at) => Math.min(BINS - 1, Math.floor((probabilities[at] ?? 0) * BINS)) === bin);
    const mean = (values: Float32Array): number => own.reduce((sum, at) => sum + (values[at] ?? 0), 0) / own.length;
    return { from: bin / BINS, to: (bin + 1) / BINS, points: own.length, predicted: mean(probabilities), observed: mean(labels) };
  }).filter(({ points }) => points > 0);
  const count = Math.max(1, labels.length);
  return {
    bins,
    brier: probabilities.reduce((sum, p, at) => sum + (p - (labels[at] ?? 0)) ** 2, 0) / count,
    expectedError: bins.reduce((sum, { points, predicted, observed }) => sum + points * Math.abs(predicted - observed), 0) / count,
  };
};
