import type { SensorId } from '../../contract/values.ts';
import type { RepeatedTimes } from '../records/qualities.ts';
import type { SortedRows } from './order.ts';

/** Rows behind each other with one time, from so many on: the clock stood still. */
const STUCK_ROWS = 3;

/**
 * Times of one column that came more than once, counted only where the batch changed what is stored: a file that is imported again adds nothing.
 * @param column [rows] as it came
 * @param dirty [distinct positions] 1 where the batch changes what is stored
 * @param had [distinct positions] whether there was a reading before
 * @returns null when there are none
 */
export const repeatsOf = (sensor: SensorId, column: Float64Array, { positions, starts, order }: SortedRows, dirty: Uint8Array, had: (group: number) => boolean): RepeatedTimes | null => {
  const counts = { repeated: 0, stuck: 0, replaced: 0 };
  let [first, last] = [Infinity, -Infinity];
  for (let group = 0; group < positions.length; group += 1) {
    if (dirty[group] !== 1) continue;
    const [from, to] = [starts[group] ?? 0, starts[group + 1] ?? 0];
    let readings = 0;
    let isRun = true;
    for (let k = from; k < to; k += 1) {
      const value = column[order[k] ?? 0] ?? NaN;
      if (value === value) readings += 1;
      if (k > from && order[k] !== (order[k - 1] ?? 0) + 1) isRun = false;
    }
    const replaces = had(group);
    if (readings < 2 && !replaces) continue;
    counts.repeated += Math.max(0, readings - 1);
    if (isRun && readings >= STUCK_ROWS) counts.stuck += readings - 1;
    if (replaces) counts.replaced += 1;
    first = Math.min(first, positions[group] ?? first);
    last = Math.max(last, positions[group] ?? last);
  }
  return first <= last ? { sensor, ...counts, first, last } : null;
};
