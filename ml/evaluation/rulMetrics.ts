import type { DatasetDocument } from '../documents/dataset.ts';
import type { RulMetrics } from '../documents/metrics.ts';
import { asymmetricScore } from './asymmetricScore.ts';
import type { Coverage } from './conformal.ts';
import { mae } from './mae.ts';
import { rmse } from './rmse.ts';

/** Cycles that the asymmetric score was made for: on an axis of time the cap is taken for as many. */
const SCORED_CAP = 125;

/**
 * Metrics of remaining useful life.
 * @param predicted steps
 * @param truth steps
 * @param units units that the points belong to
 * @returns rmse, mae and width in the dataset's unit; the score on cycles, or on the cap as if it were 125 cycles
 */
export const rulMetrics = (
  document: Pick<DatasetDocument, 'axis' | 'unit' | 'stepInUnit'>,
  predicted: Float32Array,
  truth: Float32Array,
  units: number,
  cap: number,
  coverage: Coverage | null,
): RulMetrics => {
  const inScore = document.axis === 'cycle' ? 1 : SCORED_CAP / cap;
  return {
    kind: 'rul',
    unit: document.unit,
    units,
    points: truth.length,
    rmse: rmse(predicted, truth) * document.stepInUnit,
    mae: mae(predicted, truth) * document.stepInUnit,
    score: asymmetricScore(predicted.map((steps) => steps * inScore), truth.map((steps) => steps * inScore)),
    coverage90: coverage?.coverage ?? null,
    meanWidth90: coverage === null ? null : coverage.meanWidth * document.stepInUnit,
  };
};
