import { chooseStep, medianOf } from '../../../ml/dataset/grid.ts';
import { movementBeforeFailures, rowsOfDeparture, type FailedRows } from '../../../ml/dataset/sensors/movement.ts';
import type { DatasetSensor } from '../../../ml/documents/dataset.ts';
import type { SensorQuality } from '../../contract/data.ts';
import type { Movement, SensorFeasibility } from '../../contract/feasibility.ts';
import type { AssetId } from '../../contract/values.ts';
import { createTurns } from '../../engine/turns.ts';
import { collectMachine, failedLives, lifeLength, type MachineLives, type UnitStore } from '../units.ts';
import { amountOf, modeAt } from './counts.ts';

/** Quality of the sensors of one machine, or of all at once. */
export type QualityOf = (asset: AssetId | null, signal?: AbortSignal) => Promise<SensorQuality[]>;

/** Failed lives that are read at most: more of them make the look longer, not the answer clearer. */
const MOST_LIVES = 60;
/** A life of fewer rows has no early part to compare its end with. */
const FEWEST_ROWS = 12;

/** What the readings of a machine type say. */
export interface ReadingsLook {
  readonly sensors: SensorFeasibility[];
  readonly movement: Movement | null;
  /** Median score by machine. */
  readonly quality: ReadonlyMap<AssetId, number>;
  /** Sensors whose readings are empty or constant in all lives that were read. */
  readonly silent: { name: string; reason: string }[];
}

interface Read {
  readonly lives: FailedRows[];
  /** Axis units between two rows. */
  readonly step: number;
}

/** The rows of failed lives, spread evenly over the machines where there are many. */
const readLives = async (plant: UnitStore, machines: readonly MachineLives[], sensors: readonly DatasetSensor[], signal?: AbortSignal): Promise<Read> => {
  const failed = failedLives(machines);
  const [first] = machines;
  if (first === undefined || failed.length === 0 || sensors.length === 0) return { lives: [], step: 1 };
  const { axis } = first.asset;
  const step = chooseStep(axis, failed.map(lifeLength), axis === 'time' ? Math.min(...machines.map(({ interval }) => interval)) : null);
  const every = Math.max(1, failed.length / MOST_LIVES);
  const chosen = new Set(failed.filter((_, at) => Math.floor(at / every) !== Math.floor((at - 1) / every)));
  const lives: FailedRows[] = [];
  for (const machine of machines) {
    const own = machine.lives.filter((life) => chosen.has(life));
    if (own.length === 0) continue;
    const { units, values } = await collectMachine(plant, { ...machine, lives: own }, sensors, { step, least: FEWEST_ROWS }, null, createTurns(signal));
    for (const { offset, rows, failureAt } of units)
      lives.push({ rows, values: values.subarray(offset * sensors.length, (offset + rows) * sensors.length), mode: failureAt === null ? '' : modeAt(plant, machine, failureAt) });
  }
  return { lives, step };
};

const movementOf = ({ lives, step }: Read, machines: readonly MachineLives[], sensors: readonly DatasetSensor[]): { movement: Movement | null; perSensor: { movement: number | null; p: number | null }[] } => {
  const [first] = machines;
  const result = movementBeforeFailures(lives, sensors.length);
  if (first === undefined || result.strongest === null) return { movement: null, perSensor: result.sensors };
  const { strongest } = result;
  const departures = lives.flatMap((life) => rowsOfDeparture(life, sensors.length, strongest) ?? []);
  const shows = departures.length * 2 >= lives.length ? medianOf(departures) * step : null;
  const interval = medianOf(machines.map((machine) => machine.interval));
  return {
    movement: {
      p: result.p, lives: result.lives, permutations: result.permutations, sensor: sensors[strongest]?.name ?? null,
      showsFor: shows === null ? null : amountOf(first.asset.axis, shows), readings: shows === null ? null : shows / interval,
    },
    perSensor: result.sensors,
  };
};

/** Share of the rows in which a sensor was measured, and whether it ever changed. */
const coverageOf = ({ lives }: Read, width: number, sensor: number): { coverage: number | null; varies: boolean } => {
  let [rows, measured, low, high] = [0, 0, Infinity, -Infinity];
  for (const life of lives) {
    rows += life.rows;
    for (let at = sensor; at < life.values.length; at += width) {
      const value = life.values[at] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      measured++;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return { coverage: rows === 0 ? null : measured / rows, varies: high > low };
};

/** Reads quality and movement of a machine type. @throws AppError with what the signal was aborted with */
export const lookAtReadings = async (plant: UnitStore, machines: readonly MachineLives[], sensors: readonly DatasetSensor[], qualityOf: QualityOf, signal?: AbortSignal): Promise<ReadingsLook> => {
  const scores = new Map<string, number[]>();
  const quality = new Map<AssetId, number>();
  const [only] = machines;
  // Copies are looked for among all sensors of the plant each time: one question for all machines.
  const judged = new Map((await qualityOf(machines.length === 1 && only !== undefined ? only.asset.id : null, signal)).map((one) => [one.sensor, one]));
  for (const machine of machines) {
    const own = machine.sensors.flatMap(({ id, name }) => (sensors.some((sensor) => sensor.name === name) ? (judged.get(id) ?? []) : []));
    if (own.length > 0) quality.set(machine.asset.id, medianOf(own.map(({ score }) => score)));
    for (const { name, score } of own) scores.set(name, [...(scores.get(name) ?? []), score]);
  }
  const read = await readLives(plant, machines, sensors, signal);
  const { movement, perSensor } = movementOf(read, machines, sensors);
  const covered = sensors.map((_, sensor) => coverageOf(read, sensors.length, sensor));
  return {
    movement,
    quality,
    silent: sensors.flatMap(({ name }, at) => {
      const one = covered[at];
      if (one === undefined || one.coverage === null || one.varies) return [];
      return [{ name, reason: one.coverage === 0 ? 'empty' : 'constant' }];
    }),
    sensors: sensors.map(({ name, unit }, at) => ({ name, unit, coverage: covered[at]?.coverage ?? null, quality: scores.has(name) ? medianOf(scores.get(name) ?? []) : null, movement: perSensor[at]?.movement ?? null, p: perSensor[at]?.p ?? null })),
  };
};
