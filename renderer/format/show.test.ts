import { describe, expect, it } from 'vitest';
import type { Forecast } from '../../main/contract/plant.ts';
import { AssetId, ModelId, microsOf } from '../../main/contract/values.ts';
import { translator } from '../messages/translate.ts';
import { alarmSentence } from './alarm.ts';
import { forecastWords } from './forecast.ts';
import { jobTitle } from './job.ts';
import { lifeOf } from './life.ts';
import { showBytes, showNumber } from './number.ts';
import { createShow } from './show.ts';

const en = createShow('en', 'Europe/Berlin');
const zh = createShow('zh', 'Asia/Shanghai');
const t = translator('en');
const at = (text: string): number => Date.parse(text) * 1000;

const forecast = (part: Partial<Forecast>): Forecast => ({
  id: 1,
  asset: AssetId.parse(1),
  model: ModelId.parse('m'),
  madeAt: microsOf(0),
  asOf: 0,
  rul: null,
  failureAt: null,
  failureProbability: [],
  fault: null,
  anomaly: null,
  drivers: [],
  noForecast: null,
  ...part,
});

describe('numbers', () => {
  it('have four significant digits, whole thousands, and no false zero', () => {
    expect([0, 2.21, 54.123456, 1485.3, 72_000, 0.00001234].map((value) => showNumber('en-GB', value))).toEqual(['0', '2.21', '54.12', '1,485.3', '72,000', '1.23E-5']);
    expect(showNumber('en-GB', Number.NaN)).toBe('–');
  });

  it('of bytes are decimal', () => {
    expect([0, 999, 41_223_112, 1.1e9].map((bytes) => showBytes('en-GB', bytes))).toEqual(['0\u202fB', '999\u202fB', '41.2\u202fMB', '1.1\u202fGB']);
  });

  it('that are probabilities are never certain', () => {
    expect([0, 0.004, 0.01, 0.034, 0.99, 0.9999].map((p) => en.chance(p))).toEqual(['<1%', '<1%', '1%', '3%', '99%', '>99%']);
  });

  it('carry their unit on the same line', () => {
    expect(en.number(2.2, 'mm/s')).toBe('2.2\u202fmm/s');
    expect(en.number(null, 'mm/s')).toBe('–');
  });
});

describe('remaining life', () => {
  it('is told in the unit that people would use, one for median and interval', () => {
    expect(lifeOf({ median: 292, low: 204, high: 395, unit: 'hours' })).toEqual({ unit: 'days', median: 12, low: 8.5, high: 16 });
    expect(lifeOf({ median: 1.2, low: 0.7, high: 2, unit: 'days' })).toEqual({ unit: 'hours', median: 29, low: 17, high: 48 });
    expect(lifeOf({ median: 48.4, low: 31, high: 70, unit: 'cycles' })).toEqual({ unit: 'cycles', median: 48, low: 31, high: 70 });
  });

  it('is said in both languages', () => {
    const rul = { median: 292, low: 204, high: 395, unit: 'hours' };
    expect(en.life(rul)).toEqual({ median: '12 days', interval: '8.5 to 16 days', isOver: false });
    expect(zh.life(rul)).toEqual({ median: '12 天', interval: '8.5 至 16 天', isOver: false });
  });
});

