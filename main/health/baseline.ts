import { z } from 'zod';
import { medianOf } from '../../ml/dataset/grid.ts';
import { regimeCount, regimeOf, type Regimes } from './regimes.ts';

/** How far a machine of this type has departed from its healthy start when it failed: what index 0 means. */
export const Reference = z.strictObject({
  /** Excess deviation of each sensor that counts as failed, in scales. */
  perSensor: z.array(z.number()),
  /** Joint departure at failure, in units of `perSensor`. */
  total: z.number(),
  /** Failed lives it was learned from; 0: none known yet, a fixed reference. */
  lives: z.int(),
});
export type Reference = z.infer<typeof Reference>;

/** Which rows count: the machine runs while this sensor is above its threshold; null: it has no standstill that shows. */
export const RunningRule = z.strictObject({ sensor: z.int(), above: z.number() }).nullable();
export type RunningRule = z.infer<typeof RunningRule>;

/** What one machine looks like while it is healthy, learned at the start of one life. Sensors by index into `sensors`. */
export const Baseline = z.strictObject({
  version: z.literal(1),
  /** Sensor ids, in the order of the arrays below. */
  sensors: z.array(z.int()),
  names: z.array(z.string()),
  /** Axis units between two rows. */
  step: z.number(),
  /** Running rows that the regimes were found in; too few find none. */
  regimeRows: z.int(),
  running: RunningRule,
  regimes: z.strictObject({ settings: z.array(z.strictObject({ sensor: z.int(), levels: z.array(z.strictObject({ low: z.number(), high: z.number() })) })) }),
  /** Healthy level, [regimes][sensors]; null where too little was seen. */
  level: z.array(z.array(z.number().nullable())),
  /** Healthy scatter about the level, [sensors]; 0: never measured. */
  scale: z.array(z.number()),
  /** Position of the last row it was learned from. */
  learnedUntil: z.number(),
  reference: Reference,
  /** Where the life ended by failure or repair; null while it lasts. */
  endedAt: z.number().nullable(),
  /** Excess deviation of each sensor as the life ended in a failure that was seen; null otherwise. */
  atFailure: z.array(z.number()).nullable(),
});
export type Baseline = z.infer<typeof Baseline>;

/** Rows of one machine on the health grid: row k stands at start + k * step. Row-major [rows, sensors], NaN where nothing was measured. */
export interface Rows {
  readonly start: number;
  readonly step: number;
  readonly count: number;
  readonly sensors: number;
  readonly values: Float32Array;
}

export const rowAt = (rows: Rows, k: number): Float32Array => rows.values.subarray(k * rows.sensors, (k + 1) * rows.sensors);

/** Sensors that tell whether a machine runs, best first: by unit, else by a name of the field in the languages of the app. */
const driveSigns: readonly ((name: string, unit: string | null) => boolean)[] = [
  (name, unit) => unit === 'rpm' || unit === '1/min' || /speed|rpm|drehzahl|转速/i.test(name),
  (name, unit) => unit === 'A' || unit === 'kW' || /current|power|strom|leistung|电流|功率/i.test(name),
];
/** Standing still: below this share of what the sensor shows at work. */
const STANDSTILL_SHARE = 0.1;

/**
 * The sensor that tells standstill and the threshold above which the machine runs.
 * @param rows of the machine's whole time, worn or not
 */
export const findRunningRule = (sensors: readonly { name: string; unit: string | null }[], rows: Rows): RunningRule => {
  for (const sign of driveSigns) {
    for (const [sensor, { name, unit }] of sensors.entries()) {
      if (!sign(name, unit)) continue;
      const seen = Float64Array.from({ length: rows.count }, (_, k) => Math.abs(rows.values[k * rows.sensors + sensor] ?? Number.NaN)).filter(Number.isFinite).sort();
      const atWork = seen[Math.floor(0.95 * (seen.length - 1))] ?? 0;
      if (atWork > 0) return { sensor, above: STANDSTILL_SHARE * atWork };
    }
  }
  return null;
};

/** Whether the machine runs in row `k`; a row without that reading doesn't count as running. */
export const runsIn = (rule: RunningRule, rows: Rows, k: number): boolean => {
  const row = rowAt(rows, k);
  if (rule !== null) return Math.abs(row[rule.sensor] ?? Number.NaN) > rule.above;
  return row.some(Number.isFinite);
};

/** Running rows that a baseline is learned from, by axis: a day and a quarter of hours, 25 cycles. */
export const rowsToLearn = { time: 30, cycle: 25 } as const;
/** Rows of one regime that its level needs. */
const ROWS_OF_REGIME = 3;
/** Scatter is taken as no less than this share of the level: the resolution of instruments. */
const LEAST_SCATTER = 0.002;

/** Scatter of residuals: the greater of the robust estimate (1.4826 MAD, Rousseeuw and Croux 1993) and a third of the standard deviation, which a sensor needs that mostly repeats one value. */
const scatterOf = (residuals: readonly number[]): number => {
  const robust = 1.4826 * medianOf(residuals.map(Math.abs));
  const deviation = Math.sqrt(residuals.reduce((sum, value) => sum + value * value, 0) / residuals.length);
  return Math.max(robust, 0.33 * deviation);
};

export interface Levels {
  readonly level: (number | null)[][];
  readonly scale: number[];
  readonly learnedUntil: number;
}

/**
 * Healthy levels by regime and scatter over all regimes, from the first running rows of a life.
 * @returns null while there are too few
 */
export const learnLevels = (rows: Rows, rule: RunningRule, regimes: Regimes, needed: number): Levels | null => {
  const running: { k: number; regime: number }[] = [];
  for (let k = 0; k < rows.count; k++) {
    const regime = runsIn(rule, rows, k) ? regimeOf(regimes, rowAt(rows, k)) : null;
    if (regime !== null) running.push({ k, regime });
  }
  const first = running.slice(0, needed);
  if (first.length < needed) return null;
  const sensors = Array.from({ length: rows.sensors }, (_, sensor) => sensor);
  const valuesOf = (taken: typeof running, sensor: number): number[] => taken.map(({ k }) => rows.values[k * rows.sensors + sensor] ?? Number.NaN).filter(Number.isFinite);
  const level = Array.from({ length: regimeCount(regimes) }, (_, regime) => {
    const own = first.filter((row) => row.regime === regime);
    // A regime that comes later is learned from its first rows then.
    const taken = own.length >= ROWS_OF_REGIME ? own : running.filter((row) => row.regime === regime).slice(0, ROWS_OF_REGIME);
    return sensors.map((sensor) => {
      const seen = valuesOf(taken, sensor);
      return seen.length >= ROWS_OF_REGIME ? medianOf(seen) : null;
    });
  });
  const scale = sensors.map((sensor) => {
    const residuals = first.map(({ k, regime }) => (rows.values[k * rows.sensors + sensor] ?? Number.NaN) - (level[regime]?.[sensor] ?? Number.NaN)).filter(Number.isFinite);
    if (residuals.length === 0) return 0;
    const size = Math.max(...level.map((regime) => Math.abs(regime[sensor] ?? 0)));
    return Math.max(scatterOf(residuals), LEAST_SCATTER * size, Number.EPSILON);
  });
  return { level, scale, learnedUntil: rows.start + (first.at(-1)?.k ?? 0) * rows.step };
};
