import { medianOf } from '../dataset/grid.ts';
import type { AlarmCurve, AlarmOutcome } from '../documents/detail.ts';
import type { DatasetDocument } from '../documents/dataset.ts';
import type { JudgedLife } from './judgedLives.ts';

const YEAR_MICROS = 365.25 * 24 * 3600e6;
const CYCLES = 1000;
const THRESHOLDS = 20;

interface Scored {
  /** [windows], higher is worse. */
  readonly scores: Float32Array;
  /** Steps before a failure within which an alarm has to stand. */
  readonly horizon: number;
  readonly stepInUnit: number;
}

interface LifeOutcome {
  /** Steps from the alarm that caught the failure to the failure; null: missed, or no failure. */
  readonly lead: number | null;
  readonly falseAlarms: number;
}

/**
 * Alarms of one life: one is raised where the score reaches the limit and stands until it falls below. One that stands within
 * the horizon of the failure has caught it; every other one is false, however many windows it lasts.
 */
const outcomeOf = ({ windows, left }: JudgedLife, limit: number, { scores, horizon }: Scored): LifeOutcome => {
  let falseAlarms = 0;
  let lead: number | null = null;
  let raised: number | null = null;
  windows.forEach((window, at) => {
    const on = (scores[window] ?? Number.NEGATIVE_INFINITY) >= limit;
    const steps = left?.[at] ?? Number.POSITIVE_INFINITY;
    if (on && raised === null) raised = at;
    if (on && raised !== null && lead === null && steps <= horizon) lead = left?.[raised] ?? null;
    if (raised === null || (on && at < windows.length - 1)) return;
    const lastOn = on ? at : at - 1;
    if ((left?.[lastOn] ?? Number.POSITIVE_INFINITY) > horizon) falseAlarms++;
    raised = null;
  });
  return { lead, falseAlarms };
};

/** What alarms at one limit do over all lives. @param shown the threshold as people know it */
const outcomesAt = (lives: readonly JudgedLife[], limit: number, shown: number, scored: Scored): AlarmOutcome => {
  const outcomes = lives.map((life) => outcomeOf(life, limit, scored));
  const leads = outcomes.flatMap(({ lead }) => (lead === null ? [] : [lead * scored.stepInUnit]));
  return {
    threshold: shown,
    failures: lives.filter(({ left }) => (left?.at(-1) ?? Number.POSITIVE_INFINITY) <= scored.horizon).length,
    caught: leads.length,
    falseAlarms: outcomes.reduce((sum, one) => sum + one.falseAlarms, 0),
    leadTime: leads.length === 0 ? null : { least: Math.min(...leads), median: medianOf(leads), most: Math.max(...leads) },
    givenAway: leads.reduce((sum, lead) => sum + lead, 0),
  };
};

/**
 * Failures caught, false alarms and lead times, at the threshold in use and over a curve of others. Alarms are counted as
 * people get them, once each, not by window; no point adjustment.
 * @param scores [windows], higher is worse: a probability, or minus the predicted remaining life in steps
 * @param limit on the score
 * @param horizon steps before a failure within which an alarm has to stand
 * @param shownOf the threshold that people know, from a limit on the score
 */
export const alarmCurve = (document: Pick<DatasetDocument, 'axis' | 'step' | 'stepInUnit'>, lives: readonly JudgedLife[], scores: Float32Array, limit: number, horizon: number, shownOf: (limit: number) => number): AlarmCurve => {
  const scored = { scores, horizon, stepInUnit: document.stepInUnit };
  const judged = lives.flatMap(({ windows }) => windows.map((window) => scores[window] ?? 0)).sort((a, b) => a - b);
  const limits = [...new Set(Array.from({ length: THRESHOLDS }, (_, at) => judged[Math.round(((at + 0.5) / THRESHOLDS) * (judged.length - 1))] ?? 0))];
  const span = lives.reduce((sum, life) => sum + life.span, 0) * document.step;
  return {
    horizon: horizon * document.stepInUnit,
    chosen: outcomesAt(lives, limit, shownOf(limit), scored),
    curve: limits.map((one) => outcomesAt(lives, one, shownOf(one), scored)),
    exposure: document.axis === 'time' ? span / YEAR_MICROS : span / CYCLES,
    exposureUnit: document.axis === 'time' ? 'machine-years' : 'thousand-cycles',
  };
};
