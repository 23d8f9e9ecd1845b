import { MlError } from '../errors.ts';

/** Belief in the spread of log lives before any was seen: rolling bearings of one make scatter about twofold (Weibull shape 1.1 to 1.5), worth one life. */
const PRIOR_SPREAD = 0.7;
const PRIOR_LIVES = 1;

/** Student's t over the logarithm of the life of one more machine. */
export interface LifePrior {
  readonly centre: number;
  readonly scale: number;
  readonly degrees: number;
}

/**
 * What the life of the next machine is expected to be after a few whole lives: lives are log-normal with unknown mean and
 * spread under a weak normal-gamma prior, so the next one's logarithm follows Student's t (Gelman et al., Bayesian Data
 * Analysis, section 3.3). With few lives its tails are heavy, as they should be.
 * @param lives in any unit, brought to the reference condition
 * @throws MlError 'too-little-data' below two lives
 */
export const fitLifePrior = (lives: readonly number[]): LifePrior => {
  if (lives.length < 2) throw new MlError('too-little-data', `Remaining life is learnt from whole lives: ${lives.length} given, 2 needed at least.`);
  const logs = lives.map(Math.log);
  const centre = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const squares = logs.reduce((sum, log) => sum + (log - centre) ** 2, 0);
  const degrees = PRIOR_LIVES + logs.length - 1;
  const variance = (PRIOR_LIVES * PRIOR_SPREAD ** 2 + squares) / degrees;
  return { centre, scale: Math.sqrt(variance * (1 + 1 / logs.length)), degrees };
};

/** Density of the life's logarithm, up to a constant factor. @param life in the unit of the lives, brought to the reference condition */
export const logLifeDensity = ({ centre, scale, degrees }: LifePrior, life: number): number =>
  (1 + ((Math.log(life) - centre) / scale) ** 2 / degrees) ** (-(degrees + 1) / 2);
