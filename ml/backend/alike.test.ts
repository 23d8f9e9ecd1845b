import { expect, it } from 'vitest';
import { Random } from '../dataset/random.ts';
import { Preset, TrainingConfig } from '../documents/config.ts';
import { initialise } from '../models/layout.ts';
import { buildNetwork } from '../models/network.ts';
import { predictCells } from '../models/predict.ts';
import { loadPlain, loadTfjsNode, loadWasm } from './tfjs.ts';

/** Largest difference of outputs, which are of the order of 1: float32 in another order of summation. */
const TOLERANCE = 1e-4;
const WINDOWS = 21;

const drawn = (length: number, purpose: string, from: (random: Random) => number): Float32Array => {
  const random = Random.of(7, purpose);
  return Float32Array.from({ length }, () => from(random));
};

const outputsOf = (preset: Preset): Promise<Float32Array> => {
  const network = buildNetwork(TrainingConfig.parse({ task: 'rul', rulCap: 125, preset, window: 12, filters: 8, blocks: 2, kernel: 3, dense: 8 }), 3);
  const { length } = initialise(network.parameters, Random.of(1, 'weights'));
  const statistics = initialise(network.statistics, Random.of(1, 'weights'));
  const weights = { parameters: drawn(length, 'weights', (random) => random.normal() * 0.3), statistics: drawn(statistics.length, 'statistics', (random) => 0.5 + random.next()) };
  return predictCells(network, weights, drawn(WINDOWS * 12 * 3, 'cells', (random) => random.normal()), WINDOWS);
};

it.each(Preset.options)('%s predicts the same on the native library, in WebAssembly and in plain JavaScript', async (preset) => {
  await loadTfjsNode();
  const native = await outputsOf(preset);
  for (const load of [loadWasm, loadPlain]) {
    await load();
    const other = await outputsOf(preset);
    expect(other.length).toBe(native.length);
    expect(Math.max(...other.map((value, at) => Math.abs(value - (native[at] ?? Number.NaN))))).toBeLessThan(TOLERANCE);
  }
});
