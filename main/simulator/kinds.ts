import type { Random } from './random.ts';
import { ambient } from './regime.ts';

export interface SimulatedSensor {
  readonly name: string;
  readonly unit: string;
  readonly decimals: number;
}

/** A part that wears: its failure mode (ISO 14224), what a repair does, and how long it lasts at full load. */
export interface WearPart {
  readonly mode: 'VIB' | 'LOO' | 'OHE' | 'STD' | 'INL';
  readonly finding: string;
  readonly repair: string;
  /** Median running hours at full load from new to failure. */
  readonly medianHours: number;
  /** Spread of the life from part to part (sigma of its logarithm). */
  readonly spread: number;
}

/** What a step of the physics reads: set point 0..1, wear of each part 0..1, length of the step, and the slow states that it moves. */
export interface Conditions {
  readonly at: number;
  readonly stepHours: number;
  readonly drive: number;
  readonly wear: readonly number[];
  readonly slow: Map<string, number>;
  readonly random: Random;
}

export interface MachineKind {
  readonly type: 'pump' | 'gearbox' | 'compressor';
  readonly sensors: readonly SimulatedSensor[];
  readonly parts: readonly WearPart[];
  /** One reading per sensor, in their order. */
  readonly measure: (conditions: Conditions) => number[];
}

/** Moves a temperature towards where it would settle: first-order lag with its own time constant. */
const settle = (slow: Map<string, number>, name: string, target: number, stepHours: number, hours: number): number => {
  const now = slow.get(name) ?? target;
  const next = target + (now - target) * Math.exp(-stepHours / hours);
  slow.set(name, next);
  return next;
};

const walk = ({ slow, random, stepHours }: Conditions, name: string, hours: number, sigma: number): number => {
  const next = random.wander(slow.get(name) ?? 0, stepHours, hours, sigma);
  slow.set(name, next);
  return next;
};

/** Reading noise in proportion to the value, and a floor of the instrument. */
const read = (random: Random, value: number, share: number, floor: number): number => value * (1 + share * random.normal()) + floor * random.normal();

/**
 * Centrifugal pump. Affinity laws: flow goes with speed, head with its square; the worn impeller loses both, its lost
 * efficiency shows in the motor current; the worn bearing shows in vibration first and, with hours of lag, in its temperature.
 */
const pump: MachineKind = {
  type: 'pump',
  sensors: [
    { name: 'speed', unit: 'rpm', decimals: 0 },
    { name: 'flow', unit: 'm³/h', decimals: 1 },
    { name: 'discharge pressure', unit: 'bar', decimals: 2 },
    { name: 'motor current', unit: 'A', decimals: 1 },
    { name: 'vibration', unit: 'mm/s', decimals: 2 },
    { name: 'bearing temperature', unit: '°C', decimals: 1 },
  ],
  parts: [
    { mode: 'VIB', finding: 'bearing worn out, shaft vibrates', repair: 'bearings replaced, aligned', medianHours: 330, spread: 0.24 },
    { mode: 'LOO', finding: 'impeller worn, output too low', repair: 'impeller replaced', medianHours: 390, spread: 0.28 },
  ],
  measure: (conditions) => {
    const { at, stepHours, drive, wear, slow, random } = conditions;
    const [bearing = 0, impeller = 0] = wear;
    const demand = 1 + walk(conditions, 'demand', 3, 0.025);
    const air = ambient(at, walk(conditions, 'weather', 30, 2.5)) * 0.4 + 14;
    const flow = 180 * drive * demand * (1 - 0.24 * impeller ** 1.5);
    const head = Math.max(0, 7.6 * drive ** 2 * (1 - 0.16 * impeller ** 1.5) - 1.9 * (flow / 180) ** 2);
    const efficiency = 0.78 * (1 - 0.14 * impeller - 0.05 * bearing ** 2);
    const shaftPower = drive === 0 ? 0 : (flow * head) / 36 / efficiency + 6.5 * drive ** 2;
    const shaking = 1.35 * drive ** 1.6 * (1 + 0.5 * bearing + 3.1 * bearing ** 3 + 0.5 * impeller ** 2);
    const warmth = air + 27 * drive ** 1.5 * (1 + 0.25 * bearing + 0.85 * bearing ** 3);
    const temperature = settle(slow, 'bearing', warmth, stepHours, drive === 0 ? 2.5 : 1.4);
    return [
      read(random, 1480 * drive, 0.0015, 0),
      read(random, flow, 0.008, 0.05),
      read(random, head + (drive === 0 ? 0.4 : 0), 0.006, 0.01),
      read(random, drive === 0 ? 0 : 12 + 1.75 * shaftPower, 0.008, 0.05),
      Math.abs(read(random, shaking, 0.05, 0.02)),
      read(random, temperature, 0, 0.25),
    ];
  },
};

/**
 * Two-stage gearbox of an extruder. Iron in the oil grows with the rate of wear and is filtered slowly; the oil's temperature follows
 * the load with hours of lag; tooth wear shakes the housing in proportion to the torque.
 */
