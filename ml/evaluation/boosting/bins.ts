/** Features cut into few levels, so that a split is looked for among some dozens of places instead of among all values. */
export interface BinnedFeatures {
  readonly points: number;
  readonly width: number;
  /** Level of each value, column by column: [width, points]. */
  readonly levels: Uint8Array;
  /** Per feature the upper edges of its levels but the last; a value above edge k is of level k + 1 or higher. */
  readonly edges: readonly Float32Array[];
}

/** Levels of a feature at most. */
export const LEVELS = 48;
/** Values that the edges are chosen from, evenly spread over the points. */
const LOOKED_AT = 4000;

const edgesOf = (column: Float32Array): Float32Array => {
  const stride = Math.max(1, Math.floor(column.length / LOOKED_AT));
  const sorted = column.filter((_, at) => at % stride === 0).sort();
  const edges: number[] = [];
  for (let level = 1; level < LEVELS; level++) {
    const at = Math.round((level * sorted.length) / LEVELS);
    const edge = Math.fround(((sorted[at - 1] ?? 0) + (sorted[at] ?? sorted[at - 1] ?? 0)) / 2);
    // A value that is shared by many points is one level, however many quantiles fall on it.
    if ((edges[edges.length - 1] ?? Number.NEGATIVE_INFINITY) < edge && edge < (sorted[sorted.length - 1] ?? 0)) edges.push(edge);
  }
  return Float32Array.from(edges);
};

/** Number of edges below the value: its level. */
export const levelOf = (edges: Float32Array, value: number): number => {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value > (edges[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
};

/**
 * Cuts features at their quantiles.
 * @param features row-major [points, width], no NaN
 */
export const binFeatures = (features: Float32Array, width: number): BinnedFeatures => {
  const points = features.length / width;
  const levels = new Uint8Array(features.length);
  const edges: Float32Array[] = [];
  const column = new Float32Array(points);
  for (let feature = 0; feature < width; feature++) {
    for (let point = 0; point < points; point++) column[point] = features[point * width + feature] ?? 0;
    const own = edgesOf(column);
    for (let point = 0; point < points; point++) levels[feature * points + point] = levelOf(own, column[point] ?? 0);
    edges.push(own);
  }
  return { points, width, levels, edges };
};
