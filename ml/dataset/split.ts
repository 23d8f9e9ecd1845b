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

/** A unit with its place on its machine's axis. */
export interface PlacedUnit extends SplittableUnit {
  readonly start: number;
  readonly rows: number;
}

type Side = 'train' | 'validation';

/** Indexes of the units of each machine, in the order of their starts. */
const byMachine = (units: readonly PlacedUnit[]): number[][] => {
  const machines = new Map<string, number[]>();
  units.forEach(({ asset }, index) => machines.set(asset, [...(machines.get(asset) ?? []), index]));
  const startOf = (index: number): number => units[index]?.start ?? 0;
  return [...machines.values()].map((own) => own.sort((a, b) => startOf(a) - startOf(b)));
};

/**
 * Which units validate where a few machines have several lives each: of every machine the last ones, so that the past is learnt
 * and the future judged, as in the plant. At least one failed unit goes to each side.
 * @returns one entry a unit, in the order given
 * @throws MlError 'too-little-data' with fewer than two failed units
 */
export const splitInTime = (units: readonly PlacedUnit[], validationShare: number): Side[] => {
  const failures = units.filter(({ end }) => end === 'failure').length;
  if (failures < 2)
    throw new MlError('too-little-data', `Learning needs at least 2 runs that ended in a failure, one to train on and one to validate; there are ${failures}. Record more failures.`, { failures });
  const wanted = Math.min(failures - 1, Math.max(1, Math.round(failures * validationShare)));
  const machines = byMachine(units);
  const failedOf = machines.map((own) => own.filter((index) => units[index]?.end === 'failure'));
  // From each machine's last failure backwards, in turn, the latest first.
  const inTurn = failedOf
    .flatMap((own) => own.map((index, at) => ({ index, fromEnd: own.length - at, start: units[index]?.start ?? 0 })))
    .sort((a, b) => a.fromEnd - b.fromEnd || b.start - a.start || a.index - b.index);
  const validating = new Set(inTurn.slice(0, wanted).map(({ index }) => index));
  const sides = units.map((): Side => 'train');
  for (const own of machines) {
    const first = own.findIndex((index) => validating.has(index));
    if (first !== -1) for (const index of own.slice(first)) sides[index] = 'validation';
  }
  return sides;
};

/**
 * A unit that was cut off and is followed by another one of its machine within a window goes to the side of that one: what
 * the machine was like just before must not be learnt where its next rows are judged.
 * @param step axis units between two rows
 * @param gap steps
 */
export const keepTogether = (units: readonly PlacedUnit[], sides: readonly Side[], step: number, gap: number): Side[] => {
  const joined = [...sides];
  for (const own of byMachine(units))
    for (let at = own.length - 2; at >= 0; at--) {
      const [index, next] = [own[at] ?? 0, own[at + 1] ?? 0];
      const [unit, after] = [units[index], units[next]];
      if (unit === undefined || after === undefined || unit.end === 'failure') continue;
      if ((after.start - unit.start) / step - (unit.rows - 1) < gap) joined[index] = joined[next] ?? 'train';
    }
  return joined;
};
