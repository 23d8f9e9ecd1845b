import { describe, expect, it } from 'vitest';
import type { DatasetUnit } from '../documents/dataset.ts';
import { EvaluationDetail } from '../documents/detail.ts';
import { TrainingConfig } from '../documents/config.ts';
import { normalisedRows } from '../dataset/gather.ts';
import type { Points } from './baselines/points.ts';
import { costCurve } from '../documents/costs.ts';
import { detailOf } from './detail.ts';
import { errorByTruth } from './errorByTruth.ts';
import { reliabilityOf } from './reliability.ts';

const DAY = 24 * 3600e6;

/** Lives of 40 days, judged each day; the second was cut off and never failed. */
const pointsOf = (labelOf: (left: number | null) => number): Points => {
  const units: DatasetUnit[] = [0, 1].map((at) => ({ asset: `m${at}`, offset: 40 * at, rows: 40, start: 0, end: at === 0 ? 'failure' : 'censored', failureAt: at === 0 ? 40 * DAY : null, split: 'validation' }));
  const ends = Int32Array.from({ length: 80 }, (_, row) => row);
  return {
    document: { version: 1, task: 'rul', machineType: 'm', axis: 'time', step: DAY, unit: 'days', stepInUnit: 1, sensors: [{ name: 's', unit: null }], units, rows: 80, cleaning: null, fingerprint: '', leftOut: [] },
    rows: normalisedRows(new Float32Array(80), 1),
    windows: { ends, firsts: ends.map((row) => (row < 40 ? 0 : 40)), units: ends.map((row) => (row < 40 ? 0 : 1)), labels: Float32Array.from(ends, (row) => labelOf(row < 40 ? 40 - row : null)) },
    window: 4,
  };
};

describe('detail of a failure within a horizon', () => {
  const config = TrainingConfig.parse({ task: 'failure', horizon: 10 });
  const points = pointsOf((left) => Number(left !== null && left <= 10));
  /** Alarms on the given days of the life that fails, and of the one that doesn't. */
  const scoresOn = (failing: readonly number[], healthy: readonly number[]): Float32Array => Float32Array.from({ length: 80 }, (_, row) => (failing.includes(row) || healthy.includes(row - 40) ? 0.9 : 0.1));

  it('counts alarms once each, those that stand before the failure as caught', () => {
    const detail = detailOf(points, config, scoresOn([3, 4, 5, 28, 29, 30, 31, 32, 33], [7, 8, 20]), 0.5);
    expect(EvaluationDetail.parse(JSON.parse(JSON.stringify(detail)))).toEqual(detail);
    expect(detail?.alarms?.chosen).toEqual({ threshold: 0.5, failures: 1, caught: 1, falseAlarms: 3, leadTime: { least: 12, median: 12, most: 12 }, givenAway: 12 });
    expect(detail?.alarms?.exposure).toBeCloseTo(78 / 365.25);
    expect(detail?.alarms?.horizon).toBe(10);
  });

  it('misses a failure whose alarm is over before the horizon, and one without any', () => {
    expect(detailOf(points, config, scoresOn([10, 11], []), 0.5)?.alarms?.chosen).toMatchObject({ caught: 0, falseAlarms: 1, leadTime: null });
    expect(detailOf(points, config, scoresOn([], []), 0.5)?.alarms?.chosen).toMatchObject({ failures: 1, caught: 0, falseAlarms: 0 });
    // An alarm in the very last window counts.
    expect(detailOf(points, config, scoresOn([39], []), 0.5)?.alarms?.chosen).toMatchObject({ caught: 1, falseAlarms: 0, leadTime: { median: 1 } });
    // A life that goes on with its alarm standing has a false one.
    expect(detailOf(points, config, scoresOn([], [39]), 0.5)?.alarms?.chosen).toMatchObject({ falseAlarms: 1 });
  });

  it('puts alarms into the plant\'s money', () => {
    const alarms = detailOf(points, config, scoresOn([3, 35, 36, 37, 38, 39], []), 0.5)?.alarms;
    if (alarms === null || alarms === undefined) throw new Error('every day is judged');
    const { chosen, runToFailure, best } = costCurve(alarms, { miss: 1000, falseAlarm: 50, replacement: 200, early: 10 });
    expect(chosen).toBe(50 + 200 + 5 * 10);
    expect(runToFailure).toBe(1000);
    expect(best?.perFailure).toBeLessThanOrEqual(300);
  });
});

describe('detail of remaining life', () => {
  const config = TrainingConfig.parse({ task: 'rul', rulCap: 20 });
  const points = pointsOf((left) => Math.min(20, left ?? 20));

  it('is perfect where every prediction is', () => {
    const detail = detailOf(points, config, points.windows.labels, 0.5);
    expect(detail?.prognostic).toMatchObject({ horizon: 20, livesWithHorizon: 1, lives: 1 });
    expect(detail?.prognostic?.accuracy.every(({ within }) => within === 1)).toBe(true);
    expect(detail?.errorByTruth?.every((bin) => bin.rmse === 0 && bin.bias === 0)).toBe(true);
    expect(detail?.alarms?.chosen).toMatchObject({ caught: 1, falseAlarms: 0 });
  });

  it('tells from when on the predictions stay near the truth', () => {
    // 12 days too long until 10 are left, right from then on.
    const said = points.windows.labels.map((left) => (left > 10 ? left + 12 : left));
    const detail = detailOf(points, config, said, 0.5);
    expect(detail?.prognostic?.horizon).toBe(10);
    expect(detail?.prognostic?.accuracy.map(({ within }) => within)).toEqual([0, 1, 1, 1]);
    expect(errorByTruth(said, points.windows.labels, 20, 1).find(({ from }) => from === 12)).toMatchObject({ to: 16, bias: 12, rmse: 12, points: 4 });
  });
});

it('reliability counts what came of each probability', () => {
  const { bins, brier, expectedError } = reliabilityOf(Float32Array.of(0.25, 0.25, 0.25, 0.25, 1), Float32Array.of(0, 0, 0, 1, 1));
  expect(bins).toEqual([{ from: 0.2, to: 0.3, points: 4, predicted: 0.25, observed: 0.25 }, { from: 0.9, to: 1, points: 1, predicted: 1, observed: 1 }]);
  expect(expectedError).toBeCloseTo(0);
  expect(brier).toBeCloseTo((3 * 0.0625 + 0.5625) / 5);
});
