import type { DatasetDocument } from '../../documents/dataset.ts';
import type { Likeness } from '../../documents/model.ts';
import { measuredInputs, type NormalisedRows } from '../gather.ts';
import { unitsIn } from '../table.ts';
import { minimumHistory } from '../windows.ts';
import { invertedSymmetric } from './invert.ts';

/** Inputs from which on the table of their relations would be larger than it is worth. */
const MOST_INPUTS = 96;
const FOLDS = 5;
/** Windows looked at in each unit. */
const WINDOWS_A_UNIT = 40;
const FEWEST_WINDOWS = 60;
/** Share of the windows of units that were not learnt from which may lie beyond the limit, before it is widened. */
const BEYOND = 0.005;
/** The limit is this much wider than the distance found, more with few units: the next machine differs from all of them. */
const WIDER = 1.15;
/** Means may lie beyond those met in training by this share of their range, more with few units. */
const MEANS_WIDER = 0.15;
/** Slack of the range of single values, as a share of it. */
const CELLS_WIDER = 0.02;
/** Where machines differ for good (hours since they were bought), the next one lies beyond the last by about a machine's share of the range. */
const NEXT_MACHINE = 1.5;
/** Added to every variance: a relation between sensors is never held exact. */
const RIDGE = 0.03;

/** Mean of each input over the rows start .. end that were measured; 0, the training mean, where none was. */
const meansOf = (rows: NormalisedRows, start: number, end: number, inputs: number): Float64Array => {
  const sums = new Float64Array(inputs);
  const counts = new Float64Array(inputs);
  for (let row = start; row <= end; row++)
    for (let input = 0; input < inputs; input++) {
      const value = rows.values[row * rows.inputs + input] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      sums[input] = (sums[input] ?? 0) + value;
      counts[input] = (counts[input] ?? 0) + 1;
    }
  return sums.map((sum, input) => ((counts[input] ?? 0) === 0 ? 0 : sum / (counts[input] ?? 1)));
};

type Relations = Pick<Likeness, 'mean' | 'precision'>;

interface UnitMeans {
  readonly means: Float64Array[];
}

/** Means and inverted covariance of windows, each unit counting the same. */
const relationsOf = (units: readonly UnitMeans[], inputs: number): Relations => {
  const mean = new Float64Array(inputs);
  for (const { means } of units) for (const one of means) one.forEach((value, input) => (mean[input] = (mean[input] ?? 0) + value / means.length / units.length));
  const covariance = new Float64Array(inputs * inputs);
  for (const { means } of units)
    for (const one of means)
      for (let a = 0; a < inputs; a++)
        for (let b = 0; b < inputs; b++) covariance[a * inputs + b] = (covariance[a * inputs + b] ?? 0) + (((one[a] ?? 0) - (mean[a] ?? 0)) * ((one[b] ?? 0) - (mean[b] ?? 0))) / means.length / units.length;
  for (let input = 0; input < inputs; input++) covariance[input * inputs + input] = (covariance[input * inputs + input] ?? 0) + RIDGE;
  return { mean: Array.from(mean), precision: Array.from(invertedSymmetric(covariance, inputs)) };
};

const squaredDistance = ({ mean, precision }: Relations, means: Float64Array): { squared: number; pulls: Float64Array } => {
  const inputs = mean.length;
  const pulls = new Float64Array(inputs);
  let squared = 0;
  for (let a = 0; a < inputs; a++) {
    let pull = 0;
    for (let b = 0; b < inputs; b++) pull += (precision[a * inputs + b] ?? 0) * ((means[b] ?? 0) - (mean[b] ?? 0));
    squared += ((means[a] ?? 0) - (mean[a] ?? 0)) * pull;
    // How far this input is from what the others let expect, in spreads.
    pulls[a] = pull / Math.sqrt(precision[a * inputs + a] ?? 1);
  }
  return { squared, pulls };
};

/** Means over the last `rows` rows at some ends of a unit, spread over it. @param least rows that must lie behind an end */
const unitMeans = (document: DatasetDocument, values: NormalisedRows, index: number, rows: number, least: number): UnitMeans => {
  const unit = document.units[index];
  if (unit === undefined) return { means: [] };
  const stride = Math.max(1, Math.floor((unit.rows - least) / WINDOWS_A_UNIT));
  const means: Float64Array[] = [];
  for (let end = unit.rows - 1; end >= least - 1; end -= stride) means.push(meansOf(values, unit.offset + Math.max(0, end - rows + 1), unit.offset + end, measuredInputs(values)));
  return { means };
};

interface Range {
  readonly low: number;
  readonly high: number;
}

