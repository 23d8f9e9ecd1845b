import { medianOf } from '../dataset/grid.ts';
import type { PrognosticQuality } from '../documents/detail.ts';
import type { JudgedLife } from './judgedLives.ts';

/** Allowed distance from the truth, as a share of it. */
const ALPHA = 0.2;
const LAMBDAS = [0.25, 0.5, 0.75, 0.9] as const;

/** The windows of a life at which the true remaining life is below the cap: above it no model is asked for more than 'long'. */
const known = ({ windows, left }: JudgedLife, predicted: Float32Array, cap: number): { left: number; said: number }[] =>
  (left ?? []).flatMap((steps, at) => (steps <= cap ? [{ left: steps, said: predicted[windows[at] ?? 0] ?? Number.NaN }] : []));

/**
 * alpha-lambda accuracy and prognostic horizon (Saxena et al. 2010). lambda runs from the first window at which the remaining
 * life is below the cap (0) to the failure (1); at each lambda a life counts where the prediction lies within alpha of the
 * true remaining life. The horizon is the remaining life from which on all predictions lie within alpha of the life's length.
 * @param predicted steps
 * @returns null where no life ran to its failure
 */
export const prognosticQuality = (lives: readonly JudgedLife[], predicted: Float32Array, cap: number, stepInUnit: number): PrognosticQuality | null => {
  const failed = lives.flatMap((life) => {
    const points = known(life, predicted, cap);
    return life.steps === null || points.length < 2 ? [] : [{ steps: life.steps, points }];
  });
  if (failed.length === 0) return null;
  const accuracy = LAMBDAS.map((lambda) => {
    const within = failed.map(({ points }) => {
      const from = points[0]?.left ?? 0;
      const wanted = (1 - lambda) * from;
      const nearest = points.reduce((best, point) => (Math.abs(point.left - wanted) < Math.abs(best.left - wanted) ? point : best), points[0] ?? { left: 0, said: 0 });
      return Math.abs(nearest.said - nearest.left) <= ALPHA * nearest.left;
    });
    return { lambda, lives: failed.length, within: within.filter((one) => one).length / failed.length };
  });
  const horizons = failed.flatMap(({ steps, points }) => {
    const lastOutside = points.findLastIndex(({ left, said }) => Math.abs(said - left) > ALPHA * steps);
    const first = points[lastOutside + 1];
    return first === undefined ? [] : [first.left * stepInUnit];
  });
  return { alpha: ALPHA, accuracy, horizon: horizons.length === 0 ? null : medianOf(horizons), livesWithHorizon: horizons.length, lives: failed.length };
};
