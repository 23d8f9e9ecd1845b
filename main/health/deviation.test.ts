import { describe, expect, it } from 'vitest';
import { findRunningRule, learnLevels, runsIn, type Baseline, type Rows } from './baseline.ts';
import { assess, excessOf, fixedReference, healthStateOf, nothingYet, referenceFrom, smooth } from './deviation.ts';
import { findRegimes, oneRegime, regimeCount, regimeOf } from './regimes.ts';

/** Deterministic scatter of standard deviation about 1. */
const scatter = (k: number): number => Math.sqrt(2) * Math.sin(k * 12.9898 + Math.cos(k * 78.233));
const rowsOf = (rows: readonly (readonly number[])[]): Rows => ({ start: 1, step: 1, count: rows.length, sensors: rows[0]?.length ?? 0, values: Float32Array.from(rows.flat()) });
const columnsOf = (rows: readonly (readonly number[])[]): number[][] => (rows[0] ?? []).map((_, s) => rows.map((row) => row[s] ?? Number.NaN));
const baselineOf = (rows: Rows, regimes = oneRegime): Baseline => {
  const levels = learnLevels(rows, null, regimes, 25);
  if (levels === null) throw new Error('too few rows');
  const settings = regimes.settings.map(({ sensor, levels: ranges }) => ({ sensor, levels: [...ranges] }));
  const names = Array.from({ length: rows.sensors }, (_, s) => `s${s}`);
  return { version: 1, sensors: [], names, step: 1, regimeRows: rows.count, running: null, regimes: { settings }, ...levels, reference: fixedReference(rows.sensors), endedAt: null, atFailure: null };
};

describe('standstill', () => {
  it('is told by the speed, else by the current, and by nothing where there is neither', () => {
    const rows = rowsOf([...Array.from({ length: 30 }, () => [40, 1480, 12]), ...Array.from({ length: 30 }, () => [20, 1, 0])]);
    const rule = findRunningRule([{ name: 'temperature', unit: '°C' }, { name: 'n', unit: 'rpm' }, { name: 'motor current', unit: 'A' }], rows);
    expect(rule).toEqual({ sensor: 1, above: 148 });
    expect([runsIn(rule, rows, 0), runsIn(rule, rows, 45)]).toEqual([true, false]);
    expect(findRunningRule([{ name: 't', unit: null }, { name: 'p', unit: 'bar' }, { name: 'q', unit: 'm' }], rows)).toBeNull();
  });
});

describe('operating regimes', () => {
  const operated = Array.from({ length: 600 }, (_, k) => {
    const load = [0.8, 1, 1][Math.floor(k / 8) % 3] ?? 1;
    const changing = k % 8 === 0 && k % 40 === 0;
    return [1500 * (changing ? 0.9 : load) + 2 * scatter(k), 100 * load + scatter(3 * k), 60 + k / 30];
  });

  it('are the levels of a set point; rows between two levels belong to none', () => {
    const regimes = findRegimes(columnsOf(operated));
    expect(regimes.settings.map(({ sensor }) => sensor)).toContain(0);
    expect(regimeCount({ settings: regimes.settings.filter(({ sensor }) => sensor === 0) })).toBe(2);
    expect(regimeOf(regimes, Float32Array.from([1350, 90, 60]))).toBeNull();
  });

  it('are not seen in wear, in noise, or in the resolution of an instrument', () => {
    const rows = Array.from({ length: 400 }, (_, k) => [k < 200 ? 10 : 20, scatter(k), 21.6 + (k % 2) * 0.01, 50 + k / 10]);
    expect(findRegimes(columnsOf(rows))).toEqual(oneRegime);
  });

  it('have healthy levels of their own', () => {
    const baseline = baselineOf(rowsOf(operated), { settings: findRegimes(columnsOf(operated)).settings.filter(({ sensor }) => sensor === 0) });
    const flows = baseline.level.map((regime) => Math.round(regime[1] ?? 0));
    const [low = 0, high = 0] = flows.toSorted((a, b) => a - b);
    expect(Math.abs(low - 80)).toBeLessThanOrEqual(2);
    expect(Math.abs(high - 100)).toBeLessThanOrEqual(2);
  });
});

describe('the index', () => {
  const healthy = rowsOf(Array.from({ length: 40 }, (_, k) => [100 + scatter(k), 5 + 0.1 * scatter(7 * k)]));
  const baseline = baselineOf(healthy);
  const after = (rows: number, values: readonly [number, number]): ReturnType<typeof assess> => {
    let smoothed = nothingYet(2);
    for (let k = 0; k < rows; k++) smoothed = smooth(baseline, smoothed, Float32Array.from(values), 0);
    return assess(baseline, smoothed);
  };

  it('is 100 within healthy scatter and falls with the deviation, either way', () => {
    expect(after(20, [100.5, 5])).toEqual({ index: 100, state: 'normal', drivers: [] });
    const [up, down, far] = [after(20, [112, 5]), after(20, [88, 5]), after(20, [200, 5])];
    expect(Math.abs((up.index ?? 0) - (down.index ?? 0))).toBeLessThan(10);
    expect(up.index).toBeLessThan(80);
    expect(far).toMatchObject({ index: 0, state: 'critical' });
    expect(far.drivers).toEqual([{ sensor: 's0', share: 1 }]);
  });

  it('is moved by a lasting deviation, not by one reading', () => {
    let smoothed = nothingYet(2);
    for (let k = 0; k < 20; k++) smoothed = smooth(baseline, smoothed, Float32Array.from([100, 5]), 0);
    const spike = assess(baseline, smooth(baseline, smoothed, Float32Array.from([110, 5]), 0));
    expect(spike.index).toBeGreaterThan(90);
  });

  it('passes over a reading that is missing', () => {
    const smoothed = smooth(baseline, nothingYet(2), Float32Array.from([100, Number.NaN]), 0);
    expect(smoothed[1]).toBeNaN();
    expect(excessOf(baseline, smoothed)).toEqual([0, 0]);
  });

  it('weighs part of a row as part', () => {
    const start = smooth(baseline, nothingYet(2), Float32Array.from([100, 5]), 0);
    const half = smooth(baseline, smooth(baseline, start, Float32Array.from([150, 5]), 0, 0.5), Float32Array.from([150, 5]), 0, 0.5);
    const whole = smooth(baseline, start, Float32Array.from([150, 5]), 0);
    expect(half[0]).toBeCloseTo(whole[0] ?? Number.NaN, 9);
  });

  it('is measured by how earlier lives failed: 0 there, and by each sensor that a failure mode moves', () => {
    const reference = referenceFrom([[50, 0], [40, 1], [0, 9], [2, 8], [55, 0]], 2);
    expect(reference.perSensor[0]).toBeGreaterThan(30);
    expect(reference.perSensor[1]).toBeGreaterThan(5);
    const smoothed = [reference.perSensor[0] ?? 0, 0].map((excess) => (excess === 0 ? 0 : excess * reference.total + 2));
    expect(assess({ ...baseline, reference }, smoothed).index).toBe(0);
  });

  it('has four states', () => {
    expect([100, 60, 30, 0].map(healthStateOf)).toEqual(['normal', 'watch', 'warning', 'critical']);
  });
});
