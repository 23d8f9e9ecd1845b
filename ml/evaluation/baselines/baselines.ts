import type { FittedBaseline } from '../../documents/baseline.ts';
import type { TrainingConfig } from '../../documents/config.ts';
import { bestThreshold } from '../precisionRecall.ts';
import { byAge, fitAgeOnly } from './ageOnly.ts';
import { byBoosting, fitBoosting } from './boosting.ts';
import { fitByClass, predictByClass } from './byClass.ts';
import { byLimit, fitLimitsOnly } from './limitsOnly.ts';
import { fitLinearInWindow, linearInWindow } from './linearInWindow.ts';
import { fitMeanLife, meanLifeLeft } from './meanLife.ts';
import type { Points } from './points.ts';

/** The naive rivals of a model, fitted on its training windows alone. @param classes kinds of fault that `fault` tells apart */
export const fitBaselines = (training: Points, config: TrainingConfig, classes = 0): FittedBaseline[] => {
  if (config.task === 'fault') return fitByClass(training, classes, config.seed);
  const threshold = 0.5;
  const life = fitMeanLife(training);
  const fitted: FittedBaseline[] = [
    ...(life === null ? [] : [{ kind: 'mean-life' as const, life, threshold }]),
    { kind: 'age-only', bins: fitAgeOnly(training), threshold },
    { kind: 'last-value', ...fitLinearInWindow(training, 'last-value'), threshold },
    { kind: 'window-mean', ...fitLinearInWindow(training, 'window-mean'), threshold },
    { kind: 'limits-only', ...fitLimitsOnly(training), threshold },
    { kind: 'boosting', boosted: fitBoosting(training, config), threshold },
  ];
  if (config.task !== 'failure') return fitted;
  return fitted.map((baseline) => ({ ...baseline, threshold: bestThreshold(predictBaseline(baseline, training, config), training.windows.labels) }));
};

const raw = (baseline: FittedBaseline, points: Points, config: TrainingConfig): Float32Array => {
  switch (baseline.kind) {
    case 'mean-life': {
      const left = meanLifeLeft(baseline.life, points);
      return config.task === 'failure' ? left.map((steps) => (steps <= (config.horizon ?? 0) ? 1 : 0)) : left;
    }
    case 'age-only':
      return byAge(baseline.bins, points);
    case 'last-value':
    case 'window-mean':
      return linearInWindow(baseline, points, baseline.kind);
    case 'limits-only':
      return byLimit(baseline, points);
    case 'boosting':
      return byBoosting(baseline.boosted, points);
    case 'majority':
    case 'class-linear':
    case 'class-boosting':
      return predictByClass(baseline, points);
  }
};

/** What a baseline says of each window: remaining life in steps, within the cap, or a probability, [windows]; shares of the classes, [windows, classes]. */
export const predictBaseline = (baseline: FittedBaseline, points: Points, config: TrainingConfig): Float32Array => {
  const most = config.task === 'failure' || config.task === 'fault' ? 1 : (config.rulCap ?? Number.POSITIVE_INFINITY);
  return raw(baseline, points, config).map((value) => Math.min(most, Math.max(0, value)));
};
