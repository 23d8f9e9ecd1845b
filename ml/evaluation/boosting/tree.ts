import { LEVELS, type BinnedFeatures } from './bins.ts';

/** Questions from the root to a leaf. */
export const DEPTH = 4;
const INNER = 2 ** DEPTH - 1;

/**
 * A tree of `DEPTH` questions, as a heap: node k is followed by 2k + 1 (value at most the threshold) and 2k + 2 (above it).
 * A node that asks nothing has feature -1 and passes to 2k + 1.
 */
export interface Tree {
  /** [2^DEPTH - 1] */
  readonly features: number[];
  readonly thresholds: number[];
  /** [2^DEPTH] */
  readonly values: number[];
}

export interface Growth {
  /** Features that this tree may ask for. */
  readonly allowed: readonly number[];
  /** Curvature that a leaf must hold at least: points, for the squared loss. */
  readonly leastCurve: number;
  /** Added to the curvature of a leaf: draws small leaves towards 0. */
  readonly ridge: number;
}

interface Split {
  readonly feature: number;
  /** The highest level that goes to the left. */
  readonly level: number;
  readonly gain: number;
}

/**
 * Slope and curvature of each node's points by level of one feature, side by side: [nodes, LEVELS, 2].
 * @param nodeOf node of each point
 */
const fillHistogram = (sums: Float64Array, { points, levels }: BinnedFeatures, feature: number, nodeOf: Uint8Array, slopes: Float64Array, curves: Float64Array): void => {
  sums.fill(0);
  const from = feature * points;
  for (let point = 0; point < points; point++) {
    const place = 2 * ((nodeOf[point] ?? 0) * LEVELS + (levels[from + point] ?? 0));
    sums[place] = (sums[place] ?? 0) + (slopes[point] ?? 0);
    sums[place + 1] = (sums[place + 1] ?? 0) + (curves[point] ?? 0);
  }
};

/** The best place to cut one node's points by one feature; gain 0 where none helps. */
const bestCut = (sums: Float64Array, node: number, feature: number, { leastCurve, ridge }: Growth): Split => {
  const start = 2 * node * LEVELS;
  const end = start + 2 * LEVELS;
  let [slopeAll, curveAll] = [0, 0];
  for (let place = start; place < end; place += 2) {
    slopeAll += sums[place] ?? 0;
    curveAll += sums[place + 1] ?? 0;
  }
  const whole = slopeAll ** 2 / (curveAll + ridge);
  let best: Split = { feature, level: 0, gain: 0 };
  let [left, leftCurve] = [0, 0];
  for (let level = 0; level < LEVELS - 1; level++) {
    left += sums[start + 2 * level] ?? 0;
    leftCurve += sums[start + 2 * level + 1] ?? 0;
    if (leftCurve < leastCurve) continue;
    if (curveAll - leftCurve < leastCurve) break;
    const gain = left ** 2 / (leftCurve + ridge) + (slopeAll - left) ** 2 / (curveAll - leftCurve + ridge) - whole;
    if (gain > best.gain) best = { feature, level, gain };
  }
  return best;
};

/** The best question of every node of one depth. */
const questionsOf = (binned: BinnedFeatures, nodes: number, nodeOf: Uint8Array, slopes: Float64Array, curves: Float64Array, growth: Growth): (Split | null)[] => {
  const best = new Array<Split | null>(nodes).fill(null);
  const histogram = new Float64Array(2 * nodes * LEVELS);
  for (const feature of growth.allowed) {
    fillHistogram(histogram, binned, feature, nodeOf, slopes, curves);
    for (let node = 0; node < nodes; node++) {
      const cut = bestCut(histogram, node, feature, growth);
      if (cut.gain > (best[node]?.gain ?? 1e-12)) best[node] = cut;
    }
  }
  return best;
};

/** Sends every point to the left or the right child of its node. */
const descend = ({ points, levels }: BinnedFeatures, questions: readonly (Split | null)[], nodeOf: Uint8Array): void => {
  const columns = Int32Array.from(questions, (question) => (question?.feature ?? 0) * points);
  // Where nothing is asked all go to the left.
  const limits = Int32Array.from(questions, (question) => question?.level ?? LEVELS);
  for (let point = 0; point < points; point++) {
    const node = nodeOf[point] ?? 0;
    nodeOf[point] = 2 * node + ((levels[(columns[node] ?? 0) + point] ?? 0) > (limits[node] ?? 0) ? 1 : 0);
  }
};

/**
 * Grows one tree on the slopes and curvatures of the loss (second-order boosting: Friedman 2001; Chen and Guestrin 2016).
 * @param slopes [points], first derivative of the loss by the prediction
 * @param curves [points], second derivative
 * @returns the tree, with its leaves unscaled
 */
export const growTree = (binned: BinnedFeatures, slopes: Float64Array, curves: Float64Array, growth: Growth): Tree => {
  const features = new Array<number>(INNER).fill(-1);
  const thresholds = new Array<number>(INNER).fill(0);
  const nodeOf = new Uint8Array(binned.points);
  for (let depth = 0; depth < DEPTH; depth++) {
    const nodes = 2 ** depth;
    const questions = questionsOf(binned, nodes, nodeOf, slopes, curves, growth);
    questions.forEach((question, node) => {
      if (question === null) return;
      features[nodes - 1 + node] = question.feature;
      thresholds[nodes - 1 + node] = binned.edges[question.feature]?.[question.level] ?? 0;
    });
    descend(binned, questions, nodeOf);
  }
  const slope = new Float64Array(2 ** DEPTH);
  const curve = new Float64Array(2 ** DEPTH);
  for (let point = 0; point < binned.points; point++) {
    const leaf = nodeOf[point] ?? 0;
    slope[leaf] = (slope[leaf] ?? 0) + (slopes[point] ?? 0);
    curve[leaf] = (curve[leaf] ?? 0) + (curves[point] ?? 0);
  }
  return { features, thresholds, values: Array.from(slope, (sum, leaf) => -sum / ((curve[leaf] ?? 0) + growth.ridge)) };
};

/** The tree's value for the features at `from` of a row-major table. */
export const valueAt = ({ features, thresholds, values }: Tree, table: Float32Array, from: number): number => {
  let node = 0;
  for (let depth = 0; depth < DEPTH; depth++) {
    const feature = features[node] ?? -1;
    node = 2 * node + (feature >= 0 && (table[from + feature] ?? 0) > (thresholds[node] ?? 0) ? 2 : 1);
  }
  return values[node - INNER] ?? 0;
};
