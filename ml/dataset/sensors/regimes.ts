import type { Dataset } from '../table.ts';
import { findLevels } from './levels.ts';

/** Operating regimes as found from the data; one regime has no condition sensors and one empty centre. */
export interface Regimes {
  /** Sensors, by index, that tell the regime. */
  readonly conditionSensors: number[];
  /** Standard deviation of each condition sensor, so that distances compare. */
  readonly conditionScale: number[];
  /** [regimes][conditionSensors], in units of `conditionScale`. */
  readonly centres: number[][];
}

export const oneRegime: Regimes = { conditionSensors: [], conditionScale: [], centres: [[]] };

const MOST_REGIMES = 24;
/** Rows from which on a combination of levels is a regime: enough for a mean. */
const FEWEST_ROWS = 8;
/** Rows from which on a level must be seen in every third of life: with fewer, chance may keep it away from one. */
const ROWS_TO_JUDGE = 60;
/** A condition comes and goes through the whole life; what is seen early or late only is wear. */
const LIFE_BALANCE = 0.25;
/** Share of another sensor's variance, so far unexplained, that a condition must explain for at least a quarter of the other sensors. */
const EXPLAINED = 0.3;
const ROWS_LOOKED_AT = 20_000;

interface Sample {
  /** Row indexes looked at. */
  readonly rows: number[];
  /** 0, 1, 2: the third of its unit's life each lies in. */
  readonly third: number[];
}

const sampleRows = (dataset: Dataset, units: readonly number[]): Sample => {
  const chosen = units.flatMap((index) => dataset.document.units[index] ?? []);
  const total = chosen.reduce((sum, unit) => sum + unit.rows, 0);
  const stride = Math.max(1, Math.floor(total / ROWS_LOOKED_AT));
  const rows: number[] = [];
  const third: number[] = [];
  for (const unit of chosen)
    for (let row = 0; row < unit.rows; row += stride) {
      rows.push(unit.offset + row);
      third.push(Math.floor((3 * row) / unit.rows));
    }
  return { rows, third };
};

const cell = (dataset: Dataset, row: number, sensor: number): number => dataset.values[row * dataset.document.sensors.length + sensor] ?? Number.NaN;

/** Whether every level that is seen often is visited early, in the middle and late in life. */
const throughLife = (levels: readonly number[], count: number, third: readonly number[]): boolean => {
  const visits = Array.from({ length: count }, () => [0, 0, 0]);
  levels.forEach((level, at) => {
    const row = visits[level];
    const part = third[at] ?? 0;
    if (row !== undefined) row[part] = (row[part] ?? 0) + 1;
  });
  return visits.filter((row) => row.reduce((sum, count) => sum + count, 0) >= ROWS_TO_JUDGE).every((row) => Math.min(...row) >= LIFE_BALANCE * Math.max(...row));
};

/** Sum of squares of `values` around the means of their groups; a group of -1 is left out. */
const scatterWithin = (values: readonly number[], groups: readonly number[]): number => {
  const size = groups.reduce((most, group) => Math.max(most, group), -1) + 1;
  const counts = new Float64Array(size);
  const means = new Float64Array(size);
  let scatter = 0;
  for (let at = 0; at < values.length; at++) {
    const group = groups[at] ?? -1;
    const value = values[at] ?? Number.NaN;
    if (group < 0 || !Number.isFinite(value)) continue;
    const n = (counts[group] ?? 0) + 1;
    const step = value - (means[group] ?? 0);
    counts[group] = n;
    means[group] = (means[group] ?? 0) + step / n;
    scatter += step * (value - (means[group] ?? 0));
  }
  return scatter;
};

interface Condition {
  readonly sensor: number;
  /** Level of each row looked at, or -1. */
  readonly levels: number[];
  readonly count: number;
  /** See `Levels`. */
  readonly spread: number;
}

/** Sensors that sit on a few tight levels which come and go through the whole life. */
const candidatesOf = (columns: readonly number[][], third: readonly number[]): Condition[] =>
  columns.flatMap((column, sensor) => {
    const found = findLevels(column);
    if (found === null) return [];
    const levels = column.map((value) => found.levelOf(value));
    return throughLife(levels, found.count, third) ? [{ sensor, levels, count: found.count, spread: found.spread }] : [];
  });

/** Each group parted by the levels of one more condition; those that occur are numbered in the order of groups and levels. */
const refine = (groups: readonly number[], { levels, count }: Condition): number[] => {
  const parts = groups.map((group, at) => ((levels[at] ?? -1) < 0 || group < 0 ? -1 : group * count + (levels[at] ?? 0)));
  const occurring = [...new Set(parts)].filter((part) => part >= 0).sort((a, b) => a - b);
  const numbers = new Map(occurring.map((part, at) => [part, at]));
  return parts.map((part) => numbers.get(part) ?? -1);
};

/** Share of each sensor's scatter within the groups that goes away when they are parted by a condition, its own too. */
const explainedBy = (columns: readonly number[][], groups: readonly number[], condition: Condition): number[] => {
  const finer = refine(groups, condition);
  const known = groups.map((group, at) => ((finer[at] ?? -1) < 0 ? -1 : group));
  return columns.map((column) => {
    const before = scatterWithin(column, known);
    return before > 0 ? 1 - scatterWithin(column, finer) / before : 0;
  });
};

