import type { AlarmCurve, AlarmOutcome } from './detail.ts';

/** What things cost in the plant, in its own money. */
export interface Costs {
  /** A failure that no alarm came before. */
  readonly miss: number;
  /** Looking after an alarm that was false. */
  readonly falseAlarm: number;
  /** A planned replacement in time. */
  readonly replacement: number;
  /** A unit of remaining life (a day, an hour, a cycle) that is given away by replacing early. */
  readonly early: number;
}

/** What the judged lives would have cost with alarms at one threshold. */
export const costOf = ({ failures, caught, falseAlarms, givenAway }: AlarmOutcome, { miss, falseAlarm, replacement, early }: Costs): number =>
  (failures - caught) * miss + falseAlarms * falseAlarm + caught * replacement + givenAway * early;

export interface CostPoint {
  readonly threshold: number;
  /** Of a failure, on average over the judged ones. */
  readonly perFailure: number;
}

/**
 * Cost by threshold (expected cost, Drummond and Holte 2006), in the plant's money for each failure that comes; and what running
 * to failure costs, which an alarm has to beat.
 */
export const costCurve = ({ curve, chosen }: Pick<AlarmCurve, 'curve' | 'chosen'>, costs: Costs): { readonly points: CostPoint[]; readonly chosen: number; readonly runToFailure: number; readonly best: CostPoint | null } => {
  const each = Math.max(1, chosen.failures);
  const points = curve.map((outcome) => ({ threshold: outcome.threshold, perFailure: costOf(outcome, costs) / each }));
  const best = points.reduce<CostPoint | null>((least, point) => (least === null || point.perFailure < least.perFailure ? point : least), null);
  return { points, chosen: costOf(chosen, costs) / each, runToFailure: costs.miss, best };
};
