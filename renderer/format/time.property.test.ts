import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, fieldOfMoment, momentOfField, showTime, spanOf } from './time.ts';

const ZONES = ['UTC', 'Europe/Berlin', 'Asia/Shanghai', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu'] as const;
const micros = (text: string): number => Date.parse(text) * 1000;

describe('times', () => {
  test.prop([fc.constantFrom(...ZONES), fc.integer({ min: micros('2001-01-01T00:00:00Z') / MINUTE, max: micros('2037-01-01T00:00:00Z') / MINUTE })])('come back from a field to within a clock change', (zone, minute) => {
    const moment = minute * MINUTE;
    const back = momentOfField(zone, fieldOfMoment(zone, moment)) ?? Number.NaN;
    // An hour that the clocks show twice has two moments: the field can't tell them apart.
    expect(Math.abs(back - moment)).toBeLessThanOrEqual(HOUR);
    expect(fieldOfMoment(zone, back)).toBe(fieldOfMoment(zone, moment));
  });

  it('are shown on the plant’s clocks', () => {
    const moment = micros('2025-07-01T22:30:05.250Z');
    expect(showTime('en-GB', 'Europe/Berlin', moment, 'exact')).toBe('2025-07-02 00:30:05.250');
    expect(showTime('zh-CN', 'Asia/Shanghai', moment, 'exact')).toBe('2025-07-02 06:30:05.250');
    expect(showTime('en-GB', 'UTC', moment, 'moment')).toBe('1 Jul 2025, 22:30');
    expect(showTime('en-GB', 'Europe/Berlin', micros('2025-01-01T23:00:00Z'), 'clock')).toBe('00:00:00');
  });

  it('keep their seconds in a field', () => {
    expect(fieldOfMoment('Europe/Berlin', micros('2025-07-01T22:30:05.250Z'))).toBe('2025-07-02T00:30:05');
    expect(momentOfField('Europe/Berlin', '2025-07-02T00:30:05')).toBe(micros('2025-07-01T22:30:05Z'));
  });

  it('of a skipped hour are taken as the hour after', () => {
    expect(momentOfField('Europe/Berlin', '2025-03-30T02:30')).toBe(micros('2025-03-30T01:30:00Z'));
  });

  it('that are none are null', () => {
    expect(momentOfField('UTC', '')).toBeNull();
    expect(momentOfField('UTC', 'tomorrow')).toBeNull();
  });
});

describe('spans', () => {
  it('are told in the largest unit of which there are two', () => {
    expect(spanOf(90e6)).toEqual({ count: 90, unit: 'second' });
    expect(spanOf(119 * MINUTE)).toEqual({ count: 119, unit: 'minute' });
    expect(spanOf(47 * HOUR)).toEqual({ count: 47, unit: 'hour' });
    expect(spanOf(3 * DAY)).toEqual({ count: 3, unit: 'day' });
    expect(spanOf(-3 * DAY)).toEqual({ count: 3, unit: 'day' });
  });
});
