import type { ErrorBin } from '../documents/detail.ts';
import { rmse } from './rmse.ts';

const BINS = 5;

/**
 * Error by true remaining life: where a model is wrong matters more than how wrong it is on average. The last bin holds the
 * windows at the cap alone.
 * @param predicted steps
 * @param truth steps, at most the cap
 * @param stepInUnit the bins and errors are in the dataset's unit
 */
export const errorByTruth = (predicted: Float32Array, truth: Float32Array, cap: number, stepInUnit: number): ErrorBin[] => {
  const edges = [...Array.from({ length: BINS + 1 }, (_, bin) => (bin * cap) / BINS), Number.POSITIVE_INFINITY];
  return edges.slice(1).flatMap((to, bin) => {
    const from = edges[bin] ?? 0;
    const own = [...truth.keys()].filter((at) => (truth[at] ?? 0) >= from && (truth[at] ?? 0) < to);
    if (own.length === 0) return [];
    const said = own.map((at) => (predicted[at] ?? 0) * stepInUnit);
    const was = own.map((at) => (truth[at] ?? 0) * stepInUnit);
    const bias = said.reduce((sum, value, at) => sum + value - (was[at] ?? 0), 0) / own.length;
    return [{ from: from * stepInUnit, to: Math.min(to, cap) * stepInUnit, points: own.length, rmse: rmse(said, was), bias }];
  });
};
