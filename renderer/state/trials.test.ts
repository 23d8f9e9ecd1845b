import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Trials } from './trials.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('does the last that was asked for, once it is quiet, and gives up what it replaces', () => {
  const trials = new Trials();
  const begun: string[] = [];
  const signals: AbortSignal[] = [];
  const work = (name: string) => (signal: AbortSignal) => {
    begun.push(name);
    signals.push(signal);
    return Promise.resolve();
  };
  trials.begin('a', 250, work('first'));
  vi.advanceTimersByTime(200);
  trials.begin('a', 250, work('second'));
  trials.begin('b', 250, work('other'));
  vi.advanceTimersByTime(249);
  expect(begun).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(begun).toEqual(['second', 'other']);
  trials.begin('a', 250, work('third'));
  expect(signals.map((signal) => signal.aborted)).toEqual([true, false]);
  trials.stopAll();
  vi.advanceTimersByTime(1000);
  expect(begun).toEqual(['second', 'other']);
  expect(signals.map((signal) => signal.aborted)).toEqual([true, true]);
});
