import { expect, it } from 'vitest';
import { TrainingConfig } from '../../ml/documents/config.ts';
import { factsOf } from './facts.ts';

it('a model tells what it sees, in the units of its sensors', () => {
  const facts = factsOf({
    step: 3600e6,
    unit: 'hours',
    stepInUnit: 1,
    sensors: [{ name: 'vibration', unit: 'mm/s' }, { name: 'speed', unit: 'rpm' }],
    inputs: [0],
    leftOut: [{ name: 'flow', reason: 'constant' }],
    config: TrainingConfig.parse({ task: 'rul', window: 40 }),
    cleaning: null,
    normalisation: { conditionSensors: [1], conditionScale: [500], centres: [[2], [3]], mean: [[0, 0], [0, 0]], std: [[1, 1], [1, 1]] },
    conformal: { alpha: 0.1, units: 7, bins: [{ upTo: 100, low: -5, high: 5, n: 7 }] },
  });
  expect(facts).toEqual({
    step: { value: 1, unit: 'hours' },
    window: 40,
    inputs: [{ name: 'vibration', unit: 'mm/s' }],
    leftOut: [{ name: 'flow', reason: 'constant' }],
    isCleaned: false,
    regimes: { sensors: [{ name: 'speed', unit: 'rpm' }], centres: [[1000], [1500]] },
    intervalUnits: 7,
  });
});
