/** Rows called anomalous, against their labels. */
export interface DetectionCounts {
  readonly tp: number;
  readonly fp: number;
  readonly tn: number;
  readonly fn: number;
}

export const noCounts: DetectionCounts = { tp: 0, fp: 0, tn: 0, fn: 0 };

/** Counts row by row: a long anomaly is as many rows as it has, found or missed one by one (no point adjustment). */
export const countDetections = (called: readonly boolean[], labels: readonly boolean[]): DetectionCounts => {
  const counts = { ...noCounts };
  labels.forEach((label, row) => {
    if (called[row] === true) counts[label ? 'tp' : 'fp']++;
    else counts[label ? 'fn' : 'tn']++;
  });
  return counts;
};

export const addCounts = (a: DetectionCounts, b: DetectionCounts): DetectionCounts => ({ tp: a.tp + b.tp, fp: a.fp + b.fp, tn: a.tn + b.tn, fn: a.fn + b.fn });

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/**
 * F1 = TP / (TP + (FN + FP) / 2), false alarm rate = FP / (FP + TN), missed alarm rate = FN / (FN + TP), the rates in percent
 * (Katser and Kozitsin 2020, SKAB). 0 where there is nothing to count.
 */
export const detectionMetrics = ({ tp, fp, tn, fn }: DetectionCounts): { f1: number; far: number; mar: number } => ({
  f1: share(tp, tp + (fn + fp) / 2),
  far: 100 * share(fp, fp + tn),
  mar: 100 * share(fn, fn + tp),
});
