import type { TrainingConfig } from '../documents/config.ts';
import type { EvaluationDetail } from '../documents/detail.ts';
import { alarmCurve } from './alarms.ts';
import type { Points } from './baselines/points.ts';
import { errorByTruth } from './errorByTruth.ts';
import { judgedLives } from './judgedLives.ts';
import { prognosticQuality } from './prognostic.ts';
import { reliabilityOf } from './reliability.ts';

/** Windows a life from which on alarms can be followed through it. */
const WINDOWS_TO_FOLLOW = 12;
/** Remaining life at which an alarm is raised where a model tells remaining life, as a share of the cap: 30 of C-MAPSS's 125 cycles. */
const ALARM_OF_CAP = 0.24;

/**
 * What stands behind the numbers: errors by true remaining life, alpha-lambda and prognostic horizon; reliability; alarms with
 * failures caught, false alarms and lead times.
 * @param predicted [windows]: steps, or probabilities
 * @param threshold on the probability; of no meaning for remaining life
 * @returns null for other tasks
 */
export const detailOf = (points: Points, config: TrainingConfig, predicted: Float32Array, threshold: number): EvaluationDetail | null => {
  if (config.task !== 'rul' && config.task !== 'failure') return null;
  const { document, windows } = points;
  const lives = judgedLives(points);
  const followed = lives.length > 0 && windows.ends.length / lives.length >= WINDOWS_TO_FOLLOW;
  const none = { unit: document.unit, errorByTruth: null, prognostic: null, reliability: null };
  if (config.task === 'failure') {
    const alarms = followed ? alarmCurve(document, lives, predicted, threshold, config.horizon ?? 0, (limit) => limit) : null;
    return { ...none, reliability: reliabilityOf(predicted, windows.labels), alarms };
  }
  const cap = config.rulCap ?? Math.max(...windows.labels);
  const limit = ALARM_OF_CAP * cap;
  // Higher is worse: the less life is left, the higher the score.
  const alarms = followed ? alarmCurve(document, lives, predicted.map((steps) => -steps), -limit, limit, (score) => -score * document.stepInUnit) : null;
  return { ...none, errorByTruth: errorByTruth(predicted, windows.labels, cap, document.stepInUnit), prognostic: prognosticQuality(lives, predicted, cap, document.stepInUnit), alarms };
};
