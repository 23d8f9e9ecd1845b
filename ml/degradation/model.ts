import { FEWEST_ROWS, type VibrationHistory } from './history.ts';
import { healthIndicator, type HealthIndicator } from './indicator.ts';
import { fitLifePrior, logLifeDensity, type LifePrior } from './lifePrior.ts';
import { betweenClasses } from './nearness/classes.ts';
import { nearnessRatios, trainNearness, type Nearness } from './nearness/nearness.ts';
import { normalised, remainingGrid, type RemainingLife } from './remaining.ts';
import { indicatorAt, similarityLikelihood } from './similarity.ts';

/** The longest remaining life thought of, as a multiple of the longest known life. */
const LONGEST = 4;
/**
 * Power of the whole life that a cut divides its density by. 1: each life is asked about once, at an age uniform over its life;
 * 2: later ages are asked about in proportion; 0: at every age alike, long lives more often. See the README.
 */
const CUT_POWER = 1.5;
/** How far each witness of the vibration is believed, as powers of its likelihood (logarithmic pool): they see the same vibration, so the blunter one counts half. */
const POOL = { network: 1, similarity: 0.5 };

/** What is learnt from a few whole lives. */
export interface DegradationModel {
  readonly prior: LifePrior;
  readonly grid: Float64Array;
  readonly lives: readonly HealthIndicator[];
  readonly nearness: Nearness;
}

/**
 * Learns from whole lives, at best of machines of one make: how long they live, what their vibration did before the end.
 * @param lives histories whose last row is the failure
 * @throws MlError 'too-little-data' below two lives, 'training-diverged'
 */
export const fitDegradation = async (lives: readonly VibrationHistory[], seed: number): Promise<DegradationModel> => {
  const prior = fitLifePrior(lives.map(({ rows, lifeScale }) => rows / lifeScale));
  return {
    prior,
    grid: remainingGrid(LONGEST * Math.max(...lives.map(({ rows }) => rows))),
    lives: lives.map(healthIndicator),
    nearness: await trainNearness(lives, seed),
  };
};

/** Logarithm of the weight of each remaining life by age alone, over the logarithmic grid. */
const logAgePrior = ({ prior, grid }: DegradationModel, age: number, lifeScale: number): Float64Array =>
  grid.map((remaining) => {
    const life = age + remaining;
    // Density of the life itself is that of its logarithm over the life; of the remaining life's logarithm, times the remaining life.
    return Math.log(logLifeDensity(prior, life / lifeScale)) + Math.log(remaining / life) - CUT_POWER * Math.log(life);
  });

/** The distribution of the remaining life by age and operating condition alone. */
export const byAgeAlone = (model: DegradationModel, { rows, lifeScale }: VibrationHistory): RemainingLife => normalised(model.grid, logAgePrior(model, rows, lifeScale));

/**
 * Distributions of the remaining life at several ages of one machine, out of what was known at each: the age prior times the
 * pooled likelihood of the vibration.
 * @param ages rows seen so far, 1 to the history's rows; each distribution is in steps from there
 */
export const remainingAt = async (model: DegradationModel, history: VibrationHistory, ages: readonly number[]): Promise<RemainingLife[]> => {
  const indicator = healthIndicator(history);
  const ratios = await nearnessRatios(model.nearness, history, ages.map((age) => age - 1));
  return ages.map((age, at) => {
    const weights = logAgePrior(model, age, history.lifeScale);
    const ratio = ratios[at];
    if (age < FEWEST_ROWS || ratio === undefined) return normalised(model.grid, weights);
    const alike = similarityLikelihood(indicatorAt(indicator, age - 1), model.lives, model.grid);
    return normalised(
      model.grid,
      weights.map((weight, point) => weight + POOL.network * Math.log(betweenClasses(ratio, model.grid[point] ?? 1)) + POOL.similarity * Math.log(alike[point] ?? 1)),
    );
  });
};

