import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../dataset/random.ts';
import { simulatedBearing } from '../testdata/bearings.ts';
import { until, type VibrationHistory } from './history.ts';
import { healthIndicator } from './indicator.ts';
import { copyWindow, networkInputs } from './nearness/inputs.ts';
import { healthyLevel, trailingMedian } from './trailing.ts';

const louder = (history: VibrationHistory, gain: number): VibrationHistory => ({
  ...history,
  axes: history.axes.map(({ rms, peak, kurtosis }) => ({ rms: rms.map((value) => value * gain), peak: peak.map((value) => value * gain), kurtosis })),
});

const anyBearing = fc.record({ seed: fc.integer({ min: 0, max: 1e6 }), rows: fc.integer({ min: 2, max: 220 }), stage: fc.integer({ min: 1, max: 60 }) }).map(({ seed, rows, stage }) =>
  simulatedBearing({ name: 'B', rows, stage, growth: 5, healthy: 0.4 }, Random.of(seed, 'bearing')));

describe('trailing medians', () => {
  it('are those of a sorted window', () => {
    fc.assert(fc.property(fc.array(fc.double({ noNaN: true, min: -9, max: 9 }), { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (values, width) => {
      const plain = values.map((_, row) => {
        const window = values.slice(Math.max(0, row - width + 1), row + 1).sort((one, other) => one - other);
        return window[window.length >> 1];
      });
      expect([...trailingMedian(Float64Array.from(values), width)]).toEqual(plain);
    }));
  });

  it('make the lowest level so far the healthy one, once it has settled', () => {
    const levels = Float64Array.from({ length: 40 }, (_, row) => (row < 20 ? 2 - row / 10 : row / 10 - 1));
    const healthy = healthyLevel(levels);
    expect(healthy[5]).toBe(levels[5]);
    expect(healthy[19]).toBeCloseTo(0.1, 9);
    expect(healthy[39]).toBe(healthy[19]);
  });
});

describe('what is seen of a vibration', () => {
  it('at a row is the same whatever comes later', () => {
    fc.assert(fc.property(anyBearing, fc.double({ min: 0.05, max: 1, noNaN: true }), (history, share) => {
      const rows = Math.max(1, Math.floor(history.rows * share));
      const seen = until(history, rows);
      const whole = healthIndicator(history);
      const cut = healthIndicator(seen);
      expect(cut.level).toEqual(whole.level.subarray(0, rows));
      expect(cut.step).toEqual(whole.step.subarray(0, rows));
      expect(cut.impacts).toEqual(whole.impacts.subarray(0, rows));
      expect(networkInputs(seen)).toEqual(networkInputs(history).subarray(0, rows * 6));
    }), { numRuns: 40 });
  });

  it('is the same at any gain of the sensors', () => {
    fc.assert(fc.property(anyBearing, fc.double({ min: 0.01, max: 100, noNaN: true }), (history, gain) => {
      const [one, other] = [healthIndicator(history), healthIndicator(louder(history, gain))];
      one.level.forEach((level, row) => expect(other.level[row]).toBeCloseTo(level, 9));
      one.step.forEach((step, row) => expect(other.step[row]).toBeCloseTo(step, 9));
      const [ours, theirs] = [networkInputs(history), networkInputs(louder(history, gain))];
      ours.forEach((value, cell) => expect(theirs[cell]).toBeCloseTo(value, 5));
    }), { numRuns: 20 });
  });

  it('rises in the last stage and lies about zero before', () => {
    const history = simulatedBearing({ name: 'B', rows: 400, stage: 40, growth: 6, healthy: 0.3 }, Random.of(1, 'bearing'));
    const { level, step } = healthIndicator(history);
    expect(Math.max(...level.subarray(150, 350))).toBeLessThan(0.1);
    expect(level[399]).toBeGreaterThan(1.5);
    expect(step[399]).toBeGreaterThan(1.5);
  });

  it('is padded with the first row where a window looks back before it', () => {
    const cells = new Float32Array(8);
    copyWindow(Float32Array.of(1, 10, 2, 20), 2, 1, 3, cells, 2);
    expect([...cells]).toEqual([0, 0, 1, 10, 1, 10, 2, 20]);
  });
});
