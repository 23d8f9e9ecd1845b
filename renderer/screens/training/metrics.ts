import type { AnomalyMetrics, Evaluation, FailureMetrics, FaultMetrics, Metrics, RulMetrics } from '../../../ml/documents/metrics.ts';
import type { Show } from '../../format/show.ts';
import { isKey, type Key, type Translate } from '../../messages/translate.ts';

type MetricName = Extract<Key, `metric.${string}`> extends `metric.${infer Name}` ? Name : never;

/** One line of a metrics table: its name and its value for each column, null where a column doesn't have it. */
export interface MetricLine {
  readonly name: MetricName;
  readonly values: readonly (string | null)[];
  /** Index of the column with the better value; null where better has no meaning or all are equal. */
  readonly best: number | null;
}

type Better = 'lower' | 'higher' | null;
interface Cell {
  readonly value: number | null;
  readonly text: (show: Show, value: number) => string;
  readonly better: Better;
}

type Cells = readonly (readonly [MetricName, Cell])[];

const inUnit =
  (unit: string) =>
  (show: Show, value: number): string =>
    show.inUnit(Math.round(value * 10) / 10, unit);
const plain = (show: Show, value: number): string => show.number(value);
const share = (show: Show, value: number): string => show.percent(value);
const ratio = (show: Show, value: number): string => show.fixed(value, 3);
const count = (show: Show, value: number): string => show.integer(value);

const rulCells = (metrics: RulMetrics): Cells => [
  ['rmse', { value: metrics.rmse, text: inUnit(metrics.unit), better: 'lower' }],
  ['mae', { value: metrics.mae, text: inUnit(metrics.unit), better: 'lower' }],
  ['score', { value: metrics.score, text: plain, better: 'lower' }],
  ['coverage90', { value: metrics.coverage90, text: share, better: null }],
  ['meanWidth90', { value: metrics.meanWidth90, text: inUnit(metrics.unit), better: null }],
];

const failureCells = (metrics: FailureMetrics): Cells => [
  ['f1', { value: metrics.f1, text: ratio, better: 'higher' }],
  ['precision', { value: metrics.precision, text: ratio, better: 'higher' }],
  ['recall', { value: metrics.recall, text: ratio, better: 'higher' }],
  ['prAuc', { value: metrics.prAuc, text: ratio, better: 'higher' }],
  ['accuracy', { value: metrics.accuracy, text: share, better: null }],
  ['threshold', { value: metrics.threshold, text: ratio, better: null }],
  ['tp', { value: metrics.confusion.tp, text: count, better: null }],
  ['fn', { value: metrics.confusion.fn, text: count, better: null }],
  ['fp', { value: metrics.confusion.fp, text: count, better: null }],
  ['tn', { value: metrics.confusion.tn, text: count, better: null }],
];

const faultCells = (metrics: FaultMetrics): Cells => [
  ['macroF1', { value: metrics.macroF1, text: ratio, better: 'higher' }],
  ['classAccuracy', { value: metrics.accuracy, text: share, better: 'higher' }],
  ['unitMacroF1', { value: metrics.byUnit?.macroF1 ?? null, text: ratio, better: 'higher' }],
  ['classes', { value: metrics.classes.length, text: count, better: null }],
  ['windows', { value: metrics.points, text: count, better: null }],
];

const anomalyCells = (metrics: AnomalyMetrics): Cells => [
  ['falseAlarmRate', { value: metrics.falseAlarmRate, text: share, better: 'lower' }],
  ['f1', { value: metrics.labelled?.f1 ?? null, text: ratio, better: 'higher' }],
  ['missedAlarmRate', { value: metrics.labelled?.mar ?? null, text: share, better: 'lower' }],
  ['windows', { value: metrics.points, text: count, better: null }],
];

const cellsOf = (metrics: Metrics): Cells => {
  switch (metrics.kind) {
    case 'rul':
      return rulCells(metrics);
    case 'failure':
      return failureCells(metrics);
    case 'fault':
      return faultCells(metrics);
    case 'anomaly':
      return anomalyCells(metrics);
  }
};

const bestOf = (cells: readonly (Cell | undefined)[]): number | null => {
  const better = cells.find((cell) => cell !== undefined)?.better ?? null;
  if (better === null || cells.length < 2) return null;
  const known = cells.flatMap((cell, index) => (cell === undefined || cell.value === null ? [] : [{ index, value: cell.value }])).toSorted((a, b) => (better === 'lower' ? a.value - b.value : b.value - a.value));
  const [first, second] = known;
  return first === undefined || second === undefined || first.value === second.value ? null : first.index;
};

/** Metrics side by side, a column each; all columns must be of one task, else the lines of the first are shown. */
export const metricLines = (show: Show, columns: readonly Metrics[]): readonly MetricLine[] => {
  const [first] = columns;
  if (first === undefined) return [];
  const tables = columns.map((metrics) => new Map(cellsOf(metrics)));
  return cellsOf(first).map(([name]) => {
    const cells = tables.map((table) => table.get(name));
    return { name, values: cells.map((cell) => (cell === undefined || cell.value === null ? null : cell.text(show, cell.value))), best: bestOf(cells) };
  });
};

/** The one number by which a task is judged, in a few words: 'RMSE 88.2 hours'. */
export const headline = (t: Translate, show: Show, evaluation: Evaluation): string => {
  const [line] = metricLines(show, [evaluation.metrics]);
  return line === undefined ? '' : `${t(`metric.${line.name}`)} ${line.values[0] ?? ''}`;
};

/** A baseline's name in words, where there are some. */
export const baselineName = (t: Translate, name: string): string => {
  const key = `baseline.${name}`;
  return isKey(key) ? t(key) : name;
};
