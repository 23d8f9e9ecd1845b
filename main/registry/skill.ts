import type { Evaluation, Metrics } from '../../ml/documents/metrics.ts';

/** What a model is judged by, higher is better; null where a task has no such number. */
const meritOf = (metrics: Metrics): number | null => {
  switch (metrics.kind) {
    case 'rul':
      return null;
    case 'failure':
      return metrics.prAuc;
    case 'fault':
      return metrics.macroF1;
    case 'anomaly':
      return metrics.labelled?.f1 ?? -metrics.falseAlarmRate;
  }
};

/**
 * How much better than its best naive rival a model is on its own validation points. Two models were validated on different units, whose
 * errors can't be compared; their distance from the rivals on the same points can.
 * @returns rul: 1 - RMSE / best rival's RMSE; failure: PR-AUC above the best rival's; fault: macro-F1 above it; anomaly: F1 above it, or how
 *   seldom it cries wolf where nothing is labelled; 0: no better than the rival
 */
export const skillOf = ({ metrics, baselines }: Evaluation): number => {
  if (metrics.kind === 'rul') {
    const rival = Math.min(...baselines.flatMap(({ metrics: other }) => (other.kind === 'rul' ? [other.rmse] : [])));
    return Number.isFinite(rival) && rival > 0 ? 1 - metrics.rmse / rival : 0;
  }
  const rivals = baselines.flatMap(({ metrics: other }) => (other.kind === metrics.kind ? (meritOf(other) ?? []) : []));
  return (meritOf(metrics) ?? 0) - (rivals.length === 0 ? 0 : Math.max(...rivals));
};

const sameHorizon = (a: number | null, b: number | null): boolean => a === b || (a !== null && b !== null && Math.abs(a - b) < 1e-6);

/** Whether both speak of the same thing: the same task and unit, the same horizon, the same classes. */
export const comparable = (a: Metrics, b: Metrics): boolean => {
  switch (a.kind) {
    case 'rul':
      return b.kind === 'rul' && a.unit === b.unit;
    case 'failure':
      return b.kind === 'failure' && a.unit === b.unit && sameHorizon(a.horizon, b.horizon);
    case 'fault':
      return b.kind === 'fault' && a.unit === b.unit && sameHorizon(a.horizon, b.horizon) && [...a.classes].sort().join('\n') === [...b.classes].sort().join('\n');
    case 'anomaly':
      return b.kind === 'anomaly' && (a.labelled === null) === (b.labelled === null);
  }
};
