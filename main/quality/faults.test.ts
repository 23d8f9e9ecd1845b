import { describe, expect, it } from 'vitest';
import { SensorId, AssetId } from '../contract/values.ts';
import type { Sensor } from '../contract/plant.ts';
import type { QualityThresholds } from '../contract/quality.ts';
import { Random } from '../simulator/random.ts';
import { habitsOf } from './learn/learn.ts';
import { rulesOf } from './scan/rules.ts';
import { SensorScan, type ScanResult } from './scan/scan.ts';
import { clockOf, ROWS, signalsOf, type Signal } from '../testdata/signals.ts';

/* Faults of known places in signals as plants have them: how many are found, and how much that is sound is blamed. Seeds are fixed. */

const chosen: QualityThresholds = { interval: null, gapFactor: null, flatReadings: null, spikeSigmas: null, low: null, high: null };
const sensorOf = ({ name, unit }: Pick<Signal, 'name' | 'unit'>): Sensor => ({ id: SensorId.parse(1), asset: AssetId.parse(1), name, quantity: null, unit, unitAsWritten: unit, kind: 'number', nominalInterval: null, limitLow: null, limitHigh: null });

const scan = (signal: Pick<Signal, 'name' | 'unit'>, positions: Float64Array, values: Float64Array): ScanResult => {
  const rules = rulesOf(sensorOf(signal), habitsOf([{ positions, values }]), chosen);
  const one = new SensorScan(rules);
  // In pages of odd lengths, as a store gives them.
  for (let from = 0; from < values.length; from += 1777) one.feed(positions.subarray(from, from + 1777), values.subarray(from, from + 1777));
  return one.result();
};

const seeds = [1, 2, 3];
const named = (seed: number, ...names: string[]): Signal[] => signalsOf(seed).filter(({ name }) => names.includes(name));
const told: string[] = [];
const tell = (what: string, shares: Record<string, number>): void => {
  told.push(`${what}: ${Object.entries(shares).map(([name, share]) => `${name} ${(100 * share).toFixed(2)} %`).join(', ')}`);
};

describe('what is sound', () => {
  it.each(seeds)('is not blamed (seed %i)', (seed) => {
    const positions = clockOf();
    const blamed = signalsOf(seed).map((signal) => {
      const { spikes, flat, gaps, missing, outOfRange, drift } = scan(signal, positions, signal.values);
      return { name: signal.name, spikes: spikes.count, flat: flat.count, gaps: gaps.count, missing: missing.count, outOfRange: outOfRange.count, drift: drift.count };
    });
    tell(`sound, seed ${seed}`, Object.fromEntries(blamed.map((one) => [one.name, (one.spikes + one.flat + one.outOfRange) / ROWS])));
    for (const one of blamed) {
      expect(one).toMatchObject({ flat: 0, gaps: 0, missing: 0, outOfRange: 0, drift: 0 });
      // One reading in two thousand may look like a spike, where heavy tails are the signal's nature; none elsewhere.
      expect(one.spikes, one.name).toBeLessThanOrEqual(one.name === 'impulsive vibration' ? ROWS / 2000 : 1);
    }
  });
});

/** Where a spike was put, and what was put there. */
const withSpikes = ({ values }: Signal, random: Random, size: number): { values: Float64Array; at: Set<number> } => {
  const spiked = values.slice();
  const at = new Set<number>();
  for (let k = 0; k < 40; k += 1) {
    const start = 200 + k * 490 + Math.floor(random.between(0, 250));
    const width = k % 3 === 0 ? 2 : 1;
    const sign = random.between(0, 1) < 0.5 ? -1 : 1;
    for (let i = start; i < start + width; i += 1) {
      spiked[i] = (spiked[i] ?? 0) + sign * size * random.between(1, 3);
      at.add(i);
    }
  }
  return { values: spiked, at };
};

describe('spikes', () => {
  it.each([['process value', 0.6], ['thermometer of a tenth', 3], ['current by shifts', 45], ['gusty flow', 35], ['ramping temperature', 15]] as const)('in a %s are found, its steps and ramps are not', (name, size) => {
    const rates = seeds.flatMap((seed) => named(seed, name).map((signal) => {
      const { values, at } = withSpikes(signal, Random.seeded(seed + 100), size);
      const { spikes } = scan(signal, clockOf(), values);
      return { found: spikes.count / at.size, count: spikes.count };
    }));
    const found = rates.reduce((sum, rate) => sum + Math.min(1, rate.found), 0) / rates.length;
    tell(`spikes, ${name}`, { found });
    expect(found).toBeGreaterThan(0.85);
    for (const rate of rates) expect(rate.found).toBeLessThan(1.05);
  });
});

describe('flat lines', () => {
  it.each(['process value', 'thermometer of a tenth', 'vibration that grows', 'gusty flow'])('in a %s are found', (name) => {
    const rates = seeds.flatMap((seed) => named(seed, name).map((signal) => {
      const values = signal.values.slice();
      for (const [start, length] of [[3000, 400], [9000, 900], [15_000, 600]] as const) values.fill(values[start] ?? 0, start, start + length);
      return scan(signal, clockOf(), values).flat.count / 1900;
    }));
    tell(`flat, ${name}`, { found: Math.min(...rates) });
    for (const rate of rates) expect(rate).toBeCloseTo(1, 1);
  });
});

