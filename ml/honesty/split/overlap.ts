import type { DatasetDocument, DatasetUnit } from '../../documents/dataset.ts';
import type { HonestyFinding } from '../../documents/honesty.ts';
import { findingOf, unitName, usedUnits, type Subject } from '../subject.ts';

const lastOf = (unit: DatasetUnit, step: number): number => unit.start + (unit.rows - 1) * step;

interface Pair {
  readonly training: { readonly unit: DatasetUnit; readonly index: number };
  readonly validation: { readonly unit: DatasetUnit; readonly index: number };
}

/** Every training life with every validation life. */
const pairsOf = ({ prepared }: Subject): Pair[] => {
  const units = usedUnits(prepared.dataset);
  return units.filter(({ unit }) => unit.split === 'train').flatMap((training) => units.filter(({ unit }) => unit.split === 'validation').map((validation) => ({ training, validation })));
};

/** Whether the two share rows, or moments of one machine, or the failure that ends them. */
const oneLife = ({ training: { unit: a }, validation: { unit: b } }: Pair, { step }: DatasetDocument): boolean => {
  if (a.offset < b.offset + b.rows && b.offset < a.offset + a.rows) return true;
  if (a.asset !== b.asset) return false;
  if (a.failureAt !== null && a.failureAt === b.failureAt) return true;
  return a.start <= lastOf(b, step) && b.start <= lastOf(a, step);
};

const named = (document: Subject['prepared']['dataset'], pairs: readonly Pair[]): string[] => [...new Set(pairs.flatMap(({ training, validation }) => [unitName(document, training.index), unitName(document, validation.index)]))];

const sharedLives = (subject: Subject): HonestyFinding[] => {
  const { dataset } = subject.prepared;
  const shared = pairsOf(subject).filter((pair) => oneLife(pair, dataset.document));
  if (shared.length === 0) return [];
  return [findingOf('same-life-in-both-parts', { units: named(dataset, shared), figure: shared.length, limit: 0, measure: 'pairs of a training and a validation part of one life', what: `The same life trains and validates (${named(dataset, shared).slice(0, 4).join(', ')}): its windows are all but the same on both sides.`, remedy: 'Split by whole lives: start a new run, which freezes the data anew.' })];
};

const shortGaps = (subject: Subject): HonestyFinding[] => {
  const { dataset, config } = subject.prepared;
  const { step } = dataset.document;
  const gapOf = ({ training: { unit: a }, validation: { unit: b } }: Pair): number => {
    const [first, second] = a.start <= b.start ? [a, b] : [b, a];
    // Healthy running learns from each life anew: what came before the life that is judged is the machine before its overhaul.
    if (config.task === 'anomaly' && first === b) return Number.POSITIVE_INFINITY;
    return a.asset !== b.asset || first.end === 'failure' ? Number.POSITIVE_INFINITY : (second.start - lastOf(first, step)) / step;
  };
  const close = pairsOf(subject).filter((pair) => !oneLife(pair, dataset.document) && gapOf(pair) < config.window);
  if (close.length === 0) return [];
  const least = Math.min(...close.map(gapOf));
  return [findingOf('gap-too-short', { units: named(dataset, close), figure: least, limit: config.window, measure: 'steps between a training part and a validation part of one machine', what: `Training and validation parts of one machine (${named(dataset, close).slice(0, 4).join(', ')}) follow one another within ${least.toFixed(0)} steps, with no failure between them; a window has ${config.window}.`, remedy: 'Leave a gap of at least a window between the parts: start a new run, which freezes the data anew.' })];
};

const rowsAfterFailure = (subject: Subject): HonestyFinding[] => {
  const { dataset } = subject.prepared;
  const { step } = dataset.document;
  const beyond = usedUnits(dataset).filter(({ unit }) => unit.failureAt !== null && lastOf(unit, step) > unit.failureAt + step / 2);
  if (beyond.length === 0) return [];
  const units = beyond.map(({ index }) => unitName(dataset, index));
  const figure = Math.max(...beyond.map(({ unit }) => (lastOf(unit, step) - (unit.failureAt ?? 0)) / step));
  return [findingOf('rows-after-failure', { units, figure, limit: 0.5, measure: 'steps that the rows go on after the failure', what: `Lives go on after their failure (${units.slice(0, 4).join(', ')}): what is seen there is the failure itself.`, remedy: 'Correct the time of the failure, or the end of its repair, and train again.' })];
};

/** Share of the failures that became known late from which on that is how this plant records them: told, and no leak of some. */
const RECORDED_LATE = 0.5;

/** Training lives whose failure became known only after the lives that validate them were over: of their machine, else all. */
const knownTooLate = (subject: Subject): HonestyFinding[] => {
  const { dataset, config } = subject.prepared;
  const { step } = dataset.document;
  const units = usedUnits(dataset);
  const knownOf = ({ failureAt, knownAt }: DatasetUnit): number => knownAt ?? failureAt ?? Number.NEGATIVE_INFINITY;
  const overAt = (asset: string): number => {
    const judging = units.filter(({ unit }) => unit.split === 'validation');
    const own = judging.filter(({ unit }) => unit.asset === asset);
    return Math.max(...(own.length > 0 ? own : judging).map(({ unit }) => lastOf(unit, step)));
  };
  const late = units.filter(({ unit }) => unit.split === 'train' && unit.failureAt !== null && knownOf(unit) > unit.failureAt && knownOf(unit) > overAt(unit.asset));
  if (late.length === 0) return [];
  const failed = units.filter(({ unit }) => unit.failureAt !== null);
  const usual = failed.filter(({ unit }) => knownOf(unit) > (unit.failureAt ?? 0) + config.window * step).length >= RECORDED_LATE * failed.length;
  const names = late.map(({ index }) => unitName(dataset, index));
  const figure = Math.max(...late.map(({ unit }) => (knownOf(unit) - overAt(unit.asset)) / step));
  return [findingOf('label-known-later', { severity: usual ? 'warning' : 'blocking', units: names, figure, limit: 0, measure: 'steps from the end of the validation lives until the training failure was known', what: `Failures that the model was trained on became known only after the lives that validate it were over (${names.slice(0, 4).join(', ')}): at that time nobody could have trained on them.`, remedy: 'Correct when these failures became known, or remove them from the events, and train again.' })];
};

/** What is wrong with the way in which lives were cut and dealt out. */
export const splitThatOverlaps = (subject: Subject): HonestyFinding[] => [...sharedLives(subject), ...shortGaps(subject), ...rowsAfterFailure(subject), ...knownTooLate(subject)];
