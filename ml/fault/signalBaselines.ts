import { fitLinear, type Linear } from '../evaluation/linear.ts';
import { packedRows, type SpectraShape } from './signal/spectra.ts';

/** Bands that the spectrum of a channel, and that of its envelope, are averaged into for the naive rivals. */
const SPECTRUM_BANDS = 32;
const ENVELOPE_BANDS = 16;

const bandMeans = (cells: Float32Array, at: number, from: number, bins: number, bands: number, channels: number, channel: number): number[] => {
  const width = Math.max(1, Math.floor(bins / bands));
  return Array.from({ length: Math.floor(bins / width) }, (_, band) => {
    let sum = 0;
    for (let bin = 0; bin < width; bin++) sum += cells[at + (from + band * width + bin) * channels + channel] ?? 0;
    return sum / width;
  });
};

/** Band means of the spectra of packed windows: row-major [windows, width]. */
export const spectrumFeatures = (cells: Float32Array, shape: SpectraShape, channels: number): { features: Float32Array; width: number } => {
  const size = packedRows(shape) * channels;
  const rows = Array.from({ length: cells.length / size }, (_, window) =>
    Array.from({ length: channels }, (_channel, channel) => [
      ...bandMeans(cells, window * size, shape.samples, shape.spectrum, SPECTRUM_BANDS, channels, channel),
      ...bandMeans(cells, window * size, shape.samples + shape.spectrum, shape.envelope, ENVELOPE_BANDS, channels, channel),
    ]).flat(),
  );
  return { features: Float32Array.from(rows.flat()), width: rows[0]?.length ?? 0 };
};

/** Naive rivals of a network of signals, fitted on the training stretches. */
export interface SignalBaselines {
  /** Share of each class among the training windows. */
  readonly shares: readonly number[];
  /** Mean features of each class, [classes][width]. */
  readonly centroids: readonly Float64Array[];
  /** One linear function a class. */
  readonly linear: readonly Linear[];
  readonly width: number;
}

const centroidOf = (features: Float32Array, labels: Float32Array, width: number, wanted: number): Float64Array => {
  const sums = new Float64Array(width);
  let count = 0;
  for (let at = 0; at < labels.length; at++) {
    if (labels[at] !== wanted) continue;
    count++;
    for (let column = 0; column < width; column++) sums[column] = (sums[column] ?? 0) + (features[at * width + column] ?? 0);
  }
  return sums.map((sum) => sum / Math.max(1, count));
};

export const fitSignalBaselines = (features: Float32Array, labels: Float32Array, width: number, classes: number): SignalBaselines => {
  const every = Array.from({ length: classes }, (_, at) => at);
  return {
    shares: every.map((at) => labels.filter((label) => label === at).length / labels.length),
    centroids: every.map((at) => centroidOf(features, labels, width, at)),
    linear: every.map((at) => fitLinear(features, labels.map((label) => (label === at ? 1 : 0)), width)),
    width,
  };
};

const squareDistance = (features: Float32Array, at: number, centroid: Float64Array): number => centroid.reduce((sum, value, column) => sum + ((features[at + column] ?? 0) - value) ** 2, 0);

/** What each rival says of each window, higher is likelier: row-major [windows, classes]. */
export const scoreSignalBaselines = ({ shares, centroids, linear, width }: SignalBaselines, features: Float32Array): { name: string; scores: Float32Array }[] => {
  const windows = features.length / width;
  const each = (score: (at: number) => readonly number[]): Float32Array => Float32Array.from(Array.from({ length: windows }, (_, at) => score(at * width)).flat());
  return [
    { name: 'majority', scores: each(() => shares) },
    { name: 'spectrum-centroid', scores: each((at) => centroids.map((centroid) => -squareDistance(features, at, centroid))) },
    { name: 'spectrum-linear', scores: each((at) => linear.map(({ weights, constant }) => weights.reduce((sum, weight, column) => sum + weight * (features[at + column] ?? 0), constant))) },
  ];
};
