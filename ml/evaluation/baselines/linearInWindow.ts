import { gatherWindow } from '../../dataset/gather.ts';
import { fitLinear, type Linear } from '../linear.ts';
import type { Points } from './points.ts';

/** What a linear rival sees of a window: its last row, or the mean of its rows. */
export type Seen = 'last-value' | 'window-mean';

/** [windows, inputs] */
const featuresOf = ({ rows, windows, window }: Points, seen: Seen): Float32Array => {
  const { inputs } = rows;
  const features = new Float32Array(windows.ends.length * inputs);
  const cells = new Float32Array(window * inputs);
  for (let at = 0; at < windows.ends.length; at++) {
    gatherWindow(rows, windows.ends[at] ?? 0, windows.firsts[at] ?? 0, window, cells, 0);
    for (let input = 0; input < inputs; input++) {
      let value = cells[(window - 1) * inputs + input] ?? 0;
      if (seen === 'window-mean') {
        value = 0;
        for (let row = 0; row < window; row++) value += (cells[row * inputs + input] ?? 0) / window;
      }
      features[at * inputs + input] = value;
    }
  }
  return features;
};

/** Ridge regression of the label on what is seen of the window. */
export const fitLinearInWindow = (points: Points, seen: Seen): Linear => fitLinear(featuresOf(points, seen), points.windows.labels, points.rows.inputs);

/** Value of the linear function at each window. */
export const linearInWindow = ({ weights, constant }: Linear, points: Points, seen: Seen): Float32Array => {
  const { inputs } = points.rows;
  const features = featuresOf(points, seen);
  return Float32Array.from(points.windows.ends, (_, at) => weights.reduce((sum, weight, input) => sum + weight * (features[at * inputs + input] ?? 0), constant));
};
