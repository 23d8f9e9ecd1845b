import { describe, expect, it } from 'vitest';
import { TrainingConfig } from '../../../ml/documents/config.ts';
import type { Metrics } from '../../../ml/documents/metrics.ts';
import { createShow } from '../../format/show.ts';
import { isKey, translator } from '../../messages/translate.ts';
import { BASICS, GROUPS, USUAL_CONFIG, checkOverrides, configLines } from './config.ts';
import { headline, metricLines } from './metrics.ts';

const show = createShow('en', 'UTC');
const t = translator('en');
const rul = (rmse: number, coverage90: number | null): Metrics => ({ kind: 'rul', unit: 'hours', units: 9, points: 100, rmse, mae: rmse, score: rmse, coverage90, meanWidth90: null });

describe('metrics side by side', () => {
  it('mark the better one of each line where better has a meaning', () => {
    const lines = new Map(metricLines(show, [rul(88.2, 0.91), rul(144.7, null)]).map((line) => [line.name, line]));
    expect(lines.get('rmse')).toMatchObject({ values: ['88.2 hours', '144.7 hours'], best: 0 });
    expect(lines.get('coverage90')).toMatchObject({ values: ['91%', null], best: null });
  });

  it('mark none where both are equal, or there is one', () => {
    expect(metricLines(show, [rul(5, null), rul(5, null)])[0]?.best).toBeNull();
    expect(metricLines(show, [rul(5, null)])[0]?.best).toBeNull();
  });

  it('have one number that stands for all', () => {
    expect(headline(t, show, { metrics: rul(88.2, 0.9), baselines: [] })).toBe('RMSE 88.2 hours');
  });
});

describe('training options', () => {
  it('are all of the schema’s, each with a name and a sentence', () => {
    const offered = new Set<string>([...BASICS, ...Object.values(GROUPS).flat(), 'task', 'preset', 'horizon', 'leaveOut']);
    expect([...offered].toSorted()).toEqual(Object.keys(TrainingConfig.shape).toSorted());
    for (const name of offered) expect(isKey(`option.${name}`), name).toBe(true);
    for (const name of [...BASICS, ...Object.values(GROUPS).flat()]) expect(isKey(`optionWhy.${name}`), name).toBe(true);
  });

  it('are sent only where they were changed', () => {
    expect(checkOverrides({ epochs: 5, dropout: 0.4 })).toEqual({ config: { epochs: 5, dropout: 0.4 }, wrong: new Set() });
    expect(checkOverrides({}).config).toEqual({});
  });

  it('name those that the schema refuses', () => {
    expect(checkOverrides({ epochs: 0, seed: Number.NaN, window: 30 }).wrong).toEqual(new Set(['epochs', 'seed']));
  });

  it('of two runs are shown where they differ', () => {
    const other = { ...USUAL_CONFIG, preset: 'residual' as const, dropout: 0.5 };
    expect(configLines(t, show, [USUAL_CONFIG, other], true)).toEqual([
      { name: 'preset', values: ['Plain', 'Residual'] },
      { name: 'dropout', values: [String(USUAL_CONFIG.dropout), '0.5'] },
    ]);
    expect(configLines(t, show, [USUAL_CONFIG, USUAL_CONFIG], true)).toEqual([]);
  });
});
