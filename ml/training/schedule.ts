import type { TrainingConfig } from '../documents/config.ts';

/** Share of the learning rate that a cosine schedule ends with. */
const FLOOR = 0.01;

/**
 * Learning rate at a moment of the run: a linear warm-up, then constant or half a cosine down (Loshchilov and Hutter 2017).
 * @param epoch epochs done, with fraction
 * @param progress share of the run that is done, 0 to 1: by epochs, or by the time budget where that ends sooner
 */
export const learningRateAt = (config: TrainingConfig, epoch: number, progress: number): number => {
  const warm = config.warmUpEpochs > 0 ? Math.min(1, (epoch + 0.01) / config.warmUpEpochs) : 1;
  if (config.schedule === 'constant') return config.learningRate * warm;
  return config.learningRate * warm * (FLOOR + ((1 - FLOOR) * (1 + Math.cos(Math.PI * Math.min(1, progress)))) / 2);
};
