import type { Random } from '../dataset/random.ts';
import type { TrainingConfig } from '../documents/config.ts';
import { conditionsHead, statesOf } from '../models/heads/conditions.ts';
import { networkWith } from '../models/network.ts';
import { predictCells } from '../models/predict.ts';
import { fitDrawn, type DrawnHooks, type DrawnTraining } from './fitDrawn.ts';

/** Load cycles of equal length, each with the code of its machine's states (see `codeOf`). */
export interface Cycles {
  /** Row-major [cycles, steps, channels]. */
  readonly values: Float32Array;
  readonly steps: number;
  readonly channels: number;
  /** Sensor of each channel: a fast sensor has several, one for each of its samples within a step. */
  readonly sensorOf: readonly number[];
  readonly codes: Int32Array;
}

/** How cycles are learned: the network's configuration, and the noise that training cycles get, in standard deviations. */
export interface CycleTraining extends Omit<DrawnTraining, 'batchesPerEpoch'> {
  readonly config: TrainingConfig;
  readonly batch: number;
  readonly jitter: number;
}

/** Scaled values are held within so many spreads. */
const MOST = 8;
/** Levels count for less than the course: with every new combination of conditions they take values that were never learned from. */
const LEVEL_WEIGHT = 0.3;

interface Moments {
  readonly mean: Float64Array;
  readonly spread: Float64Array;
}

/** Mean and spread of what `of` gives at each column, over the chosen cycles. */
const momentsOver = (chosen: readonly number[], columns: number, of: (cycle: number, column: number) => number): Moments => {
  const mean = new Float64Array(columns);
  const spread = new Float64Array(columns);
  for (const cycle of chosen) for (let column = 0; column < columns; column++) mean[column] = (mean[column] ?? 0) + of(cycle, column) / chosen.length;
  for (const cycle of chosen) for (let column = 0; column < columns; column++) spread[column] = (spread[column] ?? 0) + (of(cycle, column) - (mean[column] ?? 0)) ** 2 / chosen.length;
  return { mean, spread: spread.map(Math.sqrt) };
};

const scaled = (value: number, { mean, spread }: Moments, column: number): number => {
  const size = spread[column] ?? 0;
  return size > 1e-9 ? Math.max(-MOST, Math.min(MOST, (value - (mean[column] ?? 0)) / size)) : 0;
};

/** Mean of each sensor over each cycle: [cycles][sensors]. */
const levelsOf = ({ values, channels, steps, codes, sensorOf }: Cycles): Float64Array[] => {
  const sensors = Math.max(...sensorOf) + 1;
  const shares = Array.from({ length: sensors }, (_, sensor) => steps * sensorOf.filter((one) => one === sensor).length);
  return Array.from(codes, (_, cycle) => {
    const level = new Float64Array(sensors);
    for (let at = 0; at < steps * channels; at++) {
      const sensor = sensorOf[at % channels] ?? 0;
      level[sensor] = (level[sensor] ?? 0) + (values[cycle * steps * channels + at] ?? 0) / (shares[sensor] ?? 1);
    }
    return level;
  });
};

/**
 * What the network sees of the cycles, scaled by the training cycles alone: the level of each sensor (its mean over the cycle), and the
 * course of each channel: the departure of each step from that level and from the usual course. Levels move with temperature and load by
 * far more than most faults change the course, and would drown it.
 * @returns row-major [cycles, steps, sensors + channels]
 */
const levelAndCourse = (cycles: Cycles, chosen: readonly number[]): { seen: Float32Array; inputs: number } => {
  const { values, channels, steps, sensorOf, codes } = cycles;
  const size = steps * channels;
  const levels = levelsOf(cycles);
  const sensors = levels[0]?.length ?? 0;
  const levelAt = (cycle: number, sensor: number): number => levels[cycle]?.[sensor] ?? 0;
  const courseAt = (cycle: number, cell: number): number => (values[cycle * size + cell] ?? 0) - levelAt(cycle, sensorOf[cell % channels] ?? 0);
  const level = momentsOver(chosen, sensors, levelAt);
  const course = momentsOver(chosen, size, courseAt);
  const inputs = sensors + channels;
  const seen = new Float32Array(codes.length * steps * inputs);
  for (let cycle = 0; cycle < codes.length; cycle++)
    for (let step = 0; step < steps; step++) {
      const at = (cycle * steps + step) * inputs;
      for (let sensor = 0; sensor < sensors; sensor++) seen[at + sensor] = LEVEL_WEIGHT * scaled(levelAt(cycle, sensor), level, sensor);
      for (let channel = 0; channel < channels; channel++) seen[at + sensors + channel] = scaled(courseAt(cycle, step * channels + channel), course, step * channels + channel);
    }
  return { seen, inputs };
};

