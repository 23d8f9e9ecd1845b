import { MlError } from '../errors.ts';
import { Random } from './random.ts';

/** What the split needs to know of a unit. */
export interface SplittableUnit {
  readonly asset: string;
  readonly end: 'failure' | 'censored';
}

/**
 * Which units validate: whole units, never windows, drawn with the seed; failed and censored units are drawn apart, so that
 * both sides have failures. At least one failed unit goes to each side.
 * @returns one entry a unit, in the order given
 * @throws MlError 'too-little-data' with fewer than two failed units
 */
export const splitUnits = (units: readonly SplittableUnit[], seed: number, validationShare: number): ('train' | 'validation')[] => {
  const failed = units.flatMap((unit, index) => (unit.end === 'failure' ? [index] : []));
  const censored = units.flatMap((unit, index) => (unit.end === 'censored' ? [index] : []));
  if (failed.length < 2)
    throw new MlError('too-little-data', `Learning needs at least 2 runs that ended in a failure, one to train on and one to validate; there are ${failed.length}. Record more failures.`, { failures: failed.length });
  const random = Random.of(seed, 'split');
  random.shuffle(failed);
  random.shuffle(censored);
  const validationFailed = Math.min(failed.length - 1, Math.max(1, Math.round(failed.length * validationShare)));
  const validation = new Set([...failed.slice(0, validationFailed), ...censored.slice(0, Math.round(censored.length * validationShare))]);
  return units.map((_, index) => (validation.has(index) ? 'validation' : 'train'));
};
