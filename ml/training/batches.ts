import type { TrainingConfig } from '../documents/config.ts';
import { gatherBatch } from '../dataset/gather.ts';
import type { Random } from '../dataset/random.ts';
import { minimumHistory } from '../dataset/windows.ts';
import type { Prepared } from './prepare.ts';
import type { Batch } from './step.ts';

/** The rarer class counts for as much as its rarity to the power of 1/2, and no more than this. */
const MOST_WEIGHT = 8;
/** Updates in an epoch at least: small datasets take smaller batches. */
const FEWEST_STEPS = 16;
const SMALLEST_BATCH = 32;

/** Each class lifted by the square root of how much rarer than the most frequent it is; then the mean weight of the windows is 1. */
const classWeights = (labels: Float32Array): ((label: number) => number) => {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const lifted = new Map([...counts].map(([label, count]) => [label, Math.min(MOST_WEIGHT, Math.sqrt(most / count))]));
  const mean = [...counts].reduce((sum, [label, count]) => sum + count * (lifted.get(label) ?? 1), 0) / Math.max(1, labels.length);
  return (label) => (lifted.get(label) ?? 1) / mean;
};

/**
 * Weight of a window by its label: 1 for remaining life; for failure and fault the rare classes are lifted, so that a plant that seldom
 * fails is not learnt as one that never does. The calibration afterwards gives the probabilities their true size again.
 */
export const labelWeights = (labels: Float32Array, task: TrainingConfig['task']): ((label: number) => number) => {
  if (task === 'fault') return classWeights(labels);
  if (task !== 'failure') return () => 1;
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const lift = Math.min(MOST_WEIGHT, Math.sqrt((labels.length - positives) / Math.max(1, positives)));
  return (label) => (label === 1 ? Math.max(1, lift) : 1);
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

/** Gathers one batch. Some of its windows look back a random, shorter way, so that padding tells nothing about age; all are jittered. */
export const trainingBatch = (prepared: Prepared, chosen: Int32Array, weightOf: (label: number) => number, random: Random): Batch => {
  const { config, rows, training, network } = prepared;
  const shortest = minimumHistory(config.window);
  const histories = Int32Array.from(chosen, () => (random.next() < config.shortHistories ? shortest + random.integer(config.window - shortest + 1) : config.window));
  const cells = gatherBatch(rows, training, chosen, config.window, histories);
  if (config.jitter > 0) for (let at = 0; at < cells.length; at++) cells[at] = (cells[at] ?? 0) + config.jitter * random.normal();
  const labels = Float32Array.from(chosen, (index) => training.labels[index] ?? 0);
  return {
    count: chosen.length,
    cells,
    targets: Float32Array.from([...labels].flatMap((label) => network.head.target(label))),
    weights: labels.map(weightOf),
  };
};
