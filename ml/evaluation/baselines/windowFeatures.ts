import { gatherWindow } from '../../dataset/gather.ts';
import type { Points } from './points.ts';

/** What is told of each input in a window: its last value, mean, slope over the window, and spread. */
export const FEATURES_AN_INPUT = 4;

/**
 * Features of each window: row-major [windows, inputs * 4]; per input last value, mean, slope (change over the window by
 * least squares) and standard deviation, all in normalised units. They look back only, as the window does.
 */
export const windowFeatures = ({ rows, windows, window }: Points): Float32Array => {
  const { inputs } = rows;
  const width = inputs * FEATURES_AN_INPUT;
  const features = new Float32Array(windows.ends.length * width);
  const cells = new Float32Array(window * inputs);
  const middle = (window - 1) / 2;
  // Sum of squared distances from the middle of 0 .. window - 1.
  const leverage = (window * (window ** 2 - 1)) / 12;
  for (let at = 0; at < windows.ends.length; at++) {
    gatherWindow(rows, windows.ends[at] ?? 0, windows.firsts[at] ?? 0, window, cells, 0);
    for (let input = 0; input < inputs; input++) {
      let sum = 0;
      let squares = 0;
      let moment = 0;
      for (let row = 0; row < window; row++) {
        const value = cells[row * inputs + input] ?? 0;
        sum += value;
        squares += value * value;
        moment += (row - middle) * value;
      }
      const mean = sum / window;
      const to = at * width + input * FEATURES_AN_INPUT;
      features[to] = cells[(window - 1) * inputs + input] ?? 0;
      features[to + 1] = mean;
      features[to + 2] = (moment / leverage) * (window - 1);
      features[to + 3] = Math.sqrt(Math.max(0, squares / window - mean * mean));
    }
  }
  return features;
};
