import { selectWindows, windowsByUnit, type Windows } from '../../dataset/windows.ts';
import type { TrainingConfig } from '../../documents/config.ts';
import { FEATURES_AN_INPUT, windowFeatures } from '../../evaluation/baselines/windowFeatures.ts';
import { fitBoosted, predictBoosted } from '../../evaluation/boosting/boost.ts';
import { failedLives, type Subject } from '../subject.ts';

/**
 * Twins are grown by gradient boosting on features of the window, in a fraction of a second each: a network trained as the
 * model was would cost as long as the model, several times over.
 */
const ROUNDS = 40;

/** Windows of all lives together, at most. */
const MOST_WINDOWS = 6000;
const FEWEST_A_LIFE = 6;

/** Some windows of every failed life, of both parts, evenly spread over it; those of training first. */
export const fewOfEachLife = ({ prepared }: Subject, most: number): Windows => {
  const failed = new Set(failedLives(prepared.dataset).map(({ index }) => index));
  const aLife = Math.max(FEWEST_A_LIFE, Math.min(most, Math.floor(MOST_WINDOWS / Math.max(1, failed.size))));
  const parts = [prepared.training, prepared.validation].map((windows) =>
    selectWindows(windows, [...windowsByUnit(windows)].flatMap(([unit, own]) => {
      const stride = Math.max(1, Math.floor(own.length / aLife));
      return failed.has(unit) ? own.filter((_, at) => (own.length - 1 - at) % stride === 0) : [];
    })));
  const joined = (of: (windows: Windows) => Iterable<number>): number[] => parts.flatMap((windows) => [...of(windows)]);
  return {
    ends: Int32Array.from(joined(({ ends }) => ends)),
    firsts: Int32Array.from(joined(({ firsts }) => firsts)),
    units: Int32Array.from(joined(({ units }) => units)),
    labels: Float32Array.from(joined(({ labels }) => labels)),
  };
};

/** A table of features, row-major [windows, width]. */
export interface Features {
  readonly values: Float32Array;
  readonly width: number;
}

/** What a twin sees: the sensors' window, the age, or both. */
export const standInFeatures = ({ prepared }: Subject, windows: Windows, seen: 'sensors' | 'age' | 'both'): Features => {
  const { rows, dataset, config } = prepared;
  const ages = Float32Array.from(windows.ends, (end, at) => end - (windows.firsts[at] ?? 0));
  if (seen === 'age') return { values: ages, width: 1 };
  const own = rows.inputs * FEATURES_AN_INPUT;
  const values = windowFeatures({ document: dataset.document, rows, windows, window: config.window });
  if (seen === 'sensors') return { values, width: own };
  const width = own + 1;
  const both = new Float32Array(ages.length * width);
  ages.forEach((age, at) => {
    both.set(values.subarray(at * own, (at + 1) * own), at * width);
    both[at * width + own] = age;
  });
  return { values: both, width };
};

const rowsOf = ({ values, width }: Features, chosen: readonly number[]): Float32Array => {
  const result = new Float32Array(chosen.length * width);
  chosen.forEach((at, row) => result.set(values.subarray(at * width, (at + 1) * width), row * width));
  return result;
};

/**
 * A twin grown on the chosen windows.
 * @param labels [windows]
 * @returns what it says of others, by their place in the table
 */
export const fitStandIn = (features: Features, labels: Float32Array, chosen: readonly number[], { task, seed }: Pick<TrainingConfig, 'task' | 'seed'>): ((asked: readonly number[]) => Float32Array) => {
  const boosted = fitBoosted(rowsOf(features, chosen), Float32Array.from(chosen, (at) => labels[at] ?? 0), features.width, { loss: task === 'failure' ? 'logistic' : 'squared', seed, rounds: ROUNDS });
  return (asked) => predictBoosted(boosted, rowsOf(features, asked), features.width);
};
