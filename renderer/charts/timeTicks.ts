import { DAY, HOUR, MINUTE, SECOND, offsetAt, type TimeShape } from '../format/time.ts';
import type { View } from './view.ts';

const STEPS = [1, 2, 5, 10, 15, 30].map((count) => count * SECOND).concat(
  [1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  [1, 2, 3, 6, 12].map((count) => count * HOUR),
  [1, 2, 3, 5, 7, 14, 28, 56, 91, 182, 364].map((count) => count * DAY),
);
const MOST = 9;

/** Marks of a time axis: where they stand (microseconds since 1970), and how a mark is said. */
export interface TimeTicks {
  readonly at: readonly number[];
  readonly shape: (at: number) => TimeShape;
}

/**
 * At most nine marks at round times of the zone's clocks: midnights stay midnights over a clock change. Written out because the
 * chart library's own time axis took two thirds of a zoom's time on an axis of days.
 */
export const timeTicks = (view: View, zone: string): TimeTicks => {
  const step = STEPS.find((one) => (view.to - view.from) / one < MOST) ?? STEPS.at(-1) ?? DAY;
  const before = offsetAt(zone, view.from);
  const last = view.to + offsetAt(zone, view.to);
  const at: number[] = [];
  for (let wall = Math.ceil((view.from + before) / step) * step; wall <= last; wall += step) {
    const guess = wall - before;
    const moment = wall - offsetAt(zone, guess);
    if (moment >= view.from && moment <= view.to) at.push(moment);
  }
  const isMidnight = (moment: number): boolean => (moment + offsetAt(zone, moment)) % DAY === 0;
  const shape = (moment: number): TimeShape => {
    if (step >= DAY || isMidnight(moment)) return 'day';
    return step < MINUTE ? 'clock' : 'minute';
  };
  return { at, shape };
};