it('a controller that holds the last value each night is not blamed', () => {
  const [signal] = named(1, 'process value');
  const values = (signal?.values ?? new Float64Array(0)).slice();
  for (let night = 0; (night + 1) * 1440 < ROWS; night += 1) values.fill(values[night * 1440] ?? 0, night * 1440, night * 1440 + 400);
  expect(scan({ name: 'held', unit: null }, clockOf(), values).flat.count).toBe(0);
});

describe('gaps, missing readings and other intervals', () => {
  it('are counted where they are', () => {
    const [signal] = named(1, 'process value');
    if (signal === undefined) throw new Error('no signal');
    const clock = clockOf();
    const inGap = (i: number): boolean => (i >= 4000 && i < 4400) || (i >= 12_000 && i < 12_010);
    const values = signal.values.map((value, i) => (i % 97 === 5 ? NaN : value));
    const positions = clock.filter((_, i) => !inGap(i));
    const result = scan(signal, positions, values.filter((_, i) => !inGap(i)));
    const missing = [...values].filter((value, i) => Number.isNaN(value) && !inGap(i)).length;
    expect(result).toMatchObject({ gaps: { count: 2, first: clock[3999], last: clock[12_010] }, missing: { count: missing }, drift: { count: 0 } });
    expect(result.gapLength / 60e6).toBeCloseTo(410, 6);
  });

  it('rows that a clock should have brought and did not are missing too', () => {
    const [signal] = named(1, 'process value');
    const kept = (_: number, i: number): boolean => i % 20 !== 7;
    const values = (signal?.values ?? new Float64Array(0)).filter(kept);
    expect(scan({ name: 'x', unit: null }, clockOf().filter(kept), values)).toMatchObject({ missing: { count: 1000 }, gaps: { count: 0 }, drift: { count: 0 } });
    // A clock of whole seconds asked every second and a half has steps of one and two.
    const turns = Float64Array.from({ length: values.length }, (_, i) => 1e15 + Math.floor(i * 1.5) * 1e6);
    expect(scan({ name: 'x', unit: null }, turns, values)).toMatchObject({ missing: { count: 0 }, gaps: { count: 0 }, drift: { count: 0 } });
  });

  it('a sensor that is read with every third row of its file lacks nothing', () => {
    const [signal] = named(1, 'process value');
    const values = (signal?.values ?? new Float64Array(0)).map((value, i) => (i % 3 === 0 ? value : NaN));
    expect(scan({ name: 'slow', unit: null }, clockOf(), values)).toMatchObject({ missing: { count: 0 }, gaps: { count: 0 }, drift: { count: 0 } });
  });

  it('an interval that changes is told, jitter is not', () => {
    const random = Random.seeded(5);
    const at = (step: (i: number) => number): Float64Array => {
      let now = 1e15;
      return Float64Array.from({ length: ROWS }, (_, i) => (now += step(i)));
    };
    const values = signalsOf(1)[0]?.values ?? new Float64Array(0);
    const changed = scan({ name: 'x', unit: null }, at((i) => (i < 15_000 ? 60e6 : 75e6)), values);
    expect(changed.drift.count).toBeGreaterThan(4800);
    expect(changed.drift.count).toBeLessThan(5100);
    const jitter = scan({ name: 'x', unit: null }, at(() => 60e6 * (1 + 0.05 * random.normal())), values);
    expect(jitter).toMatchObject({ drift: { count: 0 }, gaps: { count: 0 } });
    const onChange = scan({ name: 'x', unit: null }, at(() => -60e6 * Math.log(random.between(1e-6, 1))), values);
    expect(onChange.drift.count).toBe(0);
    expect(onChange.gaps.count).toBeLessThan(5);
  });
});

describe('out of range', () => {
  it('is what nature rules out, and what lies far beyond all others with nothing between', () => {
    const [bar] = named(2, 'process value');
    const [degrees] = named(2, 'thermometer of a tenth');
    if (bar === undefined || degrees === undefined) throw new Error('no signal');
    const cold = degrees.values.slice();
    cold.fill(-300, 500, 540);
    expect(scan(degrees, clockOf(), cold).outOfRange.count).toBe(40);
    const declared = bar.values.slice();
    for (let i = 700; i < 18_000; i += 1500) declared.fill(-9999, i, i + 20);
    expect(scan(bar, clockOf(), declared).outOfRange.count).toBe(240);
  });

  it('a machine that wears out is not out of range', () => {
    const worn = Float64Array.from({ length: ROWS }, (_, i) => 1 + Math.exp((i - ROWS) / 150) * 40 + 0.05 * Math.sin(i * 12.9898));
    expect(scan({ name: 'vibration', unit: 'mm/s' }, clockOf(), worn)).toMatchObject({ outOfRange: { count: 0 }, spikes: { count: 0 } });
  });
});

it('tells its rates', () => {
  process.stdout.write(`${told.join('\n')}\n`);
  expect(told.length).toBeGreaterThan(10);
});
