/** Remaining lives on a logarithmic grid, and how likely each is: the predictive distribution. */
export interface RemainingLife {
  /** Ascending, in steps; [points]. */
  readonly grid: Float64Array;
  /** Sums to 1; [points]. */
  readonly mass: Float64Array;
}

/** Points 2 % apart, well within the 5 % that halve the score of a late prediction. */
const POINTS = 480;
const SHORTEST = 0.5;

/** The grid from half a step to `longest` steps. */
export const remainingGrid = (longest: number): Float64Array =>
  Float64Array.from({ length: POINTS + 1 }, (_, point) => SHORTEST * (longest / SHORTEST) ** (point / POINTS));

/** A distribution out of the logarithms of weights on a grid. */
export const normalised = (grid: Float64Array, logWeights: Float64Array): RemainingLife => {
  const most = logWeights.reduce((largest, value) => Math.max(largest, value), Number.NEGATIVE_INFINITY);
  const weights = logWeights.map((value) => Math.exp(value - most));
  const sum = weights.reduce((total, value) => total + value, 0);
  return { grid, mass: weights.map((value) => value / sum) };
};

/** Share of the distribution at or below `remaining`, half of the point that holds it. */
export const shareBelow = ({ grid, mass }: RemainingLife, remaining: number): number => {
  const at = grid.findLastIndex((point) => point <= remaining);
  const below = mass.subarray(0, Math.max(0, at)).reduce((sum, share) => sum + share, 0);
  return below + (mass[at] ?? 0) / 2;
};

/** The remaining life below which a share `level` of the distribution lies, in steps. */
export const quantile = ({ grid, mass }: RemainingLife, level: number): number => {
  let below = 0;
  const at = mass.findIndex((share) => (below += share) >= level);
  return grid[at === -1 ? grid.length - 1 : at] ?? Number.NaN;
};
