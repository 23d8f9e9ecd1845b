import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, showTime } from '../format/time.ts';
import { timeTicks } from './timeTicks.ts';

const at = (text: string): number => Date.parse(text) * 1000;
const said = (from: number, width: number, zone: string): string[] => {
  const ticks = timeTicks({ from, to: from + width }, zone);
  return ticks.at.map((moment) => showTime('en-GB', zone, moment, ticks.shape(moment)));
};

describe('marks of a time axis', () => {
  it('stand at round times of the plant’s clocks', () => {
    expect(said(at('2025-07-01T10:07:00Z'), 2 * HOUR, 'Asia/Kathmandu')).toEqual(['16:00', '16:15', '16:30', '16:45', '17:00', '17:15', '17:30', '17:45']);
    expect(said(at('2025-07-01T10:07:03Z'), MINUTE, 'UTC')).toEqual(['10:07:10', '10:07:20', '10:07:30', '10:07:40', '10:07:50', '10:08:00']);
  });

  it('name the day at midnight', () => {
    expect(said(at('2025-07-01T12:00:00Z'), DAY, 'UTC')).toEqual(['12:00', '15:00', '18:00', '21:00', '2 Jul', '03:00', '06:00', '09:00', '12:00']);
  });

  it('stay at midnight over a clock change', () => {
    const ticks = timeTicks({ from: at('2025-10-24T00:00:00Z'), to: at('2025-10-30T00:00:00Z') }, 'Europe/Berlin');
    expect(ticks.at.map((moment) => new Date(moment / 1000).toISOString().slice(5, 16))).toEqual(['10-24T22:00', '10-25T22:00', '10-26T23:00', '10-27T23:00', '10-28T23:00', '10-29T23:00']);
  });

  it('are few on any width', () => {
    for (const width of [1e6, MINUTE, 7 * HOUR, 3 * DAY, 40 * DAY, 900 * DAY]) expect(timeTicks({ from: at('2025-03-01T00:00:00Z'), to: at('2025-03-01T00:00:00Z') + width }, 'Europe/Berlin').at.length).toBeLessThanOrEqual(10);
  });
});
