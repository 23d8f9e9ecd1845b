import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SensorCleaning, SettledCleaning } from '../../documents/cleaning.ts';
import { cleanGrid } from './grid.ts';
import type { Series } from './resample.ts';

const rule: SensorCleaning = { spikeSigmas: 6, sigma: 0.2, flatReadings: 12, low: -30, high: 60, interval: 10 };
const series = fc.array(fc.tuple(fc.integer({ min: 1, max: 25 }), fc.oneof(fc.double({ min: -2, max: 2, noNaN: true }), fc.constant(1), fc.double({ min: -90, max: 90, noNaN: true }))), { minLength: 30, maxLength: 200 })
  .map((steps): Series => {
    let at = 0;
    return { positions: Float64Array.from(steps, ([step]) => (at += step)), values: Float64Array.from(steps, ([, value]) => value) };
  });
const cleanings = fc.record({
  hold: fc.option(fc.integer({ min: 10, max: 200 })),
  resample: fc.option(fc.record({ step: fc.integer({ min: 5, max: 60 }), how: fc.constantFrom('mean', 'median', 'last', 'min', 'max') })),
});

const reader = ({ positions, values }: Series) => (from: number, to: number): Series => {
  const within = (_: number, i: number): boolean => (positions[i] ?? NaN) >= from && (positions[i] ?? NaN) <= to;
  return { positions: positions.filter(within), values: values.filter(within) };
};
const whole = (steps: Generator<void, Float32Array>): Float32Array => {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
};
const gridOf = (read: Series, cleaning: Pick<SettledCleaning, 'hold' | 'resample'>, start: number, step: number, rows: number): Float32Array =>
  whole(cleanGrid({ columns: [{ read: reader(read), first: read.positions[0] ?? null, rule, spans: [{ from: 300, to: 340 }] }], cleaning, start, step, rows }));

it('no row knows what comes after it', () => {
  fc.assert(
    fc.property(series, cleanings, fc.nat(199), fc.double({ min: -90, max: 90, noNaN: true }), (read, cleaning, place, planted) => {
      const at = place % read.positions.length;
      const other = { positions: read.positions, values: read.values.with(at, planted) };
      const [before, after] = [gridOf(read, cleaning, 20, 20, 120), gridOf(other, cleaning, 20, 20, 120)];
      const rows = Math.ceil(((read.positions[at] ?? 0) - 20) / 20);
      expect(after.subarray(0, Math.max(0, rows))).toEqual(before.subarray(0, Math.max(0, rows)));
    }),
    { numRuns: 200 },
  );
});

it('a slice of the newest rows is the end of all rows', () => {
  fc.assert(
    fc.property(series, cleanings, fc.integer({ min: 1, max: 20 }), (read, cleaning, rows) => {
      const last = Math.floor((read.positions.at(-1) ?? 0) / 20) + 1;
      const whole = gridOf(read, cleaning, 20, 20, last);
      const more = Math.min(Math.max(0, last - rows), Math.ceil((cleaning.hold ?? 0) / 20));
      const taken = Math.min(rows, last);
      const slice = gridOf(read, cleaning, 20 * (last - taken - more + 1), 20, taken + more);
      expect(slice.subarray(more)).toEqual(whole.subarray(last - taken));
    }),
    { numRuns: 200 },
  );
});
