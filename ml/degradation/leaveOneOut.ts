import { MlError } from '../errors.ts';
import { bestPrediction } from './accuracyScore.ts';
import { baselinesAt, type Baselines } from './baselines.ts';
import { FEWEST_ROWS, type VibrationHistory } from './history.ts';
import { fitDegradation, remainingAt } from './model.ts';
import { shareBelow } from './remaining.ts';

/** One cut of a life that the model hasn't seen. */
export interface Trial {
  readonly life: string;
  /** Rows seen, and rows that were left, in steps. */
  readonly age: number;
  readonly truth: number;
  readonly predicted: number;
  /** Share of the predicted distribution below the truth: uniform if the distribution is honest. */
  readonly share: number;
  readonly baselines: Baselines;
}

/** Ages to cut a life of `rows` at: the middles of `count` equal parts of the stretch from `from` (a share of the life) to the end. */
export const cutsFrom = (rows: number, from: number, count: number): number[] =>
  Array.from({ length: count }, (_, at) => Math.round(rows * (from + ((1 - from) * (at + 0.5)) / count))).filter((age) => age >= FEWEST_ROWS && age < rows);

/**
 * Every life predicted by a model that learnt from the others, at each of its cuts.
 * @param cutsOf ages to cut a life of so many rows at
 * @param heard told which life is done
 * @throws MlError 'too-little-data' below three lives, 'training-diverged'
 */
export const leaveOneOut = async (lives: readonly VibrationHistory[], seed: number, cutsOf: (rows: number) => readonly number[], heard: (life: string) => void): Promise<Trial[]> => {
  if (lives.length < 3) throw new MlError('too-little-data', `Leaving one life out needs three lives at least; ${lives.length} given.`);
  const trials: Trial[] = [];
  for (const life of lives) {
    const others = lives.filter((other) => other !== life);
    const model = await fitDegradation(others, seed);
    const ages = cutsOf(life.rows);
    const distributions = await remainingAt(model, life, ages);
    distributions.forEach((distribution, at) => {
      const age = ages[at] ?? Number.NaN;
      const truth = life.rows - age;
      trials.push({ life: life.name, age, truth, predicted: bestPrediction(distribution).remaining, share: shareBelow(distribution, truth), baselines: baselinesAt(model, others, life, age) });
    });
    heard(life.name);
  }
  return trials;
};
