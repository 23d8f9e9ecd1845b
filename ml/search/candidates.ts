import { Preset, TrainingConfig } from '../documents/config.ts';
import { minimumHistory } from '../dataset/windows.ts';
import type { Random } from '../dataset/random.ts';

const pick = <T>(random: Random, choices: readonly T[], otherwise: T): T => choices[random.integer(choices.length)] ?? otherwise;

/** A number between `low` and `high`, evenly in its logarithm, to two digits: a configuration is read by people. */
const between = (random: Random, low: number, high: number): number => Number((low * (high / low) ** random.next()).toPrecision(2));

/** What the windows of a search may be, as shares of the one that was asked for. */
const WINDOWS = [0.6, 1, 1, 1.4] as const;

/** The longest window of a search from this configuration. */
export const longestWindow = (base: TrainingConfig): number => Math.min(4096, Math.round(base.window * Math.max(...WINDOWS)));

/** The least rows before a window's end that all configurations of a search can predict from: they are compared on the same windows. */
export const commonHistory = (base: TrainingConfig): number => minimumHistory(longestWindow(base));

/**
 * One configuration near `base`: its network, its window and what holds it back from learning by heart are drawn; task, seed, cap, horizon and
 * the size of epochs stay.
 */
export const drawCandidate = (base: TrainingConfig, random: Random): TrainingConfig =>
  TrainingConfig.parse({
    ...base,
    preset: pick(random, Preset.options, base.preset),
    window: Math.max(4, Math.round(base.window * pick(random, WINDOWS, 1))),
    pooling: pick(random, [1, 2, 4, 8], base.pooling),
    filters: pick(random, [16, 32, 48], base.filters),
    blocks: pick(random, [2, 3, 4], base.blocks),
    kernel: pick(random, [3, 5, 7, 11], base.kernel),
    dense: pick(random, [32, 64, 96], base.dense),
    dropout: pick(random, [0.1, 0.2, 0.3, 0.45], base.dropout),
    l2: pick(random, [0, 1e-5, 1e-4], base.l2),
    jitter: pick(random, [0.2, 0.4, 0.6, 0.8], base.jitter),
    learningRate: between(random, 1e-3, 6e-3),
  });

/** The configurations of one round: in the first one, `base` with each of the other presets stands before what is drawn. */
export const candidatesOf = (base: TrainingConfig, round: number, count: number, random: Random): TrainingConfig[] => {
  const presets = round === 1 ? Preset.options.filter((preset) => preset !== base.preset).map((preset) => ({ ...base, preset })) : [];
  return [...presets, ...Array.from({ length: Math.max(0, count - presets.length) }, () => drawCandidate(base, random))];
};
