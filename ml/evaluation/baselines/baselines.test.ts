import { describe, expect, it } from 'vitest';
import { TrainingConfig } from '../../documents/config.ts';
import { fleet, smallFleet } from '../../testdata/fleet.ts';
import { prepare } from '../../training/prepare.ts';
import { rmse } from '../rmse.ts';
import { fitBaselines, predictBaseline } from './baselines.ts';

describe('baselines', () => {
  const pointsFor = (config: TrainingConfig) => {
    const prepared = prepare(fleet({ ...smallFleet, life: [80, 80] }), config);
    const shared = { document: prepared.dataset.document, rows: prepared.rows, window: config.window };
    return { config: prepared.config, training: { ...shared, windows: prepared.training }, validation: { ...shared, windows: prepared.validation } };
  };

  it('know everything about machines that all live equally long', () => {
    const { config, training, validation } = pointsFor(TrainingConfig.parse({ task: 'rul', window: 16, rulCap: 40 }));
    const errors = new Map(fitBaselines(training, config).map((baseline) => [baseline.kind, rmse(predictBaseline(baseline, validation, config), validation.windows.labels)]));
    expect([...errors.keys()]).toEqual(['mean-life', 'age-only', 'last-value', 'window-mean', 'limits-only', 'boosting']);
    expect(errors.get('mean-life')).toBeCloseTo(0);
    expect(errors.get('age-only')).toBeLessThan(2);
    expect(errors.get('window-mean')).toBeLessThan(errors.get('last-value') ?? 0);
    expect(errors.get('boosting')).toBeLessThan(errors.get('limits-only') ?? 0);
    // Better than the constant, whose error over 0 .. 40, most of it at the cap, is about 14.
    expect(errors.get('limits-only')).toBeLessThan(10);
  });

  it('speak in probabilities for a failure, with a threshold from the training part', () => {
    const { config, training, validation } = pointsFor(TrainingConfig.parse({ task: 'failure', window: 16, horizon: 15 }));
    for (const baseline of fitBaselines(training, config)) {
      const said = predictBaseline(baseline, validation, config);
      expect(said.every((p) => p >= 0 && p <= 1)).toBe(true);
      expect(baseline.threshold).toBeGreaterThan(0);
      const right = said.filter((p, at) => (p >= baseline.threshold ? 1 : 0) === validation.windows.labels[at]).length / said.length;
      expect(right).toBeGreaterThan(0.8);
    }
  });
});