/** The training cycles in a new order each time they are through. */
const drawer = (training: readonly number[]) => {
  let order: Int32Array = new Int32Array();
  let next = 0;
  return (count: number, random: Random): number[] =>
    Array.from({ length: count }, () => {
      if (next >= order.length) {
        order = random.shuffle(Int32Array.from(training));
        next = 0;
      }
      return order[next++] ?? 0;
    });
};

/**
 * Learns the states of several conditions from whole cycles, scaled by the training cycles alone.
 * @param sizes states of each condition
 * @returns logits of the asked cycles, row-major [asked, all states]
 * @throws MlError 'cancelled', 'training-diverged'
 */
export const learnCycles = async (cycles: Cycles, training: readonly number[], asked: readonly number[], sizes: readonly number[], { config, batch: count, jitter, ...rest }: CycleTraining, hooks: DrawnHooks & { epoch(epoch: number, loss: number): void }): Promise<Float32Array> => {
  const { seen: cells, inputs } = levelAndCourse(cycles, training);
  const size = cycles.steps * inputs;
  const head = conditionsHead(sizes);
  const network = networkWith(config, inputs, head);
  const draw = drawer(training);
  const gather = (chosen: readonly number[]): Float32Array => {
    const gathered = new Float32Array(chosen.length * size);
    chosen.forEach((cycle, at) => gathered.set(cells.subarray(cycle * size, (cycle + 1) * size), at * size));
    return gathered;
  };
  const meanTarget = sizes.flatMap((states, at) => Array.from({ length: states }, (_, state) => training.filter((cycle) => statesOf(cycles.codes[cycle] ?? 0, sizes)[at] === state).length / training.length));
  const weights = await fitDrawn(network, {
    meanTarget,
    batch: (random) => {
      const chosen = draw(count, random);
      const values = gather(chosen);
      if (jitter > 0) for (let at = 0; at < values.length; at++) values[at] = (values[at] ?? 0) + jitter * random.normal();
      return { count, cells: values, targets: Float32Array.from(chosen.flatMap((cycle) => head.target(cycles.codes[cycle] ?? 0))), weights: new Float32Array(count).fill(1) };
    },
    epochDone: (epoch, loss) => {
      hooks.epoch(epoch, loss);
      return Promise.resolve();
    },
  }, { ...rest, batchesPerEpoch: Math.max(1, Math.round(training.length / count)) }, hooks);
  return predictCells(network, weights, gather(asked), asked.length);
};

/** Every cell of the chosen cycles as a feature, scaled by the training cycles: row-major [chosen, steps * channels], for a discriminant. */
export const cellFeatures = ({ values, steps, channels }: Cycles, training: readonly number[]): { width: number; of(chosen: readonly number[]): Float32Array } => {
  const width = steps * channels;
  const moments = momentsOver(training, width, (cycle, cell) => values[cycle * width + cell] ?? 0);
  return {
    width,
    of: (chosen) => {
      const features = new Float32Array(chosen.length * width);
      chosen.forEach((cycle, at) => {
        for (let cell = 0; cell < width; cell++) features[at * width + cell] = scaled(values[cycle * width + cell] ?? 0, moments, cell);
      });
      return features;
    },
  };
};

/** Mean, spread, slope and range of each channel over a cycle, for the naive rivals: row-major [cycles, 4 * channels]. */
export const cycleFeatures = ({ values, steps, channels, codes }: Cycles): { features: Float32Array; width: number } => {
  const width = 4 * channels;
  const features = new Float32Array(codes.length * width);
  for (let cycle = 0; cycle < codes.length; cycle++)
    for (let channel = 0; channel < channels; channel++) {
      const own = Array.from({ length: steps }, (_, step) => values[(cycle * steps + step) * channels + channel] ?? 0);
      const mean = own.reduce((sum, value) => sum + value, 0) / steps;
      const middle = (steps - 1) / 2;
      const slope = own.reduce((sum, value, step) => sum + (step - middle) * (value - mean), 0) / own.reduce((sum, _, step) => sum + (step - middle) ** 2, 0);
      const spread = Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / steps);
      features.set([mean, spread, slope, Math.max(...own) - Math.min(...own)], cycle * width + 4 * channel);
    }
  return { features, width };
};
