import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AssetId, SensorId } from '../../contract/values.ts';
import { habitsOf } from '../learn/learn.ts';
import { clockOf, signalsOf } from '../../testdata/signals.ts';
import { Periods } from './periods.ts';
import { rulesOf } from './rules.ts';
import { SensorScan } from './scan.ts';

const rows = 3000;
const positions = clockOf(rows);
const signals = signalsOf(9, rows);
const chosen = { interval: null, gapFactor: null, flatReadings: null, spikeSigmas: null, low: null, high: null };
const scanOf = (values: Float64Array): SensorScan => {
  const sensor = { id: SensorId.parse(1), asset: AssetId.parse(1), name: 'x', quantity: null, unit: null, unitAsWritten: null, kind: 'number' as const, nominalInterval: null, limitLow: null, limitHigh: null };
  return new SensorScan(rulesOf(sensor, habitsOf([{ positions, values }]), chosen), new Periods(positions[0] ?? 0, positions[rows - 1] ?? 0, 7));
};

/** Faults of any kind in any place. */
const faulty = fc.record({
  signal: fc.nat(signals.length - 1),
  spikes: fc.array(fc.tuple(fc.nat(rows - 1), fc.double({ min: -500, max: 500, noNaN: true })), { maxLength: 30 }),
  flat: fc.tuple(fc.nat(rows - 1), fc.nat(500)),
  missing: fc.array(fc.nat(rows - 1), { maxLength: 60 }),
}).map(({ signal, spikes, flat: [start, length], missing }) => {
  const values = (signals[signal]?.values ?? new Float64Array(rows)).slice();
  for (const [i, size] of spikes) values[i] = (values[i] ?? 0) + size;
  values.fill(values[start] ?? 0, start, start + length);
  for (const i of missing) values[i] = NaN;
  return values;
});

it('what is seen does not depend on the pages that the rows come in, nor on looking in between', () => {
  fc.assert(
    fc.property(faulty, fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 8 }), (values, sizes) => {
      const whole = scanOf(values);
      whole.feed(positions, values);
      const paged = scanOf(values);
      for (let from = 0, page = 0; from < rows; page += 1) {
        const to = from + (sizes[page % sizes.length] ?? 1);
        paged.feed(positions.subarray(from, to), values.subarray(from, to));
        if (page % 3 === 0) paged.result();
        from = to;
      }
      expect(paged.result()).toEqual(whole.result());
    }),
    { numRuns: 60 },
  );
});

it('what is blamed lies within what is there', () => {
  fc.assert(
    fc.property(faulty, (values) => {
      const scan = scanOf(values);
      scan.feed(positions, values);
      const { readings, flat, spikes, outOfRange, missing, periods } = scan.result();
      for (const tally of [flat, spikes, outOfRange]) expect(tally.count).toBeLessThanOrEqual(readings);
      expect(missing.count).toBeLessThanOrEqual(rows - readings);
      expect(periods.reduce((sum, period) => sum + period.count, 0)).toBe(readings);
      expect(periods.reduce((sum, period) => sum + period.spikes, 0)).toBe(spikes.count);
    }),
    { numRuns: 60 },
  );
});
