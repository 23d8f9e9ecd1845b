import { describe, expect, it } from 'vitest';
import type { SensorCleaning } from '../../documents/cleaning.ts';
import { cleanGrid } from './grid.ts';
import { Mask } from './mask.ts';
import { Resampler } from './resample.ts';

const none: SensorCleaning = { spikeSigmas: null, sigma: 0, flatReadings: null, low: null, high: null, interval: 1 };
const masked = (rule: Partial<SensorCleaning>, values: readonly number[], spans: { from: number; to: number }[] = []): { left: number[]; mask: Mask } => {
  const mask = new Mask({ ...none, ...rule }, spans);
  return { left: values.flatMap((value, i) => (mask.takes(i, value) ? [i] : [])), mask };
};
const noise = (count: number): number[] => Array.from({ length: count }, (_, i) => 10 + 0.3 * Math.sin(i * 12.9898));

describe('a mask', () => {
  it('leaves out spikes, and of a step its first two readings', () => {
    const values = noise(120).map((value, i) => (i === 40 || i === 41 ? 30 : i >= 80 ? value + 15 : value));
    expect(masked({ spikeSigmas: 8, sigma: 0.1 }, values)).toMatchObject({ left: [40, 41, 80, 81], mask: { counts: { spike: 4, flat: 0 } } });
  });
  it('leaves out a flat line from the reading on that makes it one', () => {
    const values = [...noise(20), ...Array<number>(10).fill(5), ...noise(5)];
    expect(masked({ flatReadings: 6 }, values).left).toEqual([25, 26, 27, 28, 29]);
  });
  it('leaves out what is out of range and what people took out, each counted once', () => {
    const { left, mask } = masked({ low: 0, high: 20 }, [5, -1, 21, 20, 7, 8, 30], [{ from: 5, to: 6 }]);
    expect(left).toEqual([1, 2, 5, 6]);
    expect(mask.counts).toEqual({ spike: 0, flat: 0, outOfRange: 2, spans: 2 });
  });
  it('that has no rule leaves out nothing', () => {
    expect(masked({}, [1, 1, 1, 1e9, -1e9, 1, 1]).left).toEqual([]);
  });
});

it.each([['mean', [2, 7.5]], ['median', [2, 7.5]], ['last', [3, 5]], ['min', [1, 5]], ['max', [3, 10]]] as const)('resampling by %s puts a step at its end', (how, wanted) => {
  const out: number[] = [];
  const at: number[] = [];
  const resampler = new Resampler({ step: 10, how }, (position, value) => {
    at.push(position);
    out.push(value);
  });
  for (const [position, value] of [[1, 1], [5, 2], [10, 3], [31, 10], [40, 5]] as const) resampler.add(position, value);
  resampler.end();
  expect({ at, out }).toEqual({ at: [10, 40], out: [...wanted] });
});

it('a value is held for as long as is said, and not before the first', () => {
  const readings = { positions: Float64Array.of(20, 100), values: Float64Array.of(4, 6) };
  const read = (from: number, to: number) => {
    const within = (_: number, i: number): boolean => (readings.positions[i] ?? 0) >= from && (readings.positions[i] ?? 0) <= to;
    return { positions: readings.positions.filter(within), values: readings.values.filter(within) };
  };
  const steps = cleanGrid({ columns: [{ read, first: 20, rule: null, spans: [] }], cleaning: { hold: 30, resample: null }, start: 10, step: 10, rows: 10 });
  let next = steps.next();
  while (next.done !== true) next = steps.next();
  expect([...next.value]).toEqual([NaN, 4, 4, 4, 4, NaN, NaN, NaN, NaN, 6]);
});