const gearbox: MachineKind = {
  type: 'gearbox',
  sensors: [
    { name: 'input speed', unit: 'rpm', decimals: 0 },
    { name: 'load', unit: '%', decimals: 1 },
    { name: 'oil temperature', unit: '°C', decimals: 1 },
    { name: 'vibration', unit: 'mm/s', decimals: 2 },
    { name: 'iron particles', unit: 'ppm', decimals: 1 },
  ],
  parts: [
    { mode: 'STD', finding: 'teeth pitted, one broken', repair: 'gear set replaced, oil changed', medianHours: 820, spread: 0.2 },
    { mode: 'OHE', finding: 'bearing overheated', repair: 'bearings replaced, oil changed', medianHours: 1000, spread: 0.25 },
  ],
  measure: (conditions) => {
    const { at, stepHours, drive, wear, slow, random } = conditions;
    const [teeth = 0, bearing = 0] = wear;
    const torque = drive === 0 ? 0 : Math.min(1.1, Math.max(0.35, 0.72 + walk(conditions, 'recipe', 8, 0.12)));
    const air = ambient(at, walk(conditions, 'weather', 30, 2.5)) * 0.3 + 17;
    const oil = settle(slow, 'oil', air + 34 * drive * (0.55 + 0.45 * torque) * (1 + 0.12 * teeth + 0.5 * bearing ** 2.5), stepHours, drive === 0 ? 5 : 2.5);
    const shaking = 1.8 * drive * (0.6 + 0.4 * torque) * (1 + 0.6 * teeth + 2.6 * teeth ** 3 + 0.9 * bearing ** 2);
    const iron = settle(slow, 'iron', drive === 0 ? (slow.get('iron') ?? 12) : 12 + 70 * teeth ** 1.6 + 25 * bearing ** 2, stepHours, 24);
    return [
      read(random, 990 * drive, 0.002, 0),
      Math.max(0, read(random, 100 * torque * drive, 0.01, 0)),
      read(random, oil, 0, 0.3),
      Math.abs(read(random, shaking, 0.05, 0.02)),
      Math.max(0, read(random, iron, 0.03, 0.4)),
    ];
  },
};

/**
 * Screw compressor. Leaking valves push hot gas back: the discharge grows hotter and the motor works longer for the same pressure;
 * worn bearings shake and lower the oil's pressure through their wider gaps.
 */
const compressor: MachineKind = {
  type: 'compressor',
  sensors: [
    { name: 'speed', unit: 'rpm', decimals: 0 },
    { name: 'discharge pressure', unit: 'bar', decimals: 2 },
    { name: 'discharge temperature', unit: '°C', decimals: 1 },
    { name: 'oil pressure', unit: 'bar', decimals: 2 },
    { name: 'motor current', unit: 'A', decimals: 1 },
    { name: 'vibration', unit: 'mm/s', decimals: 2 },
  ],
  parts: [
    { mode: 'OHE', finding: 'discharge too hot, valves leak', repair: 'valves replaced', medianHours: 760, spread: 0.22 },
    { mode: 'VIB', finding: 'rotor bearings worn', repair: 'rotor bearings replaced', medianHours: 980, spread: 0.22 },
  ],
  measure: (conditions) => {
    const { at, stepHours, drive, wear, slow, random } = conditions;
    const [valves = 0, bearings = 0] = wear;
    const demand = 1 + walk(conditions, 'demand', 2, 0.03);
    const inlet = ambient(at, walk(conditions, 'weather', 30, 2.5)) * 0.7 + 6;
    const pressure = drive === 0 ? 0 : 7.5 * (1 - 0.05 * valves ** 2) * (2 - demand);
    const lift = drive === 0 ? 0 : 62 * (0.5 + 0.5 * drive) * (1 + 0.06 * valves + 0.3 * valves ** 2.5);
    const hot = settle(slow, 'discharge', inlet + lift, stepHours, drive === 0 ? 1.5 : 0.5);
    const oil = drive === 0 ? 0 : 3.4 * (1 - 0.05 * bearings - 0.25 * bearings ** 2.5);
    const current = drive === 0 ? 0 : 95 * drive * demand * (1 + 0.12 * valves ** 1.5 + 0.03 * bearings);
    const shaking = 2.2 * drive * (1 + 0.5 * bearings + 2.4 * bearings ** 3 + 0.25 * valves ** 2);
    return [
      read(random, 2960 * drive, 0.0015, 0),
      Math.max(0, read(random, pressure, 0.008, 0.01)),
      read(random, hot, 0, 0.5),
      Math.max(0, read(random, oil, 0.008, 0.01)),
      Math.max(0, read(random, current, 0.01, 0.1)),
      Math.abs(read(random, shaking, 0.05, 0.02)),
    ];
  },
};

export const kinds: Readonly<Record<MachineKind['type'], MachineKind>> = { pump, gearbox, compressor };
