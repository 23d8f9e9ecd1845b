import type { RemainingLife } from './remaining.ts';

/** Error in percent of the true remaining life; positive: predicted too early. */
export const errorPercent = (predicted: number, truth: number): number => (100 * (truth - predicted)) / truth;

/**
 * Score of accuracy of one prediction, 0 to 1 (IEEE PHM 2012 challenge, Nectoux et al. 2012): halved by every 20 % that the
 * failure is foretold too early, and by every 5 % too late, since a late warning is no warning.
 */
export const accuracyScore = (predicted: number, truth: number): number => {
  const error = errorPercent(predicted, truth);
  return 2 ** (error <= 0 ? error / 5 : -error / 20);
};

/**
 * The prediction with the best expected score under a distribution, and that expectation. It lies well below the median: where
 * one is unsure, it pays to err on the early side.
 */
export const bestPrediction = ({ grid, mass }: RemainingLife): { remaining: number; expected: number } => {
  let best = { remaining: Number.NaN, expected: -1 };
  for (const remaining of grid) {
    let expected = 0;
    for (let at = 0; at < grid.length; at++) expected += (mass[at] ?? 0) * accuracyScore(remaining, grid[at] ?? Number.NaN);
    if (expected > best.expected) best = { remaining, expected };
  }
  return best;
};
