import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { livesOf, type LifeEvent } from './lives.ts';

const hour = 3600e6;
const failure = (start: number, end: number | null = null): LifeEvent => ({ kind: 'failure', start, end });
const maintenance = (start: number, end: number | null = null): LifeEvent => ({ kind: 'maintenance', start, end });

describe('lives of a machine', () => {
  it('are one open life without events', () => {
    expect(livesOf([], 0, 100 * hour, 'time')).toEqual({ lives: [{ start: 0, end: 100 * hour, ended: 'not-yet', failureAt: null }], downSince: null });
  });

  it('leave out the time between a failure and the end of its repair', () => {
    const { lives } = livesOf([maintenance(52 * hour, 60 * hour), failure(50 * hour)], 0, 100 * hour, 'time');
    expect(lives).toEqual([
      { start: 0, end: 50 * hour, ended: 'failure', failureAt: 50 * hour },
      { start: 60 * hour, end: 100 * hour, ended: 'not-yet', failureAt: null },
    ]);
  });

  it('are censored by maintenance before the failure', () => {
    const { lives } = livesOf([maintenance(40 * hour, 44 * hour), failure(90 * hour, 95 * hour)], 0, 100 * hour, 'time');
    expect(lives.map((life) => life.ended)).toEqual(['maintenance', 'failure', 'not-yet']);
    expect(lives.map((life) => life.failureAt)).toEqual([null, 90 * hour, null]);
  });

  it('tell a machine that is down until its repair is known, for a day at most', () => {
    expect(livesOf([failure(90 * hour)], 0, 100 * hour, 'time').downSince).toBe(90 * hour);
    expect(livesOf([failure(50 * hour)], 0, 100 * hour, 'time')).toMatchObject({ downSince: null, lives: [{}, { start: 50 * hour, ended: 'not-yet' }] });
  });

  it('end at the last reading when the failure came after it', () => {
    expect(livesOf([failure(143)], 1, 31, 'cycle')).toEqual({ lives: [{ start: 1, end: 31, ended: 'failure', failureAt: 143 }], downSince: null });
  });

  it('end for good at a failure on the cycle axis', () => {
    expect(livesOf([failure(192)], 1, 192, 'cycle')).toEqual({ lives: [{ start: 1, end: 192, ended: 'failure', failureAt: 192 }], downSince: 192 });
  });

  const event = fc.record({
    kind: fc.constantFrom('failure' as const, 'maintenance' as const),
    start: fc.integer({ min: -50, max: 300 }).map((h) => h * hour),
    length: fc.option(fc.integer({ min: 0, max: 40 }).map((h) => h * hour), { nil: null }),
  });
  test.prop([fc.array(event, { maxLength: 12 })])('never overlap, stay within the readings, and are the same in any order of the events', (drawn) => {
    const events = drawn.map(({ kind, start, length }) => ({ kind, start, end: length === null ? null : start + length }));
    const { lives } = livesOf(events, 0, 200 * hour, 'time');
    let before = 0;
    for (const life of lives) {
      expect(life.start).toBeGreaterThanOrEqual(before);
      expect(life.end).toBeGreaterThanOrEqual(life.start);
      expect(life.end).toBeLessThanOrEqual(200 * hour);
      expect(life.ended === 'failure').toBe(life.failureAt !== null);
      before = life.end;
    }
    const distinct = new Set(events.map((e) => `${e.kind}${e.start}`)).size === events.length;
    if (distinct) expect(livesOf([...events].reverse(), 0, 200 * hour, 'time').lives).toEqual(lives);
  });
});
