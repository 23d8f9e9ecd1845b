import { describe, expect, it } from 'vitest';
import { kindOfTime, readDateTime } from './read.ts';

const iso = (text: string, order: 'dmy' | 'mdy' | 'ymd' = 'dmy', site = ''): string | null => {
  const civil = readDateTime(text, order, site);
  return civil === null ? null : new Date(civil.local / 1000).toISOString().slice(0, 23) + (civil.offset === null ? '' : ` ${civil.offset}`);
};

describe('dates and times as loggers write them', () => {
  it.each([
    ['2025-03-24 06:10:00', '2025-03-24T06:10:00.000'],
    ['2025-03-24T06:10', '2025-03-24T06:10:00.000'],
    ['20250324T061000', '2025-03-24T06:10:00.000'],
    ['20250324061000', '2025-03-24T06:10:00.000'],
    ['2025-07-07 08:00:00,250', '2025-07-07T08:00:00.250'],
    ['24.03.2025 6:00:00:250', '2025-03-24T06:00:00.250'],
    ['24.03.25 06:10', '2025-03-24T06:10:00.000'],
    ['15-Jan-25 00:00:00', '2025-01-15T00:00:00.000'],
    ['18. Mrz 2025 07:00', '2025-03-18T07:00:00.000'],
    ['4. März 2025 17:05 Uhr', '2025-03-04T17:05:00.000'],
    ['3 février 2025 14h05', '2025-02-03T14:05:00.000'],
    ['March 4, 2025 5:06 pm', '2025-03-04T17:06:00.000'],
    ['Mon Mar 24 06:10:00 2025', '2025-03-24T06:10:00.000'],
    ['2025年3月24日 13时10分00秒', '2025-03-24T13:10:00.000'],
    ['2025/3/4 上午 9:05:03', '2025-03-04T09:05:03.000'],
    ['2025-03-04 下午 1:02', '2025-03-04T13:02:00.000'],
    ['2025-02-03 24:00:00', '2025-02-04T00:00:00.000'],
    ['2025-06-03 12:00:00 AM', '2025-06-03T00:00:00.000'],
    ['2025-06-03 12:30:00 PM', '2025-06-03T12:30:00.000'],
    ['2025-05-20T06:00:00Z', '2025-05-20T06:00:00.000 0'],
    ['26-10-2025 05:00:00+0530', '2025-10-26T05:00:00.000 330'],
    ['2025-10-26T01:30:00-03:30', '2025-10-26T01:30:00.000 -210'],
    ['2025-10-26 02:00:00 CEST', '2025-10-26T02:00:00.000 120'],
    ['Tue, 04 Mar 2025 05:06:07 GMT', '2025-03-04T05:06:07.000 0'],
  ])('%s', (text, expected) => {
    expect(iso(text)).toBe(expected);
  });

  it('takes day and month in the order that it is told', () => {
    expect(iso('04/03/2025 04:00', 'dmy')).toBe('2025-03-04T04:00:00.000');
    expect(iso('04/03/2025 04:00', 'mdy')).toBe('2025-04-03T04:00:00.000');
    expect(iso('25-04-03 04:00', 'ymd')).toBe('2025-04-03T04:00:00.000');
  });

  it('keeps microseconds and rounds what is finer', () => {
    expect((readDateTime('2025-01-01 00:00:00.1234567', 'dmy')?.local ?? NaN) % 1_000_000).toBe(123_457);
  });

  it('takes CST as the site means it', () => {
    expect(readDateTime('2025-01-01 00:00 CST', 'dmy', 'Asia/Shanghai')?.offset).toBe(480);
    expect(readDateTime('2025-01-01 00:00 CST', 'dmy', 'America/Chicago')?.offset).toBe(-360);
  });

  it.each(['', 'NaN', '2025-02-30 00:00', '2025-13-01', '2025-01-01 25:00', '2025-01-01 10:61', 'EVENT', '12A34', '2025-01-01 24:00:01', '45782.33', '12,5', '2025-10-21 08:19:00,7.50'])('%s is none', (text) => {
    expect(readDateTime(text, 'dmy')).toBeNull();
  });
});

describe('what a text could be', () => {
  it.each([
    ['2025-03-24 06:00', 'datetime'], ['24.03.2025', 'date'], ['08:00:00', 'clock'], ['8:05', 'clock'], ['13.25', null], ['1,944', null], ['72.7', null], ['2,5', null], ['Running', null], ['00:00:00,72.7,3.50', null],
  ])('%s: %s', (text, kind) => {
    expect(kindOfTime(text)).toBe(kind);
  });
});
