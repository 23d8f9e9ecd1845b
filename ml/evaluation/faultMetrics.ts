import type { Classification, FaultMetrics } from '../documents/metrics.ts';
import { largest } from './softmax.ts';

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/**
 * Accuracy, confusion, and precision, recall and F1 of each class (van Rijsbergen 1979). Macro-F1 is the plain mean of the F1 of the classes
 * that occur or were said, so that a rare fault counts as much as healthy running.
 * @param said index of the class that was said of each point @param truth index of the class that it is
 */
export const classify = (said: ArrayLike<number>, truth: ArrayLike<number>, classes: readonly string[]): Classification => {
  const confusion = classes.map(() => classes.map(() => 0));
  let right = 0;
  for (let at = 0; at < truth.length; at++) {
    const row = confusion[truth[at] ?? -1];
    const column = said[at] ?? -1;
    if (row === undefined || row[column] === undefined) throw new Error(`Point ${at} should be of and said to be of one of ${classes.length} classes, but is of ${truth[at] ?? Number.NaN} and said to be of ${column}.`);
    row[column]++;
    if (column === truth[at]) right++;
  }
  const perClass = classes.map((name, at) => {
    const support = (confusion[at] ?? []).reduce((sum, count) => sum + count, 0);
    const called = confusion.reduce((sum, row) => sum + (row[at] ?? 0), 0);
    const hits = confusion[at]?.[at] ?? 0;
    return { name, precision: ratio(hits, called), recall: ratio(hits, support), f1: ratio(2 * hits, called + support), support, called };
  });
  const met = perClass.filter(({ support, called }) => support + called > 0);
  return {
    points: truth.length,
    accuracy: ratio(right, truth.length),
    macroF1: ratio(met.reduce((sum, { f1 }) => sum + f1, 0), met.length),
    perClass: perClass.map(({ called: _called, ...rest }) => rest),
    confusion,
  };
};

/** The class that each row of probabilities (or logits) speaks for. @param scores row-major [points, classes] */
export const saidOf = (scores: Float32Array, classes: number): Int32Array => Int32Array.from({ length: scores.length / classes }, (_, at) => largest(scores.subarray(at * classes, (at + 1) * classes)));

/** Positions of the points of each unit, in the order in which the units first occur. */
const pointsByUnit = (units: ArrayLike<number>): number[][] => {
  const found = new Map<number, number[]>();
  for (let at = 0; at < units.length; at++) {
    const own = found.get(units[at] ?? -1);
    if (own === undefined) found.set(units[at] ?? -1, [at]);
    else own.push(at);
  }
  return [...found.values()];
};

/**
 * One answer a unit (a file, a machine): the class with the highest mean probability over its points.
 * @returns null where the points of some unit are not all of one class: then no single answer is right
 */
const classifyUnits = (probabilities: Float32Array, truth: Float32Array, units: ArrayLike<number>, classes: readonly string[]): Classification | null => {
  const owned = pointsByUnit(units);
  const truths = owned.map((own) => [...new Set(own.map((at) => truth[at] ?? -1))]);
  if (truths.some((own) => own.length > 1)) return null;
  const said = owned.map((own) => largest(classes.map((_, at) => own.reduce((sum, point) => sum + (probabilities[point * classes.length + at] ?? 0), 0))));
  return classify(said, truths.map(([only]) => only ?? -1), classes);
};

/**
 * Metrics of the kind of fault, by window and, where each unit is of one class, by unit.
 * @param probabilities row-major [windows, classes]
 * @param truth index of the class of each window
 * @param units unit of each window
 * @param horizon in `unit`; null where the class is of the moment
 */
export const faultMetrics = (probabilities: Float32Array, truth: Float32Array, units: ArrayLike<number>, classes: readonly string[], horizon: number | null, unit: string | null): FaultMetrics => ({
  kind: 'fault',
  classes: [...classes],
  horizon,
  unit,
  units: pointsByUnit(units).length,
  ...classify(saidOf(probabilities, classes.length), truth, classes),
  byUnit: classifyUnits(probabilities, truth, units, classes),
});
