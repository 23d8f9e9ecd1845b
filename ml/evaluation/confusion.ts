/** Counts of windows by what was said and what was true; positive: failure within the horizon. */
export interface Confusion {
  readonly tp: number;
  readonly fp: number;
  readonly tn: number;
  readonly fn: number;
}

/** Counts with 'failure' said wherever the score is at least `threshold`. @param labels 1 or 0 */
export const confusionAt = (scores: ArrayLike<number>, labels: ArrayLike<number>, threshold: number): Confusion => {
  let tp = 0;
  let fp = 0;
  let tn = 0;
  let fn = 0;
  for (let at = 0; at < labels.length; at++) {
    const said = (scores[at] ?? Number.NaN) >= threshold;
    if (labels[at] === 1) {
      if (said) tp++;
      else fn++;
    } else if (said) fp++;
    else tn++;
  }
  return { tp, fp, tn, fn };
};

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** Share of the alarms that were true; 0 without alarms. */
export const precisionOf = ({ tp, fp }: Confusion): number => ratio(tp, tp + fp);

/** Share of the failures that were told; 0 without failures. */
export const recallOf = ({ tp, fn }: Confusion): number => ratio(tp, tp + fn);

/** Harmonic mean of precision and recall (van Rijsbergen 1979): 2 tp / (2 tp + fp + fn). */
export const f1Of = ({ tp, fp, fn }: Confusion): number => ratio(2 * tp, 2 * tp + fp + fn);

/** Share of the windows that were told rightly. */
export const accuracyOf = ({ tp, fp, tn, fn }: Confusion): number => ratio(tp + tn, tp + fp + tn + fn);
