import type { Random } from '../dataset/random.ts';
import type { AxisFeatures, VibrationHistory } from '../degradation/history.ts';

/** A simulated life: noise of a run-in bearing until the last stage, in which vibration grows `growth`-fold and turns impulsive. */
export interface BearingPlan {
  readonly name: string;
  readonly rows: number;
  /** Rows of the last stage. */
  readonly stage: number;
  readonly growth: number;
  /** Rms of the healthy bearing. */
  readonly healthy: number;
}

const RUN_IN = 20;

const axis = ({ rows, stage, growth, healthy }: BearingPlan, random: Random): AxisFeatures => {
  const wear = Float64Array.from({ length: rows }, (_, row) => Math.max(0, 1 - (rows - 1 - row) / stage));
  const rms = wear.map((share, row) => healthy * (1 + 0.5 * Math.exp(-row / RUN_IN)) * (share > 0 ? 1.5 * growth ** share : 1) * Math.exp(0.03 * random.normal()));
  const kurtosis = wear.map((share) => 3 * Math.exp(0.8 * share + 0.05 * random.normal()));
  return { rms, kurtosis, peak: rms.map((value, row) => value * 3.5 * Math.exp(0.5 * (wear[row] ?? 0) + 0.05 * random.normal())) };
};

/** A simulated run to failure on two axes. */
export const simulatedBearing = (plan: BearingPlan, random: Random): VibrationHistory => ({ name: plan.name, rows: plan.rows, axes: [axis(plan, random), axis(plan, random)], lifeScale: 1 });

/** A small fleet of different lives, loudness and last stages. */
export const simulatedBearings = (random: Random, lives: readonly number[] = [420, 560, 700, 900]): VibrationHistory[] =>
  lives.map((rows, at) => simulatedBearing({ name: `B${at + 1}`, rows, stage: 30 + 6 * at, growth: 3 + at, healthy: 0.2 + 0.1 * at }, random));
