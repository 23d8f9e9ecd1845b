import { describe, expect, it } from 'vitest';
import type { SensorQuality } from '../../../../main/contract/data.ts';
import type { QualityFinding } from '../../../../main/contract/quality.ts';
import { SensorId } from '../../../../main/contract/values.ts';
import { findingWords, gradeOf } from '../../../format/quality.ts';
import { translator } from '../../../messages/translate.ts';
import { ordered } from './order.ts';
import { chosenOf, faultOf, textsOf, type Texts } from './thresholds.ts';

const NO_TEXTS: Texts = { interval: '', gapFactor: '', flatReadings: '', spikeSigmas: '', low: '', high: '' };
const sensor = (id: number, asset: string, name: string, score: number, count: number): SensorQuality => ({
  sensor: SensorId.parse(id), asset, name, unit: null, count, missing: 0, gaps: 0, flat: 0, spikes: 0, outOfRange: 0, expected: null, completeness: null, score, reasons: [], findings: [],
});
const sensors = [sensor(1, 'P-10', 'flow', 80, 5), sensor(2, 'P-9', 'flow', 80, 9), sensor(3, 'P-9', 'oil', 20, 7)];
const idsBy = (search: string, order: Parameters<typeof ordered>[2]): number[] => ordered(sensors, search, order).map((one) => one.sensor);

describe('the table of sensors', () => {
  it('has the worst first, equals by machine as people count them', () => {
    expect(idsBy('', 'score')).toEqual([3, 2, 1]);
    expect(idsBy('', '-score')).toEqual([2, 1, 3]);
  });

  it('is sorted by its columns and searched by machine and name', () => {
    expect(idsBy('', 'asset')).toEqual([2, 3, 1]);
    expect(idsBy('', '-count')).toEqual([2, 3, 1]);
    expect(idsBy('p-9 FLOW', 'score')).toEqual([2]);
  });
});

describe('thresholds in their fields', () => {
  it('come back as they were; empty ones mean: as learned', () => {
    const chosen = { interval: 500_000, gapFactor: 3, flatReadings: 40, spikeSigmas: null, low: -5, high: null };
    expect(textsOf(chosen, 'time')).toEqual({ interval: '0.5', gapFactor: '3', flatReadings: '40', spikeSigmas: '', low: '-5', high: '' });
    expect(chosenOf(textsOf(chosen, 'time'), 'time')).toEqual(chosen);
    expect(chosenOf({ ...NO_TEXTS, interval: '2' }, 'cycle').interval).toBe(2);
  });

  it('are read with a decimal comma', () => {
    expect(chosenOf({ ...NO_TEXTS, high: '1,5' }, 'time').high).toBe(1.5);
  });

  it('say what is wrong, by field', () => {
    expect(faultOf({ ...NO_TEXTS, gapFactor: '1', flatReadings: 'many', low: '9', high: '3' })).toEqual({ gapFactor: { kind: 'least', least: 1.5 }, flatReadings: { kind: 'number' }, high: { kind: 'order' } });
    expect(faultOf(NO_TEXTS)).toEqual({});
  });
});

describe('what was found', () => {
  const finding = (part: Partial<QualityFinding>): QualityFinding => ({ code: 'gap', count: 1, share: 0, cost: 0, first: null, last: null, other: null, otherName: null, scale: null, ...part });

  it('is said with its count, in either language', () => {
    expect(findingWords(translator('en'), finding({ count: 2 }))).toBe('2 gaps');
    expect(findingWords(translator('zh'), finding({ count: 2 }))).toBe('2 处中断');
  });

  it('names the other sensor of a copy, and tells a conversion from a copy', () => {
    const copy = finding({ code: 'copy', otherName: 'P-9 / flow', scale: 1 });
    expect(findingWords(translator('en'), copy)).toBe('the same readings as P-9 / flow');
    expect(findingWords(translator('en'), { ...copy, scale: 1.8 })).toBe('the readings of P-9 / flow, converted');
  });

  it('is graded by limits', () => {
    expect([90, 89.9, 70, 69].map(gradeOf)).toEqual(['good', 'fair', 'fair', 'poor']);
  });
});
