import { softmax } from './softmax.ts';

/** Temperatures outside of these tell that there is too little to calibrate by. */
const LOWEST = 0.25;
const HIGHEST = 8;
const ROUNDS = 40;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Mean negative log-likelihood of the labels. @param logits row-major [points, classes] @param labels index of the class of each point */
export const logLoss = (logits: Float32Array, labels: Float32Array, classes: number, temperature: number): number => {
  let sum = 0;
  for (let at = 0; at < labels.length; at++) sum -= Math.log(Math.max(1e-12, softmax(logits.subarray(at * classes, (at + 1) * classes), temperature)[labels[at] ?? 0] ?? 0));
  return sum / Math.max(1, labels.length);
};

/**
 * The temperature by which logits are divided so that the probabilities fit points that the network was not trained on (temperature
 * scaling; Guo et al. 2017): it changes how sure the network is, never what it says. Found by golden-section search of log T.
 * @param logits row-major [points, classes]
 * @param labels index of the class of each point
 * @returns 1 without points
 */
export const fitTemperature = (logits: Float32Array, labels: Float32Array, classes: number): number => {
  if (labels.length === 0) return 1;
  const loss = (log: number): number => logLoss(logits, labels, classes, Math.exp(log));
  let low = Math.log(LOWEST);
  let high = Math.log(HIGHEST);
  let left = high - GOLDEN * (high - low);
  let right = low + GOLDEN * (high - low);
  let [lossLeft, lossRight] = [loss(left), loss(right)];
  for (let round = 0; round < ROUNDS; round++) {
    if (lossLeft < lossRight) {
      high = right;
      [right, lossRight] = [left, lossLeft];
      left = high - GOLDEN * (high - low);
      lossLeft = loss(left);
    } else {
      low = left;
      [left, lossLeft] = [right, lossRight];
      right = low + GOLDEN * (high - low);
      lossRight = loss(right);
    }
  }
  return Math.exp((low + high) / 2);
};
