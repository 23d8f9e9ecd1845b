import { lastRows, type Points } from './points.ts';

/** One limit on one sensor, as on a plain alarm panel: the mean label of the windows whose last value is above it, and of the others. */
export interface Limit {
  readonly input: number;
  /** In normalised units. */
  readonly limit: number;
  readonly above: number;
  readonly below: number;
}

/** Places between the windows' values at which a limit is tried. */
const PLACES = 100;

/** How much of the labels' squared error a limit takes away, with the means on either side. */
const cutAt = (values: Float32Array, order: readonly number[], labels: Float32Array, input: number): { gain: number; limit: Limit } => {
  const count = order.length;
  const total = labels.reduce((sum, label) => sum + label, 0);
  let best = { gain: -1, limit: { input, limit: Number.POSITIVE_INFINITY, above: total / count, below: total / count } };
  let sum = 0;
  const stride = Math.max(1, Math.floor(count / PLACES));
  for (let at = 0; at < count - 1; at++) {
    sum += labels[order[at] ?? 0] ?? 0;
    const value = values[order[at] ?? 0] ?? 0;
    const next = values[order[at + 1] ?? 0] ?? 0;
    if (at % stride !== 0 || value === next) continue;
    const below = sum / (at + 1);
    const above = (total - sum) / (count - at - 1);
    const gain = (at + 1) * below ** 2 + (count - at - 1) * above ** 2 - total ** 2 / count;
    if (gain > best.gain) best = { gain, limit: { input, limit: (value + next) / 2, above, below } };
  }
  return best;
};

/** The sensor and the limit on its last value that tell most of the label: what a plant has without any model. */
export const fitLimitsOnly = (points: Points): Limit => {
  const { inputs } = points.rows;
  const rows = lastRows(points);
  const { labels } = points.windows;
  const mean = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  let best = { gain: -1, limit: { input: 0, limit: Number.MAX_VALUE, above: mean, below: mean } };
  for (let input = 0; input < inputs; input++) {
    const values = Float32Array.from(labels, (_, at) => rows[at * inputs + input] ?? 0);
    const order = [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
    const cut = cutAt(values, order, labels, input);
    if (cut.gain > best.gain) best = cut;
  }
  return best.limit;
};

/** The mean label of each window's side of the limit. */
export const byLimit = ({ input, limit, above, below }: Limit, points: Points): Float32Array => {
  const { inputs } = points.rows;
  const rows = lastRows(points);
  return points.windows.labels.map((_, at) => ((rows[at * inputs + input] ?? 0) > limit ? above : below));
};
