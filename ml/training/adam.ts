const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-7;

/** The optimiser's memory over the flat parameters. */
export interface AdamState {
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** Updates done. */
  step: number;
}

export const freshAdam = (parameters: number): AdamState => ({ first: new Float32Array(parameters), second: new Float32Array(parameters), step: 0 });

/**
 * One update of the flat parameters, in place (Adam, Kingma and Ba 2015). Flat arrays outside of the backend cost one pass
 * over the parameters; as tensor operations they cost a dozen calls a variable.
 */
export const adamUpdate = (state: AdamState, parameters: Float32Array, gradient: Float32Array, learningRate: number): void => {
  state.step++;
  const { first, second } = state;
  const rate = (learningRate * Math.sqrt(1 - BETA2 ** state.step)) / (1 - BETA1 ** state.step);
  for (let at = 0; at < parameters.length; at++) {
    const slope = gradient[at] ?? 0;
    const m = BETA1 * (first[at] ?? 0) + (1 - BETA1) * slope;
    const v = BETA2 * (second[at] ?? 0) + (1 - BETA2) * slope * slope;
    first[at] = m;
    second[at] = v;
    parameters[at] = (parameters[at] ?? 0) - (rate * m) / (Math.sqrt(v) + EPSILON);
  }
};

/** Adds the gradient of l2 * |w|^2 of the decaying parameters, in place. @param decays [parameters], 1 or 0 */
export const addL2 = (gradient: Float32Array, parameters: Float32Array, decays: Uint8Array, l2: number): void => {
  for (let at = 0; at < gradient.length; at++) if (decays[at] === 1) gradient[at] = (gradient[at] ?? 0) + 2 * l2 * (parameters[at] ?? 0);
};

/** Scales the gradient down to `limit` where its norm is longer, in place (Pascanu et al. 2013). */
export const clipNorm = (gradient: Float32Array, limit: number): void => {
  let square = 0;
  // By index: the iterator of a typed array takes three times as long.
  for (let at = 0; at < gradient.length; at++) {
    const slope = gradient[at] ?? 0;
    square += slope * slope;
  }
  const norm = Math.sqrt(square);
  if (norm <= limit) return;
  const factor = limit / norm;
  for (let at = 0; at < gradient.length; at++) gradient[at] = (gradient[at] ?? 0) * factor;
};

/** Moves `average` towards `current`, in place (Polyak averaging as an exponential moving average). */
export const moveAverage = (average: Float32Array, current: Float32Array, decay: number): void => {
  for (let at = 0; at < average.length; at++) average[at] = decay * (average[at] ?? 0) + (1 - decay) * (current[at] ?? 0);
};
