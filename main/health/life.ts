import type { Life } from '../../ml/dataset/lives.ts';
import type { Health } from '../contract/plant.ts';
import { findRunningRule, learnLevels, rowAt, rowsToLearn, runsIn, type Baseline, type Rows, type RunningRule } from './baseline.ts';
import { assess, fixedReference, type Smoothed } from './deviation.ts';
import { findRegimes, type Regimes } from './regimes.ts';
import { excessAtFailure, traceOf, type TracePoint } from './trace.ts';
import type { MachineView } from './view.ts';

/** How one machine is operated: the same for all its lives. */
export interface Operation {
  readonly running: RunningRule;
  readonly regimes: Regimes;
  readonly regimeRows: number;
}

/** @param rows of the machine's whole time */
export const operationOf = (view: MachineView, rows: Rows): Operation => {
  // A cycle is a run by its nature.
  const running = view.asset.axis === 'cycle' ? null : findRunningRule(view.sensors, rows);
  const at: number[] = [];
  for (let k = 0; k < rows.count; k++) if (runsIn(running, rows, k)) at.push(k);
  const columns = view.sensors.map((_, sensor) => at.map((k) => rows.values[k * rows.sensors + sensor] ?? Number.NaN));
  return { running, regimes: findRegimes(columns), regimeRows: at.length };
};

/** One life as far as its rows go: its baseline once there are enough of them, and the deviations from it. */
export interface LifeHealth {
  readonly life: Life;
  readonly rows: Rows;
  readonly baseline: Baseline | null;
  readonly trace: readonly TracePoint[];
}

/** Learns the baseline of one life and follows it. @param rows of that life alone */
export const followLife = (view: MachineView, life: Life, rows: Rows, { running, regimes, regimeRows }: Operation): LifeHealth => {
  const learned = learnLevels(rows, running, regimes, rowsToLearn[view.asset.axis]);
  if (learned === null) return { life, rows, baseline: null, trace: [] };
  const names = view.sensors.map((sensor) => sensor.name);
  const sensors = view.sensors.map((sensor) => sensor.id);
  const settings = regimes.settings.map(({ sensor, levels }) => ({ sensor, levels: [...levels] }));
  const open: Baseline = {
    version: 1, sensors, names, step: rows.step, regimeRows, running, regimes: { settings }, ...learned, reference: fixedReference(names.length),
    endedAt: life.ended === 'not-yet' ? null : life.end, atFailure: null,
  };
  const trace = traceOf(open, rows);
  // A failure after the last reading: how the machine looked at it nobody saw.
  const seen = life.failureAt !== null && life.failureAt <= life.end;
  return { life, rows, baseline: { ...open, atFailure: seen ? excessAtFailure(open, trace) : null }, trace };
};

const learning = (asset: MachineView['asset'], at: number): Health => ({ asset: asset.id, at, index: null, state: 'unknown', drivers: [], reason: 'baseline-learning' });

export const healthAt = (view: MachineView, baseline: Baseline, at: number, smoothed: Smoothed): Health => ({ asset: view.asset.id, at, ...assess(baseline, smoothed), reason: null });

/** The rows of a life that come before its baseline is known, as health: the first, which says that a new life began, and each that ran. */
export const learningPoints = (view: MachineView, rows: Rows, running: RunningRule, until: number): Health[] => {
  const points: Health[] = [];
  for (let k = 0; k < rows.count; k++) {
    const at = rows.start + k * rows.step;
    if (at > until) break;
    if (k === 0 || runsIn(running, rows, k)) points.push(learning(view.asset, at));
  }
  return points;
};

/** The whole health history of one life. */
export const pointsOf = (view: MachineView, { rows, baseline, trace }: LifeHealth, running: RunningRule): Health[] => {
  if (baseline === null) return learningPoints(view, rows, running, Infinity);
  const known = trace.filter(({ at }) => at > baseline.learnedUntil).map(({ at, smoothed }) => healthAt(view, baseline, at, smoothed));
  return [...learningPoints(view, rows, running, baseline.learnedUntil), ...known];
};

/** The newest reading's own row, when it ran: what came in after the last whole row. */
export const runningRow = (baseline: Baseline, rows: Rows): Float32Array | null => (rows.count > 0 && runsIn(baseline.running, rows, 0) ? rowAt(rows, 0) : null);