/** How much two conditions' explained shares, summed over the sensors, may differ for them to part the rows alike. */
const ALIKE = 0.02;
/** Levels that spread less than this share of the gaps between them are as tight as can be; of such conditions the first in the machine's order counts. */
const TIGHT = 0.05;

/**
 * Conditions one after the other, the one that explains most first (of those that explain alike, the simplest and tightest), as
 * long as one explains enough of what the others left: a sensor that only follows the settings, or flickers between two
 * digits, adds none.
 */
const chooseConditions = (columns: readonly number[][], candidates: readonly Condition[], rows: number): Condition[] => {
  const chosen: Condition[] = [];
  let groups = new Array<number>(rows).fill(0);
  const needed = Math.max(1, (columns.length - 1) / 4);
  for (;;) {
    const judged = candidates
      .filter((candidate) => !chosen.includes(candidate))
      .map((candidate) => ({ candidate, shares: explainedBy(columns, groups, candidate) }))
      .filter(({ candidate, shares }) => shares.filter((share, sensor) => sensor !== candidate.sensor && share >= EXPLAINED).length >= needed)
      .map(({ candidate, shares }) => ({ candidate, total: shares.reduce((sum, share) => sum + share, 0) }));
    const most = Math.max(...judged.map(({ total }) => total));
    const [best] = judged
      .filter(({ total }) => total >= most - ALIKE * columns.length)
      .map(({ candidate }) => candidate)
      .sort((a, b) => a.count - b.count || Math.max(TIGHT, a.spread) - Math.max(TIGHT, b.spread) || a.sensor - b.sensor);
    if (best === undefined) return chosen;
    chosen.push(best);
    groups = refine(groups, best);
  }
};

/** Rows of each combination of levels that is seen often enough, in the order of their levels. */
const membersOf = (conditions: readonly Condition[], rows: readonly number[]): number[][] => {
  const groups = conditions.reduce(refine, new Array<number>(rows.length).fill(0));
  const members = new Map<number, number[]>();
  rows.forEach((row, at) => {
    const group = groups[at] ?? -1;
    if (group < 0) return;
    const list = members.get(group);
    if (list === undefined) members.set(group, [row]);
    else list.push(row);
  });
  return [...members.entries()].filter(([, own]) => own.length >= FEWEST_ROWS).sort(([a], [b]) => a - b).map(([, own]) => own);
};

/**
 * Operating regimes of a machine, from the rows of the given units: sensors that sit on a few tight levels, come and go
 * through the whole life, and move other sensors, are its condition settings; the combinations of their levels are the regimes.
 * Everything else gives one regime. Idea: normalisation per operating condition, found by clustering (Peel 2008).
 */
export const findRegimes = (dataset: Dataset, units: readonly number[]): Regimes => {
  const sample = sampleRows(dataset, units);
  const columns = dataset.document.sensors.map((_, sensor) => sample.rows.map((row) => cell(dataset, row, sensor)));
  const conditions = chooseConditions(columns, candidatesOf(columns, sample.third), sample.rows.length);
  if (conditions.length === 0) return oneRegime;
  const regimes = membersOf(conditions, sample.rows);
  if (regimes.length < 2 || regimes.length > MOST_REGIMES) return oneRegime;
  const meanOf = (rows: number[], sensor: number): number => rows.reduce((sum, row) => sum + cell(dataset, row, sensor), 0) / rows.length;
  const everyRow = regimes.flat();
  const scale = conditions.map(({ sensor }) => {
    const mean = meanOf(everyRow, sensor);
    return Math.sqrt(everyRow.reduce((sum, row) => sum + (cell(dataset, row, sensor) - mean) ** 2, 0) / everyRow.length) || 1;
  });
  return {
    conditionSensors: conditions.map(({ sensor }) => sensor),
    conditionScale: scale,
    centres: regimes.map((rows) => conditions.map(({ sensor }, at) => meanOf(rows, sensor) / (scale[at] ?? 1))),
  };
};

/**
 * The regime of each row: index of the nearest centre; a row whose conditions were not measured keeps the regime before it.
 * @param values row-major [rows, sensors]
 */
export const regimesOfRows = (regimes: Regimes, values: Float32Array, sensors: number): Uint8Array => {
  const rows = values.length / sensors;
  const result = new Uint8Array(rows);
  if (regimes.centres.length === 1) return result;
  let current = 0;
  for (let row = 0; row < rows; row++) {
    let best = Number.POSITIVE_INFINITY;
    for (let regime = 0; regime < regimes.centres.length; regime++) {
      const centre = regimes.centres[regime] ?? [];
      let distance = 0;
      for (let at = 0; at < centre.length; at++) {
        const scaled = (values[row * sensors + (regimes.conditionSensors[at] ?? 0)] ?? Number.NaN) / (regimes.conditionScale[at] ?? 1);
        distance += (scaled - (centre[at] ?? 0)) ** 2;
      }
      if (distance < best) {
        best = distance;
        current = regime;
      }
    }
    result[row] = current;
  }
  return result;
};
