import { Random } from '../simulator/random.ts';

/** Signals as plants have them, one reading a minute, without any fault: what each is, and what a sound judge must not blame it for. */
export interface Signal {
  readonly name: string;
  readonly unit: string | null;
  readonly values: Float64Array;
}

export const ROWS = 20_000;
const minute = 60e6;
const day = 1440;

/** A reading a minute from the first of June on. */
export const clockOf = (rows: number = ROWS, step: number = minute): Float64Array => Float64Array.from({ length: rows }, (_, i) => Date.parse('2026-06-01T00:00:00Z') * 1000 + i * step);

const roundTo = (value: number, digits: number): number => Number(value.toFixed(digits));
const made = (name: string, unit: string | null, rows: number, value: (i: number) => number): Signal => ({ name, unit, values: Float64Array.from({ length: rows }, (_, i) => value(i)) });

/** Noise that remembers: each value keeps `memory` of the one before. */
const wandering = (random: Random, memory: number): (() => number) => {
  let last = 0;
  return () => (last = memory * last + Math.sqrt(1 - memory ** 2) * random.normal());
};

/** Hours that a machine runs: shifts of different loads, off at night. */
const shiftOf = (i: number): 'off' | 'low' | 'high' => {
  const hour = (i % day) / 60;
  if (hour < 5 || hour >= 22) return 'off';
  return hour < 14 ? 'high' : 'low';
};

export const signalsOf = (seed: number, rows: number = ROWS): Signal[] => {
  const random = Random.seeded(seed);
  const slow = wandering(random, 0.999);
  const gust = wandering(random, 0.95);
  let count = 0;
  let setpoint = 60;
  return [
    made('process value', 'bar', rows, (i) => 6 + 0.3 * Math.sin((2 * Math.PI * i) / day) + 0.2 * slow() + 0.05 * random.normal()),
    made('thermometer of a tenth', '°C', rows, (i) => roundTo(45 + 6 * Math.sin((2 * Math.PI * i) / day) + 2 * slow() + 0.03 * random.normal(), 1)),
    made('current by shifts', 'A', rows, (i) => (shiftOf(i) === 'off' ? 0 : roundTo((shiftOf(i) === 'low' ? 40 : 85) + (shiftOf(i) === 'low' ? 1.5 : 4) * random.normal(), 2))),
    made('vibration that grows', 'mm/s', rows, (i) => (1.2 + 8 * (i / rows) ** 6) * Math.exp(0.25 * random.normal())),
    made('impulsive vibration', 'g', rows, () => Math.exp(0.8 * random.normal())),
    made('gusty flow', 'm³/h', rows, () => 30 + 8 * gust()),
    made('setpoint', '%', rows, (i) => (i % 700 === 0 ? (setpoint = 40 + 5 * Math.floor(random.between(0, 8))) : setpoint)),
    made('counter', null, rows, (i) => (count += shiftOf(i) === 'off' ? 0 : Math.floor(random.between(3, 7)))),
    made('switch', null, rows, (i) => (shiftOf(i) === 'off' ? 0 : 1)),
    made('ramping temperature', '°C', rows, (i) => roundTo(i % 400 < 300 ? 20 + (i % 400) * 0.6 + 0.2 * random.normal() : 200 - ((i % 400) - 300) * 1.8 + 0.2 * random.normal(), 2)),
    made('press stroke', 'bar', rows, (i) => (i % 50 === 0 ? 160 : 12) + 0.5 * random.normal()),
  ];
};
