import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { offsetOfName, WallClock } from './zone.ts';

const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'America/Sao_Paulo', 'Asia/Tokyo', 'Pacific/Auckland', 'Europe/Dublin', 'UTC'];
const hour = 3_600_000_000;

describe('the clock on the wall', () => {
  it('gives back each moment that it shows once', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: Date.UTC(1995, 0, 1) / 1000, max: Date.UTC(2040, 0, 1) / 1000 }), (zone, seconds) => {
        const shown = DateTime.fromSeconds(seconds, { zone });
        const local = (seconds + shown.offset * 60) * 1e6;
        const utc = new WallClock(zone).toUtc(local, NaN);
        // In a repeated hour the first pass is meant where nothing tells more; the shown offset then is the first one's.
        const alternatives = shown.getPossibleOffsets().map((one) => one.toSeconds() * 1e6);
        expect(utc).toBe(Math.min(...alternatives));
      }),
      { numRuns: 1000 },
    );
  });

  it('tells the passes of a repeated hour apart by the order of the rows', () => {
    const wall = new WallClock('Europe/Berlin');
    const start = Date.UTC(2025, 9, 25, 23) * 1000;
    const shown = Array.from({ length: 24 }, (_, i) => start + i * 600_000_000).map((utc) => utc + (DateTime.fromMillis(utc / 1000, { zone: 'Europe/Berlin' }).offset / 60) * hour);
    let before = NaN;
    const read = shown.map((local) => (before = wall.toUtc(local, before)));
    expect(read).toEqual(shown.map((_, i) => start + i * 600_000_000));
  });

  it('has no time for the hour that the clocks skip', () => {
    expect(new WallClock('Europe/Berlin').toUtc(Date.UTC(2025, 2, 30, 2, 30) * 1000, NaN)).toBeNaN();
  });

  it('knows zones named by their offset', () => {
    expect(offsetOfName('GMT-06:00')).toBe(-360);
    expect(offsetOfName('UTC+5:30')).toBe(330);
    expect(offsetOfName('Europe/Berlin')).toBeNull();
    expect(new WallClock('UTC+1').toUtc(3600e6, NaN)).toBe(0);
  });
});
