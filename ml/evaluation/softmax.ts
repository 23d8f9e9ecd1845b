/** log(sum(exp(x))), shifted so that it can't overflow. */
export const logSumExp = (values: ArrayLike<number>): number => {
  let most = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < values.length; at++) most = Math.max(most, values[at] ?? Number.NaN);
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += Math.exp((values[at] ?? Number.NaN) - most);
  return most + Math.log(sum);
};

/** Probabilities of one point's classes from its logits, at a temperature: softmax(logits / temperature), shifted so that it can't overflow. */
export const softmax = (logits: ArrayLike<number>, temperature = 1): number[] => {
  const scaled = Array.from(logits, (logit) => logit / temperature);
  const most = Math.max(...scaled);
  const raised = scaled.map((logit) => Math.exp(logit - most));
  const whole = raised.reduce((sum, value) => sum + value, 0);
  return raised.map((value) => value / whole);
};

/** Softmax of each row. @param logits row-major [points, classes] @returns the same shape */
export const softmaxRows = (logits: Float32Array, classes: number, temperature: number): Float32Array => {
  const result = new Float32Array(logits.length);
  for (let at = 0; at < logits.length; at += classes) result.set(softmax(logits.subarray(at, at + classes), temperature), at);
  return result;
};

/** Index of the largest value; the first of several. */
export const largest = (values: ArrayLike<number>): number => {
  let best = 0;
  for (let at = 1; at < values.length; at++) if ((values[at] ?? Number.NaN) > (values[best] ?? Number.NaN)) best = at;
  return best;
};
