import type { DatasetUnit } from '../documents/dataset.ts';
import { Random } from '../dataset/random.ts';
import type { Dataset } from '../dataset/table.ts';

/** With fewer failed training units than this, one way of holding some out says too little: it is done several ways. */
const FEW = 20;
const FOLDS = 3;
/** Share of the training units that one fold holds out. */
const SHARE = 0.25;

const dealt = (units: readonly number[], folds: number, share: number): Set<number>[] =>
  Array.from({ length: folds }, (_, fold) => {
    const size = Math.max(1, Math.min(units.length - 1, Math.round(units.length * share)));
    return new Set(Array.from({ length: size }, (_unused, at) => units[(fold * size + at) % units.length] ?? -1));
  });

/**
 * The dataset of a search: units of the run's training part alone, some of them held out to choose by. The run's own validation units take
 * no part ('test' here), so that what is told of the chosen model was not chosen on.
 * @returns one dataset a fold, over the same rows; empty where fewer than two training units failed
 */
export const foldsOf = (dataset: Dataset, seed: number): Dataset[] => {
  const { units } = dataset.document;
  const training = units.flatMap((unit, index) => (unit.split === 'train' ? [index] : []));
  const random = Random.of(seed, 'search folds');
  const failed = random.shuffle(training.filter((index) => units[index]?.end === 'failure'));
  const censored = random.shuffle(training.filter((index) => units[index]?.end === 'censored'));
  if (failed.length < 2) return [];
  const folds = failed.length < FEW ? Math.min(FOLDS, failed.length) : 1;
  const heldOut = dealt(failed, folds, SHARE);
  const censoredOut = censored.length < 2 ? heldOut.map(() => new Set<number>()) : dealt(censored, folds, SHARE);
  return heldOut.map((out, fold) => {
    const splitOf = (unit: DatasetUnit, index: number): DatasetUnit['split'] => {
      if (unit.split !== 'train') return 'test';
      return out.has(index) || censoredOut[fold]?.has(index) === true ? 'validation' : 'train';
    };
    return { ...dataset, document: { ...dataset.document, units: units.map((unit, index) => ({ ...unit, split: splitOf(unit, index) })) } };
  });
};
