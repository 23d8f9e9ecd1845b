import type { Baseline, Evaluation, Metrics } from '../../ml/documents/metrics.ts';

/**
 * How much better than its best naive rival a model is on its own validation points. Two models were validated on different units, whose
 * errors can't be compared; their distance from the rivals on the same points can.
 * @returns rul: 1 - RMSE / best rival's RMSE; failure: PR-AUC above the best rival's; 0: no better than the rival
 */
export const skillOf = ({ metrics, baselines }: Evaluation): number => {
  if (metrics.kind === 'rul') {
    const rival = Math.min(...baselines.flatMap(({ metrics: other }) => (other.kind === 'rul' ? [other.rmse] : [])));
    return Number.isFinite(rival) && rival > 0 ? 1 - metrics.rmse / rival : 0;
  }
  const rival = Math.max(0, ...baselines.flatMap(({ metrics: other }: Baseline) => (other.kind === 'failure' ? [other.prAuc] : [])));
  return metrics.prAuc - rival;
};

/** Whether both speak of the same thing: the same task and unit, and the same horizon. */
export const comparable = (a: Metrics, b: Metrics): boolean => {
  if (a.kind === 'rul') return b.kind === 'rul' && a.unit === b.unit;
  return b.kind === 'failure' && a.unit === b.unit && Math.abs(a.horizon - b.horizon) < 1e-6;
};
