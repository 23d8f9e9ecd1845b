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
 * @param rivals the rivals that count, by name; by default all
 * @returns rul: 1 - RMSE / best rival's RMSE; failure: PR-AUC above the best rival's; fault: macro-F1 above it; anomaly: F1 above it, or how
 *   seldom it cries wolf where nothing is labelled; 0: no better than the rival
 */
export const skillOf = ({ metrics, baselines: every }: Evaluation, rivals?: ReadonlySet<string>): number => {
  const baselines = rivals === undefined ? every : every.filter(({ name }) => rivals.has(name));
  if (metrics.kind === 'rul') {
    const rival = Math.min(...baselines.flatMap(({ metrics: other }) => (other.kind === 'rul' ? [other.rmse] : [])));
    return Number.isFinite(rival) && rival > 0 ? 1 - metrics.rmse / rival : 0;
  }
  const merits = baselines.flatMap(({ metrics: other }) => (other.kind === metrics.kind ? (meritOf(other) ?? []) : []));
  return (meritOf(metrics) ?? 0) - (merits.length === 0 ? 0 : Math.max(...merits));
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

/** Whether a model is further from its rivals than the champion is; by the rivals that both tables have, which grow in number over the versions. */
export const isBetter = (evaluation: Evaluation, champion: Evaluation): boolean => {
  if (!comparable(champion.metrics, evaluation.metrics)) return false;
  const known = new Set(champion.baselines.map(({ name }) => name));
  const both = new Set(evaluation.baselines.map(({ name }) => name).filter((name) => known.has(name)));
  return skillOf(evaluation, both) > skillOf(champion, both);
};
