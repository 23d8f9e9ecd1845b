import { Random } from '../../dataset/random.ts';
import { sigmoid } from '../platt.ts';
import { binFeatures } from './bins.ts';
import { growTree, valueAt, type Tree } from './tree.ts';

/** squared: a number is predicted. logistic: the probability of 1. */
export type Loss = 'squared' | 'logistic';

/** A sum of small trees over features. */
export interface Boosted {
  readonly loss: Loss;
  /** What is predicted before any tree: the mean label, or its log-odds. */
  readonly start: number;
  readonly trees: Tree[];
}

export interface BoostOptions {
  readonly loss: Loss;
  readonly seed: number;
  readonly rounds?: number;
}

const ROUNDS = 120;
const RATE = 0.1;
/** Share of the features that a tree may ask for: trees differ, and a round costs half. */
const FEATURES_A_TREE = 0.5;
const RIDGE = 1;
/** A leaf holds this share of the points, and no fewer than 5; for the logistic loss a tenth of that as curvature, which a sure point has little of. */
const LEAF_SHARE = 0.005;

const startOf = (loss: Loss, labels: Float32Array): number => {
  const mean = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  if (loss === 'squared') return mean;
  const p = Math.min(1 - 1e-3, Math.max(1e-3, mean));
  return Math.log(p / (1 - p));
};

/**
 * Gradient boosting with histogram trees (Friedman 2001; Ke et al. 2017). The same data and seed give the same trees.
 * @param features row-major [points, width], no NaN
 * @param labels [points]; 0 or 1 for the logistic loss
 */
export const fitBoosted = (features: Float32Array, labels: Float32Array, width: number, { loss, seed, rounds = ROUNDS }: BoostOptions): Boosted => {
  const points = labels.length;
  const binned = binFeatures(features, width);
  const random = Random.of(seed, 'boosting');
  const start = startOf(loss, labels);
  const predicted = new Float64Array(points).fill(start);
  const slopes = new Float64Array(points);
  const curves = new Float64Array(points).fill(1);
  const every = Array.from({ length: width }, (_, feature) => feature);
  const leaf = Math.max(5, Math.ceil(LEAF_SHARE * points));
  const growth = loss === 'squared' ? { leastCurve: leaf, ridge: RIDGE } : { leastCurve: leaf / 10, ridge: RIDGE / 4 };
  const trees: Tree[] = [];
  for (let round = 0; round < rounds; round++) {
    for (let point = 0; point < points; point++) {
      const label = labels[point] ?? 0;
      if (loss === 'squared') slopes[point] = (predicted[point] ?? 0) - label;
      else {
        const p = sigmoid(predicted[point] ?? 0);
        slopes[point] = p - label;
        curves[point] = Math.max(1e-6, p * (1 - p));
      }
    }
    const allowed = random.shuffle([...every]).slice(0, Math.max(1, Math.ceil(FEATURES_A_TREE * width)));
    const grown = growTree(binned, slopes, curves, { ...growth, allowed });
    const tree = { ...grown, values: grown.values.map((value) => RATE * value) };
    for (let point = 0; point < points; point++) predicted[point] = (predicted[point] ?? 0) + valueAt(tree, features, point * width);
    trees.push(tree);
  }
  return { loss, start, trees };
};

/**
 * What the trees say of each point: [points], numbers or probabilities.
 * @param features row-major [points, width]
 */
export const predictBoosted = ({ loss, start, trees }: Boosted, features: Float32Array, width: number): Float32Array => {
  const points = features.length / width;
  const result = new Float32Array(points);
  for (let point = 0; point < points; point++) {
    let sum = start;
    for (const tree of trees) sum += valueAt(tree, features, point * width);
    result[point] = loss === 'squared' ? sum : sigmoid(sum);
  }
  return result;
};
