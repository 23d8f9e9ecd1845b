import { FEWEST_ROWS } from './history.ts';
import type { HealthIndicator } from './indicator.ts';

/** How far apart two machines' indicators may be at the same distance from their failure: spread of the kernel, in log units. */
const SPREAD = { level: 0.3, step: 0.2, impacts: 0.3 };
/** Range that each indicator can take, in log units: density of what no known life has shown. */
const RANGE = 3;
/** Share of belief that a machine behaves like none of the known ones. */
const UNLIKE = 0.2;
/** A life may have run twice as fast or half as fast in its last part: factors on the remaining life that are averaged over. */
const PACES = [1 / 2, 2 ** (-2 / 3), 2 ** (-1 / 3), 1, 2 ** (1 / 3), 2 ** (2 / 3), 2];

/** The indicators at one row. */
export interface IndicatorAt {
  readonly level: number;
  readonly step: number;
  readonly impacts: number;
}

export const indicatorAt = (indicator: HealthIndicator, row: number): IndicatorAt => ({
  level: indicator.level[row] ?? Number.NaN,
  step: indicator.step[row] ?? Number.NaN,
  impacts: indicator.impacts[row] ?? Number.NaN,
});

const normal = (distance: number, spread: number): number => Math.exp(-0.5 * (distance / spread) ** 2) / (spread * Math.sqrt(2 * Math.PI));

const likeness = (one: IndicatorAt, other: IndicatorAt): number =>
  normal(one.level - other.level, SPREAD.level) * normal(one.step - other.step, SPREAD.step) * normal(one.impacts - other.impacts, SPREAD.impacts);

/** Mean likeness to one life around `remaining` steps before its end; null where that life is too young there. */
const likenessBefore = (now: IndicatorAt, life: HealthIndicator, remaining: number): number | null => {
  const found = PACES.flatMap((pace) => {
    const row = life.level.length - 1 - Math.round(remaining * pace);
    return row < FEWEST_ROWS ? [] : [likeness(now, indicatorAt(life, row))];
  });
  return found.length === 0 ? null : found.reduce((sum, value) => sum + value, 0) / found.length;
};

/**
 * Likelihood of the indicators now, given each remaining life on the grid: a kernel density over what the known lives showed
 * when they had that long to go, after the similarity-based prognostics of Wang, Yu, Siegel and Lee 2008. A life that was never
 * that far from its end says nothing.
 * @param grid remaining lives, in steps
 * @returns [points]
 */
export const similarityLikelihood = (now: IndicatorAt, lives: readonly HealthIndicator[], grid: Float64Array): Float64Array => {
  const broad = RANGE ** -3;
  return grid.map((remaining) => lives.reduce((sum, life) => {
    const like = likenessBefore(now, life, remaining);
    return sum + (like === null ? broad : (1 - UNLIKE) * like + UNLIKE * broad);
  }, 0) / lives.length);
};
