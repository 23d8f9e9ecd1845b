import type { DatasetUnit } from '../documents/dataset.ts';
import { Random } from '../dataset/random.ts';
import type { Dataset } from '../dataset/table.ts';

/** With fewer groups to hold out than this, one way of doing so says too little: it is done several ways. */
const FEW = 20;
const FOLDS = 3;
/** Share of the groups that one fold holds out. */
const SHARE = 0.25;
/** Machines with failures from which on whole machines are held out, not single lives of them. */
const MACHINES_TO_SPLIT = 5;
/** Lives of a failure mode from which on each fold has some of it on both sides. */
const LIVES_OF_MODE = 3;

/** What each of `folds` folds holds out of the groups: about a quarter, one at least, never all. */
const dealt = (groups: readonly string[], folds: number): Set<string>[] =>
  Array.from({ length: folds }, (_, fold) => {
    const size = Math.min(groups.length - 1, Math.max(1, Math.round(groups.length * SHARE)));
    return new Set(Array.from({ length: Math.max(0, size) }, (_unused, at) => groups[(fold * size + at) % groups.length] ?? ''));
  });

/**
 * How units are held out together: by machine where enough of them failed, since lives of one machine resemble each other; else by life. Where
 * lives are held out and every mode of failure has some, each mode is dealt by itself.
 */
const groupsOf = (units: readonly DatasetUnit[], training: readonly number[]): { groupOf(index: number): string; strata: string[][] } => {
  const failed = training.filter((index) => units[index]?.end === 'failure');
  const censored = training.filter((index) => units[index]?.end === 'censored');
  const machines = [...new Set(failed.map((index) => units[index]?.asset ?? ''))];
  if (machines.length >= MACHINES_TO_SPLIT) {
    const others = [...new Set(censored.map((index) => units[index]?.asset ?? ''))].filter((asset) => !machines.includes(asset));
    return { groupOf: (index) => units[index]?.asset ?? '', strata: [machines, others] };
  }
  const modes = [...new Set(failed.map((index) => units[index]?.mode ?? ''))].map((mode) => failed.filter((index) => (units[index]?.mode ?? '') === mode).map(String));
  return { groupOf: String, strata: [...(modes.every((lives) => lives.length >= LIVES_OF_MODE) ? modes : [failed.map(String)]), censored.map(String)] };
};

/**
 * The dataset of a search: units of the run's training part alone, some of them held out to choose by. The run's own validation units take
 * no part ('test' here), so that what is told of the chosen model was not chosen on.
 * @returns one dataset a fold, over the same rows; empty where fewer than two training units failed
 */
export const foldsOf = (dataset: Dataset, seed: number): Dataset[] => {
  const { units } = dataset.document;
  const training = units.flatMap((unit, index) => (unit.split === 'train' ? [index] : []));
  const { groupOf, strata } = groupsOf(units, training);
  const [first = [], ...others] = strata;
  if (first.length < 2) return [];
  const random = Random.of(seed, 'search folds');
  const shuffled = [first, ...others].map((groups) => random.shuffle([...groups.keys()]).map((at) => groups[at] ?? ''));
  const folds = first.length < FEW ? Math.min(FOLDS, first.length) : 1;
  const heldOut = shuffled.map((groups) => dealt(groups, folds));
  return Array.from({ length: folds }, (_, fold) => {
    const splitOf = (unit: DatasetUnit, index: number): DatasetUnit['split'] => {
      if (unit.split !== 'train') return 'test';
      return heldOut.some((stratum) => stratum[fold]?.has(groupOf(index)) === true) ? 'validation' : 'train';
    };
    return { ...dataset, document: { ...dataset.document, units: units.map((unit, index) => ({ ...unit, split: splitOf(unit, index) })) } };
  });
};