describe('a forecast in words', () => {
  it('says when and how sure, by the day where the interval is days wide', () => {
    const wide = forecast({ rul: { median: 292, low: 204, high: 395, unit: 'hours' }, failureAt: { median: at('2025-12-04T13:00:00Z'), low: at('2025-12-01T00:00:00Z'), high: at('2025-12-09T00:00:00Z') } });
    expect(forecastWords(t, en, wide, 'time')).toEqual({ kind: 'life', main: 'in 12 days', sure: '90% interval: 8.5 to 16 days', when: 'Thu, 4 Dec 2025', chance: null });
    const narrow = forecast({ rul: { median: 20, low: 12, high: 30, unit: 'hours' }, failureAt: { median: at('2025-12-04T13:00:00Z'), low: at('2025-12-04T05:00:00Z'), high: at('2025-12-04T23:00:00Z') } });
    expect(forecastWords(t, en, narrow, 'time').when).toBe('Thu 4 Dec, 14:00');
  });

  it('says that a life at the longest which the model tells apart is that long or longer, and names no day', () => {
    const long = forecast({ rul: { median: 9.98, low: 7, high: 10, unit: 'days', cap: 10 }, failureAt: { median: at('2025-12-04T13:00:00Z'), low: 0, high: 0 }, failureProbability: [{ horizon: 3, unit: 'days', p: 0.002 }] });
    expect(forecastWords(t, en, long, 'time')).toEqual({ kind: 'life', main: 'in 10 days or more', sure: '90% interval: 7 to 10 days or more', when: null, chance: '<1% within 3 days' });
  });

  it('says that a failure is due where nothing is left', () => {
    expect(forecastWords(t, en, forecast({ rul: { median: 0.02, low: 0, high: 1.8, unit: 'cycles' } }), 'cycle')).toMatchObject({ main: 'due now', sure: '90% interval: 0 to 1.8 cycles' });
  });

  it('says a probability with its horizon', () => {
    expect(forecastWords(t, en, forecast({ failureProbability: [{ horizon: 7, unit: 'days', p: 0.034 }] }), 'time')).toMatchObject({ main: '3%', sure: 'probability of failure within 7 days' });
  });

  it('names the kind of fault, or that it is unclear, where no model speaks of time', () => {
    const classes = [{ name: 'healthy', p: 0.1 }, { name: 'BRD', p: 0.83 }, { name: 'VIB', p: 0.07 }];
    const fault = { classes, horizon: 5, unit: 'days' };
    expect(forecastWords(t, en, forecast({ fault: { ...fault, likely: 'BRD' } }), 'time')).toMatchObject({ main: 'BRD, 83%', sure: 'kind of fault, failing within 5 days' });
    expect(forecastWords(t, en, forecast({ fault: { ...fault, likely: null } }), 'time').main).toBe('Kind of fault unclear');
    expect(forecastWords(t, en, forecast({ fault: { ...fault, likely: 'healthy' } }), 'time').main).toBe('No fault, 10%');
    expect(forecastWords(t, en, forecast({ rul: { median: 9, low: 7, high: 10, unit: 'days' }, fault: { ...fault, likely: 'BRD' } }), 'time').kind).toBe('life');
  });

  it('says why there is none', () => {
    expect(forecastWords(t, en, forecast({ noForecast: { reason: 'unlike-training', detail: '' } }), 'time')).toMatchObject({ kind: 'none', sure: 'the readings are unlike all that the model has learned from' });
    expect(forecastWords(t, en, null, 'time').kind).toBe('none');
  });
});

describe('an alarm in words', () => {
  it('is made from its fields', () => {
    expect(alarmSentence(t, en, { condition: 'health-low', value: 32.4, limit: 40, unit: '%' })).toBe('Health 32 is below its limit of 40');
    expect(alarmSentence(t, en, { condition: 'failure-near', value: 18, limit: 48, unit: 'hours' })).toBe('Failure forecast in 18 hours, within the limit of 48 hours');
    expect(alarmSentence(t, en, { condition: 'failure-likely', value: 0.95, limit: 0.5, unit: 'probability' })).toBe('Probability of failure 95% is above its limit of 50%');
  });
});

describe('a job in words', () => {
  it('names files without their folders, and what is trained', () => {
    expect(jobTitle(t, { kind: 'import', subject: '/data/logs/pumps.csv' })).toBe('Import pumps.csv');
    expect(jobTitle(t, { kind: 'import', subject: 'C:\\logs\\a.csv, C:\\logs\\b.csv, C:\\logs\\c.csv' })).toBe('Import a.csv and 2 more files');
    expect(jobTitle(t, { kind: 'train', subject: 'run-1' }, { task: 'rul', machineType: 'pump' })).toBe('Training: Remaining useful life · pump');
  });
});

describe('ago and ahead', () => {
  it('are spans with a direction', () => {
    expect(en.ago(at('2025-12-04T13:00:00Z'), at('2025-12-04T13:12:00Z'))).toBe('12 min ago');
    expect(en.ago(at('2025-12-04T13:00:00Z'), at('2025-12-04T13:00:01Z'))).toBe('just now');
    expect(zh.ahead(at('2025-12-04T15:00:00Z'), at('2025-12-04T13:00:00Z'))).toBe('2 小时后');
  });
});
