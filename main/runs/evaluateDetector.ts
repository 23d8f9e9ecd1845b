import { UNHEALTHY_SHARE } from '../../ml/dataset/healthy.ts';
import type { AnomalyModel } from '../../ml/documents/anomaly.ts';
import type { DatasetDocument, DatasetUnit } from '../../ml/documents/dataset.ts';
import type { AnomalyMetrics } from '../../ml/documents/metrics.ts';
import type { Prediction } from '../../ml/documents/prediction.ts';
import { countDetections, detectionMetrics, type DetectionCounts } from '../../ml/evaluation/detectionMetrics.ts';
import { AppError } from '../contract/errors.ts';
import type { Slice } from '../contract/scorer.ts';
import type { EvaluationReport } from '../contract/training.ts';
import { createTurns } from '../engine/turns.ts';
import { ask, collectUnits, type EvaluateParts, type ModelToEvaluate } from './judging.ts';
import type { CollectedUnits, UnitStore } from './units.ts';

/** Rows of a life that are judged at most, spread over it evenly. */
const MOST_ROWS = 60;

type Unit = Omit<DatasetUnit, 'split'>;

/** A row that is judged: whether a failure follows so soon that running should be anomalous. */
interface Judged {
  readonly unit: number;
  readonly row: number;
  readonly unhealthy: boolean;
}

/** Rows of a life that were learnt from, counted from its first: none of them is judged. */
const learntRows = (unit: Unit, trainedOn: DatasetDocument | null, step: number): number =>
  (trainedOn?.units ?? [])
    .filter(({ asset, split, start }) => asset === unit.asset && split === 'train' && start >= unit.start && start < unit.start + unit.rows * step)
    .reduce((most, part) => Math.max(most, Math.round((part.start - unit.start) / step) + part.rows), 0);

const judgedRows = (unit: Unit, index: number, least: number, { trainedOn, document: { step } }: ModelToEvaluate): Judged[] => {
  const from = Math.max(learntRows(unit, trainedOn, step), least - 1);
  const every = Math.max(1, Math.ceil((unit.rows - from) / MOST_ROWS));
  const healthyUntil = unit.failureAt === null ? unit.rows : Math.floor(((1 - UNHEALTHY_SHARE) * (unit.failureAt - unit.start)) / step);
  const rows: Judged[] = [];
  for (let row = unit.rows - 1; row >= from; row -= every) rows.push({ unit: index, row, unhealthy: row >= healthyUntil });
  return rows.reverse();
};

const sliceOf = ({ units, values }: CollectedUnits, { unit: index, row }: Judged, width: number, rows: number, id: number): Slice | null => {
  const unit = units[index];
  if (unit === undefined) return null;
  const count = Math.min(rows, row + 1);
  const end = unit.offset + row + 1;
  return { asset: id, rows: count, values: values.slice((end - count) * width, end * width) };
};

const shareOf = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

const metricsOf = (units: number, limit: number, counts: DetectionCounts): AnomalyMetrics => {
  const { tp, fp, tn, fn } = counts;
  const { f1, far, mar } = detectionMetrics(counts);
  const labelled = tp + fn === 0 ? null : { precision: shareOf(tp, tp + fp), recall: shareOf(tp, tp + fn), f1, far: far / 100, mar: mar / 100, confusion: { tp, fp, tn, fn } };
  return { kind: 'anomaly', units, points: tp + fp + tn + fn, threshold: limit, falseAlarmRate: shareOf(fp, fp + tn), labelled };
};

/**
 * Judges a detector on running that it has not learnt from. Away from failures an anomaly is a false alarm; in the last fifth of a life
 * that ended in a failure it is right, and its absence a miss. The rivals are: everything anomalous, and nothing.
 * @throws AppError('too-little-data' | 'process-ended' | 'cancelled')
 */
export const evaluateDetector = async (parts: EvaluateParts, model: ModelToEvaluate, { limit, rows, settings }: AnomalyModel, plant: UnitStore): Promise<EvaluationReport> => {
  const { document } = model;
  const collected = await collectUnits(plant, model, createTurns(parts.context.signal));
  const judged = collected.units.flatMap((unit, index) => judgedRows(unit, index, settings.window + settings.smoothing, model));
  if (judged.length === 0) throw new AppError('too-little-data', `no '${document.machineType}' there has run for ${settings.window + settings.smoothing} rows that the model has not been trained on; import longer logs`, { machineType: document.machineType });
  const answers = await ask(parts, model.folder, judged.flatMap((one, id) => sliceOf(collected, one, document.sensors.length, rows, id) ?? []));
  const known = judged.flatMap((one, id): (Judged & { share: number })[] => {
    const anomaly: Prediction['anomaly'] = answers.get(id)?.anomaly ?? null;
    return anomaly === null ? [] : [{ ...one, share: anomaly.share }];
  });
  if (known.length === 0) throw new AppError('too-little-data', `the model has no ground on any of these machines: ${[...new Set([...answers.values()].map(({ noForecast }) => noForecast?.detail))].slice(0, 3).join('; ')}`);
  const units = new Set(known.map(({ unit }) => unit)).size;
  const truth = known.map(({ unhealthy }) => unhealthy);
  const against = (called: boolean[]): AnomalyMetrics => metricsOf(units, limit, countDetections(called, truth));
  return {
    model: model.id,
    evaluation: {
      metrics: against(known.map(({ share }) => share > 1)),
      baselines: [{ name: 'everything', metrics: against(truth.map(() => true)) }, { name: 'never', metrics: against(truth.map(() => false)) }],
    },
    perAsset: collected.units.flatMap((unit, index) => {
      const own = known.filter((one) => one.unit === index);
      const last = own.at(-1);
      const reason = judged.flatMap((one, id) => (one.unit === index ? (answers.get(id)?.noForecast?.reason ?? []) : [])).at(-1) ?? null;
      return [{ asset: unit.asset, points: own.length, rmse: null, predicted: last?.share ?? null, truth: last === undefined ? null : Number(last.unhealthy), predictedClass: null, truthClass: null, noForecast: own.length > 0 ? null : reason }];
    }),
  };
};
