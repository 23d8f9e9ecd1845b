import type { Dataset } from '../dataset/table.ts';
import { ordinary, plantOf, sensors, type Column, type PlantShape } from './plant.ts';

/** A set that has nothing in it that the plant will not have. */
export interface HonestSet {
  readonly name: string;
  /** @param seed other draws of the same kind of plant */
  readonly build: (seed?: number) => Dataset;
}

const set = (name: string, change: Partial<PlantShape>): HonestSet => ({ name, build: (seed) => plantOf({ ...ordinary, ...change, ...(seed === undefined ? {} : { seed }) }) });
const withColumns = (name: string, columns: Record<string, Column>, change: Partial<PlantShape> = {}): HonestSet => set(name, { columns: { ...sensors, ...columns }, ...change });

/** Ordinary plants of many kinds, each with something that looks like a leak at first. */
export const honestSets: readonly HonestSet[] = [
  set('an ordinary fleet', {}),
  set('another one', { seed: 2 }),
  set('a fleet on cycles, all beginning at 1', { axis: 'cycle', startsOver: 0, seed: 3 }),
  set('machines that were all started on one day', { startsOver: 0, seed: 4 }),
  set('wear that grows evenly', { wear: (share) => share, seed: 5 }),
  set('wear that shows in the last third only', { wear: (share) => Math.max(0, (share - 0.65) / 0.35) ** 2, seed: 6 }),
  set('wear that shows in the last 40 steps on every machine', { wear: (_, left) => Math.max(0, 1 - left / 40), seed: 7 }),
  set('lives as alike as two pins', { life: [98, 102], seed: 8 }),
  set('lives of very different lengths', { life: [40, 260], seed: 9 }),
  set('five machines and no more', { machines: 6, validates: 3, seed: 10 }),
  set('one machine with a dozen lives', { machines: 1, livesEach: 12, seed: 11, startsOver: 0 }),
  set('most records cut off before the failure', { machines: 30, cutOff: 0.6, seed: 12 }),
  withColumns('counters of hours, since the last overhaul and since it was bought', { hours: ({ age }) => age, total: ({ clock, machine }) => 1000 * machine + clock }, { seed: 13 }),
  withColumns('a load that wears machines out sooner', { load: ({ own, random }) => 50 + 10 * (own[3] ?? 0) + 0.5 * random.normal() }, { lifeOf: (own, _, drawn) => Math.max(40, drawn - 25 * (own[3] ?? 0)), seed: 14 }),
  withColumns('weather that all machines share, and a clock', { ambient: ({ clock }) => 20 + 8 * Math.sin(clock / 24) + 3 * Math.sin(clock * 12.9898), weekday: ({ clock }) => Math.floor(clock / 24) % 7 }, { seed: 15 }),
  withColumns('an alarm of the machine itself, at a limit of its own', { alarm: ({ wear, own, random }) => Number(wear * (1 + 0.2 * (own[4] ?? 0)) + 0.05 * random.normal() > 0.6) }, { seed: 16 }),
  withColumns('a sensor with gaps, and one that fails with the machine', { slow: ({ age, wear, random }) => (age % 7 === 0 ? 10 + 5 * wear + random.normal() : Number.NaN), torn: ({ wear, own, random }) => (wear > 0.8 + 0.1 * (own[4] ?? 0) ? Number.NaN : 7 + random.normal()) }, { seed: 17 }),
  withColumns('a machine that stops when it fails', { running: ({ left }) => (left <= 1 ? 0 : 1), speed: ({ left, random }) => (left <= 1 ? 0 : 1480 + 4 * random.normal()) }, { seed: 18 }),
  withColumns('an almost noiseless gauge of wear, with a rate of its own', { gauge: ({ wear, own, random }) => 10 - 6 * wear * (1 + 0.1 * (own[1] ?? 0)) + 0.05 * random.normal(), stop: ({ wear, random }) => Math.min(100, Math.round(40 + 80 * wear + 2 * random.normal())) }, { seed: 19 }),
  withColumns('three modes of running, visited all the time', { mode: ({ random }) => random.integer(3), pressure: ({ wear, random, clock }) => 4 + (clock % 3) + wear + 0.2 * random.normal(), setpoint: ({ age }) => 100 + 5 * Math.min(6, age % 12) }, { seed: 20 }),
];
