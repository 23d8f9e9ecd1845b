import { FAILURES_OF_A_CLASS, modesWithEnough } from './faults.ts';
import { Random } from './random.ts';

/** What the split needs to know of a unit. */
export interface ModedUnit {
  readonly asset: string;
  readonly end: 'failure' | 'censored';
  readonly mode?: string | undefined;
}

/** Draws of whole machines that are looked at for one that leaves every class on both sides. */
const DRAWS = 200;
/** Failures of each class to learn from at least. */
const LEAST_TO_LEARN = FAILURES_OF_A_CLASS - 1;

const countOf = (units: readonly ModedUnit[], validates: (index: number) => boolean, mode: string): { train: number; validation: number } => {
  const own = [...units.keys()].filter((index) => units[index]?.mode === mode && units[index]?.end === 'failure');
  const validation = own.filter(validates).length;
  return { train: own.length - validation, validation };
};

/** Whole machines, where some draw of them leaves each class one failure to validate on and two to learn from; else null. */
const byMachine = (units: readonly ModedUnit[], modes: readonly string[], random: Random, share: number): Set<number> | null => {
  const machines = [...new Set(units.map(({ asset }) => asset))];
  const places = machines.map((_, index) => index);
  const count = Math.max(1, Math.round(machines.length * share));
  if (machines.length < 4) return null;
  for (let draw = 0; draw < DRAWS; draw++) {
    const chosen = new Set(random.shuffle(places).slice(0, count).map((place) => machines[place]));
    const validates = (index: number): boolean => chosen.has(units[index]?.asset);
    const fits = modes.every((mode) => {
      const { train, validation } = countOf(units, validates, mode);
      return validation >= 1 && train >= LEAST_TO_LEARN;
    });
    if (fits) return new Set([...units.keys()].filter(validates));
  }
  return null;
};

/** Whole lives, a share of each class and of the rest; at least one of each class. */
const byLife = (units: readonly ModedUnit[], modes: readonly string[], random: Random, share: number): Set<number> => {
  const groupOf = ({ end, mode }: ModedUnit): string => (end === 'failure' && mode !== undefined && modes.includes(mode) ? `failure ${mode}` : end);
  const groups = new Map<string, number[]>();
  units.forEach((unit, index) => groups.set(groupOf(unit), [...(groups.get(groupOf(unit)) ?? []), index]));
  return new Set(
    [...groups].flatMap(([group, own]) => {
      const least = group.startsWith('failure ') ? 1 : 0;
      return random.shuffle(own).slice(0, Math.min(Math.max(0, own.length - LEAST_TO_LEARN), Math.max(least, Math.round(own.length * share))));
    }),
  );
};

/**
 * Which units validate where kinds of faults are told apart: whole machines if that leaves every class on both sides, else whole lives,
 * never parts of one; drawn with the seed.
 * @returns one entry a unit, in the order given
 */
export const splitByMode = (units: readonly ModedUnit[], seed: number, validationShare: number): ('train' | 'validation')[] => {
  const modes = modesWithEnough({ units });
  const random = Random.of(seed, 'split');
  const validation = byMachine(units, modes, random, validationShare) ?? byLife(units, modes, random, validationShare);
  return units.map((_, index) => (validation.has(index) ? 'validation' : 'train'));
};
