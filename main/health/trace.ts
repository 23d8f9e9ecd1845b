import { rowAt, runsIn, type Baseline, type Rows } from './baseline.ts';
import { excessOf, nothingYet, smooth, type Smoothed } from './deviation.ts';
import { regimeOf } from './regimes.ts';

/** One running row of a life and what the smoothed deviations are with it. */
export interface TracePoint {
  readonly at: number;
  readonly smoothed: Smoothed;
}

/** Whether the healthy levels of a regime are known. */
export const isLearned = (baseline: Pick<Baseline, 'level'>, regime: number): boolean => baseline.level[regime]?.some((level) => level !== null) ?? false;

/** Smoothed deviations along the running rows of one life; standstill and rows of a regime not learned yet are passed over. */
export const traceOf = (baseline: Baseline, rows: Rows, before: Smoothed = nothingYet(rows.sensors)): TracePoint[] => {
  const points: TracePoint[] = [];
  let smoothed = before;
  for (let k = 0; k < rows.count; k++) {
    const regime = runsIn(baseline.running, rows, k) ? regimeOf(baseline.regimes, rowAt(rows, k)) : null;
    if (regime === null || !isLearned(baseline, regime)) continue;
    smoothed = smooth(baseline, smoothed, rowAt(rows, k), regime);
    points.push({ at: rows.start + k * rows.step, smoothed });
  }
  return points;
};

/** A life's state at failure is the mean of this many last points. */
const LAST_POINTS = 3;

/** The mean excess over the last points of a failed life; null when it has none. */
export const excessAtFailure = (baseline: Baseline, trace: readonly TracePoint[]): number[] | null => {
  const last = trace.slice(-LAST_POINTS).map(({ smoothed }) => excessOf(baseline, smoothed));
  if (last.length === 0) return null;
  return baseline.names.map((_, sensor) => last.reduce((sum, excess) => sum + (excess[sensor] ?? 0), 0) / last.length);
};
