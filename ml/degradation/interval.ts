import { Random } from '../dataset/random.ts';
import { quantile, type RemainingLife } from './remaining.ts';
import type { Trial } from './leaveOneOut.ts';

const DRAWS = 400;

/** How wide a central interval must be taken to keep its promise on lives that the model hasn't seen. */
export interface IntervalLevel {
  readonly nominal: number;
  /** Probability mass of the central interval that is reported. */
  readonly level: number;
  /** Lives it was calibrated on, and the share of new lives that so few can promise to cover. */
  readonly lives: number;
  readonly promised: number;
  /** Share of the trials that the uncalibrated interval of `nominal` mass held. */
  readonly coverageBefore: number;
}

/**
 * Split conformal calibration of the central interval (Vovk, Gammerman and Shafer 2005) with one random cut a life, as cuts of
 * one life are not exchangeable, averaged over draws. n lives can promise n / (n + 1) at most: where that is less than the
 * nominal, the largest miss of all lives decides, and the interval is never narrower than the nominal one.
 */
export const fitIntervalLevel = (trials: readonly Trial[], nominal: number, seed: number): IntervalLevel => {
  const byLife = [...Map.groupBy(trials, ({ life }) => life).values()].map((of) => of.map(({ share }) => Math.abs(2 * share - 1)));
  const rank = Math.min(byLife.length, Math.ceil((byLife.length + 1) * nominal));
  const random = Random.of(seed, 'interval');
  const drawn = Array.from({ length: DRAWS }, () => byLife.map((misses) => misses[random.integer(misses.length)] ?? 1).sort((one, other) => one - other)[rank - 1] ?? 1);
  return {
    nominal,
    level: Math.min(0.999, Math.max(nominal, drawn.reduce((sum, value) => sum + value, 0) / DRAWS)),
    lives: byLife.length,
    promised: Math.min(nominal, rank / (byLife.length + 1)),
    coverageBefore: trials.filter(({ share }) => Math.abs(2 * share - 1) <= nominal).length / trials.length,
  };
};

/** The central interval that holds a share `level` of a distribution, in steps. */
export const centralInterval = (distribution: RemainingLife, level: number): { low: number; high: number } => ({ low: quantile(distribution, (1 - level) / 2), high: quantile(distribution, (1 + level) / 2) });