/** Lowest and highest single value of each input in the training units. */
const cellRanges = (document: DatasetDocument, values: NormalisedRows, inputs: number): Range[] =>
  Array.from({ length: inputs }, (_, input) => {
    let [low, high] = [Infinity, -Infinity];
    for (const index of unitsIn(document, 'train')) {
      const unit = document.units[index];
      for (let row = unit?.offset ?? 0; row < (unit?.offset ?? 0) + (unit?.rows ?? 0); row++) {
        const value = values.values[row * values.inputs + input] ?? Number.NaN;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    return { low, high };
  });

/** Share of an input's variance that lies between the units, which no row of a known unit tells. */
const betweenUnits = (units: readonly UnitMeans[], input: number): number => {
  const own = units.map(({ means }) => means.map((one) => one[input] ?? 0));
  const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = meanOf(own.map(meanOf));
  const between = meanOf(own.map((values) => (meanOf(values) - middle) ** 2));
  const all = meanOf(own.map((values) => meanOf(values.map((value) => (value - middle) ** 2))));
  return all > 0 ? between / all : 0;
};

/** Lowest and highest mean of each input, widened, but no further than to the lowest and highest single value: a mean beyond those is out of all that was seen. */
const rangesOf = (units: readonly UnitMeans[], cells: readonly Range[]): Pick<Likeness, 'low' | 'high'> => {
  const share = MEANS_WIDER + 1 / units.length;
  const ends = cells.map((cell, input) => {
    const own = units.flatMap(({ means }) => means.map((one) => one[input] ?? 0));
    const [low, high] = [own.reduce((a, b) => Math.min(a, b), Infinity), own.reduce((a, b) => Math.max(a, b), -Infinity)];
    const slack = (CELLS_WIDER + (NEXT_MACHINE * Math.max(0, 2 * betweenUnits(units, input) - 1)) / units.length) * (cell.high - cell.low);
    return { low: Math.max(cell.low - slack, low - share * (high - low)), high: Math.min(cell.high + slack, high + share * (high - low)) };
  });
  return { low: ends.map(({ low }) => low), high: ends.map(({ high }) => high) };
};

/**
 * How the inputs of a window go together in training: mean and inverted covariance of the inputs' means over a window, and the
 * distance (Mahalanobis 1936) beyond which a window is like none of them. Sensors that each stay within their range may
 * still contradict each other. The limit comes from training units that the relations were not learnt from.
 * @returns null where there are too few windows, or too many inputs
 */
const likenessOver = (document: DatasetDocument, values: NormalisedRows, rows: number, least: number): Likeness | null => {
  const inputs = measuredInputs(values);
  const units = unitsIn(document, 'train').map((index) => unitMeans(document, values, index, rows, least)).filter(({ means }) => means.length > 0);
  if (inputs > MOST_INPUTS || units.length < 3 || units.reduce((sum, { means }) => sum + means.length, 0) < Math.max(FEWEST_WINDOWS, 3 * inputs)) return null;
  const folds = Math.min(FOLDS, units.length);
  const distances: number[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const relations = relationsOf(units.filter((_, at) => at % folds !== fold), inputs);
    units.forEach(({ means }, at) => {
      if (at % folds === fold) for (const one of means) distances.push(Math.sqrt(squaredDistance(relations, one).squared));
    });
  }
  const sorted = distances.sort((a, b) => a - b);
  const quantile = sorted[Math.min(sorted.length - 1, Math.ceil((1 - BEYOND) * sorted.length))] ?? 0;
  return { rows, ...relationsOf(units, inputs), limit: quantile * (WIDER + 3 / units.length), ...rangesOf(units, cellRanges(document, values, inputs)) };
};

/** Over the whole window, and over its newest quarter: what has changed a moment ago drowns in the whole. */
export const fitLikeness = (document: DatasetDocument, values: NormalisedRows, window: number): Likeness[] => {
  const least = minimumHistory(window);
  return [window, Math.ceil(window / 4)].flatMap((rows) => likenessOver(document, values, rows, least) ?? []);
};

/** What makes rows unlike training: the inputs that are out of their range or contradict the others. */
export interface Unlikeness {
  readonly distance: number;
  /** Inputs, the furthest first. */
  readonly inputs: number[];
}

/** An input is named that is this share of the furthest one's way from what the others let expect: where one is wrong, it pulls the others along. */
const NAMED = 0.7;

/**
 * Why the rows up to `end` are like none in training; null where they are.
 * @param start the first row that belongs to the window @param end its last row
 */
export const unlikenessOf = (likeness: Likeness, values: NormalisedRows, start: number, end: number): Unlikeness | null => {
  const inputs = likeness.mean.length;
  const means = meansOf(values, Math.max(start, end - likeness.rows + 1), end, inputs);
  const outside = [...means.keys()].filter((input) => (means[input] ?? 0) < (likeness.low[input] ?? 0) || (means[input] ?? 0) > (likeness.high[input] ?? 0));
  const { squared, pulls } = squaredDistance(likeness, means);
  const distance = Math.sqrt(Math.max(0, squared));
  if (outside.length === 0 && distance <= likeness.limit) return null;
  const ranked = [...pulls.keys()].sort((a, b) => Math.abs(pulls[b] ?? 0) - Math.abs(pulls[a] ?? 0));
  const furthest = Math.abs(pulls[ranked[0] ?? 0] ?? 0);
  return { distance, inputs: ranked.filter((input) => outside.includes(input) || (distance > likeness.limit && Math.abs(pulls[input] ?? 0) >= NAMED * furthest)).slice(0, 3) };
};
