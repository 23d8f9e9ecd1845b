import type { TrainingConfig } from '../documents/config.ts';
import { augment } from '../dataset/augmentation.ts';
import { gatherBatch } from '../dataset/gather.ts';
import type { Random } from '../dataset/random.ts';
import { minimumHistory } from '../dataset/windows.ts';
import type { Prepared } from './prepare.ts';
import type { Batch } from './step.ts';

/** A rare class is lifted no more than this. */
const MOST_WEIGHT = 8;
/** Updates in an epoch at least: small datasets take smaller batches. */
const FEWEST_STEPS = 16;
const SMALLEST_BATCH = 32;

/**
 * Weight of a window by its label: 1 for remaining life; for failure and fault each class is lifted by a power of how much rarer
 * than the most frequent it is, so that a plant that seldom fails is not learnt as one that never does; the mean weight of the
 * windows is 1. The calibration afterwards gives the probabilities their true size again.
 */
export const labelWeights = (labels: Float32Array, { task, classWeights }: Pick<TrainingConfig, 'task' | 'classWeights'>): ((label: number) => number) => {
  if (task !== 'failure' && task !== 'fault') return () => 1;
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const lifted = new Map([...counts].map(([label, count]) => [label, Math.min(MOST_WEIGHT, (most / count) ** classWeights)]));
  const mean = [...counts].reduce((sum, [label, count]) => sum + count * (lifted.get(label) ?? 1), 0) / Math.max(1, labels.length);
  return (label) => (lifted.get(label) ?? 1) / mean;
};

/** Batches of nearly equal size, so that no batch normalisation sees a handful of windows. */
export const batchBounds = (windows: number, batch: number): number[] => {
  const size = Math.max(Math.min(SMALLEST_BATCH, windows), Math.min(batch, Math.floor(windows / FEWEST_STEPS)));
  const count = Math.max(1, Math.round(windows / size));
  return Array.from({ length: count + 1 }, (_, at) => Math.round((at * windows) / count));
};

/** The windows of one epoch in their order: all of them shuffled, or as many as an epoch may visit. */
export const epochOrder = (windows: number, most: number, random: Random): Int32Array => {
  const order = random.shuffle(Int32Array.from({ length: windows }, (_, at) => at));
  return order.subarray(0, Math.min(windows, most));
};

/** Gathers one batch. Some of its windows look back a random, shorter way, so that padding tells nothing about age; all are augmented. */
export const trainingBatch = (prepared: Prepared, chosen: Int32Array, weightOf: (label: number) => number, random: Random): Batch => {
  const { config, rows, training, network, noise } = prepared;
  const shortest = minimumHistory(config.window);
  const histories = Int32Array.from(chosen, () => (random.next() < config.shortHistories ? shortest + random.integer(config.window - shortest + 1) : config.window));
  const cells = gatherBatch(rows, training, chosen, config.window, histories);
  augment(cells, config.window, rows.inputs, config, random, noise);
  const labels = Float32Array.from(chosen, (index) => training.labels[index] ?? 0);
  return {
    count: chosen.length,
    cells,
    targets: Float32Array.from([...labels].flatMap((label) => network.head.target(label))),
    weights: labels.map(weightOf),
  };
};
