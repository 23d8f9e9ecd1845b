import { microsOf, type Micros } from '../contract/values.ts';

/** The one place that time comes from; tests and replays hand in their own. */
export interface Clock {
  /** Microseconds since 1970. */
  now(): Micros;
}

/** The machine's clock, monotonic within a millisecond of wall time. */
export const systemClock: Clock = { now: () => microsOf(Date.now()) };

/** A clock that stands still until it is moved, for tests and replays. */
export const settableClock = (start: Micros): Clock & { set(to: Micros): void; advance(microseconds: number): void } => {
  let current = start;
  return {
    now: () => current,
    set: (to) => {
      current = to;
    },
    advance: (microseconds) => {
      current = microsOf((current + microseconds) / 1000);
    },
  };
};
