import { softmax } from './softmax.ts';

/** Temperatures outside of these tell that there is too little to calibrate by. */
const LOWEST = 0.1;
const HIGHEST = 20;
const ROUNDS = 40;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Mean cross-entropy of the labels.
 * @param logits row-major [points, classes]
 * @param labels index of the class of each point
 * @param smoothing share of each label that every other class gets
 */
export const logLoss = (logits: Float32Array, labels: Float32Array, classes: number, temperature: number, smoothing = 0): number => {
  let sum = 0;
  for (let at = 0; at < labels.length; at++) {
    const shares = softmax(logits.subarray(at * classes, (at + 1) * classes), temperature);
    for (let one = 0; one < classes; one++) {
      const wanted = one === labels[at] ? 1 - (classes - 1) * smoothing : smoothing;
      if (wanted > 0) sum -= wanted * Math.log(Math.max(1e-12, shares[one] ?? 0));
    }
  }
  return sum / Math.max(1, labels.length);
};

/**
 * The temperature by which logits are divided so that the probabilities fit points that the network was not trained on (temperature
 * scaling; Guo et al. 2017): it changes how sure the network is, never what it says. Labels are smoothed by the rule of succession, as
 * Platt (1999) does: a hundred points told rightly don't prove that the next thousand will be. Found by golden-section search of log T.
 * @param logits row-major [points, classes]
 * @param labels index of the class of each point
 * @returns 1 without points
 */
export const fitTemperature = (logits: Float32Array, labels: Float32Array, classes: number): number => {
  if (labels.length === 0) return 1;
  const smoothing = 1 / (labels.length + classes);
  const loss = (log: number): number => logLoss(logits, labels, classes, Math.exp(log), smoothing);
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
