import type { Baseline, Classification, Metrics } from '../../ml/documents/metrics.ts';
import { table } from './output.ts';

type Cell = string | number | null;

const columnsOf = (metrics: Metrics): string[] => {
  switch (metrics.kind) {
    case 'rul':
      return [`RMSE (${metrics.unit})`, 'MAE', 'score', 'coverage 90 %'];
    case 'failure':
      return ['precision', 'recall', 'F1', 'PR-AUC'];
    case 'fault':
      return ['macro-F1', 'accuracy', 'macro-F1 by unit'];
    case 'anomaly':
      return ['false alarms', 'F1', 'precision', 'recall'];
  }
};

const cellsOf = (metrics: Metrics): Cell[] => {
  switch (metrics.kind) {
    case 'rul':
      return [metrics.rmse, metrics.mae, metrics.score, metrics.coverage90];
    case 'failure':
      return [metrics.precision, metrics.recall, metrics.f1, metrics.prAuc];
    case 'fault':
      return [metrics.macroF1, metrics.accuracy, metrics.byUnit?.macroF1 ?? null];
    case 'anomaly':
      return [metrics.falseAlarmRate, metrics.labelled?.f1 ?? null, metrics.labelled?.precision ?? null, metrics.labelled?.recall ?? null];
  }
};

/** Each class of a classification: what it was said to be, how well it was told. */
const classTable = ({ perClass, confusion }: Classification): string[] =>
  table(['class', 'precision', 'recall', 'F1', 'windows', ...perClass.map(({ name }) => `said ${name}`)], perClass.map(({ name, precision, recall, f1, support }, at) => [name, precision, recall, f1, support, ...(confusion[at] ?? [])]));

/** The model and its naive rivals in one table; below it the classes, where the task tells kinds of faults apart. */
export const metricTable = (metrics: Metrics, baselines: readonly Baseline[]): string[] => [
  ...table(['predictor', ...columnsOf(metrics)], [['1D-CNN', ...cellsOf(metrics)], ...baselines.map((baseline) => [baseline.name, ...cellsOf(baseline.metrics)])]),
  ...(metrics.kind === 'fault' ? ['', ...classTable(metrics)] : []),
];
