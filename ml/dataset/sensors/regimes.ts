import type { Dataset } from '../table.ts';

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

/** Levels of one condition at most; more is a measurement, not a setting. */
const MOST_LEVELS = 12;
const MOST_REGIMES = 24;
/** A level or regime that holds less than this share of the rows is a passing state. */
const SMALLEST_SHARE = 0.01;
/** Spread of a level against the gap to its neighbour: settings sit still between their jumps. */
const SPREAD_OF_GAP = 0.25;
/** A condition comes and goes through the whole life; what is seen early or late only is wear. */
const LIFE_BALANCE = 0.25;
/** Share of another sensor's variance that a condition must explain, for at least a quarter of the other sensors. */
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

/** Upper edges of the levels a sensor sits on, lowest first; null when its values are not a few tight levels. */
const levelsOf = (values: number[]): number[] | null => {
  const sorted = Float64Array.from(values.filter(Number.isFinite)).sort();
  const lowest = sorted[0] ?? 0;
  const range = (sorted[sorted.length - 1] ?? 0) - lowest;
  if (sorted.length < 100 || range <= 0) return null;
  const edges: number[] = [];
  let levelStart = lowest;
  let levelCount = 1;
  let widest = 0;
  let smallestGap = Number.POSITIVE_INFINITY;
  let fewest = sorted.length;
  for (let at = 1; at <= sorted.length; at++) {
    const before = sorted[at - 1] ?? 0;
    const gap = at === sorted.length ? Number.POSITIVE_INFINITY : (sorted[at] ?? 0) - before;
    if (gap < 0.02 * range) {
      levelCount++;
      continue;
    }
    widest = Math.max(widest, before - levelStart);
    fewest = Math.min(fewest, levelCount);
    if (at < sorted.length) {
      smallestGap = Math.min(smallestGap, gap);
      edges.push(before + gap / 2);
      levelStart = sorted[at] ?? 0;
      levelCount = 1;
    }
    if (edges.length >= MOST_LEVELS) return null;
  }
  if (edges.length === 0 || widest > SPREAD_OF_GAP * smallestGap || fewest < SMALLEST_SHARE * sorted.length) return null;
  return [...edges, Number.POSITIVE_INFINITY];
};

/** Whether every level is visited early, in the middle and late in life. */
const throughLife = (levels: readonly number[], count: number, third: readonly number[]): boolean => {
  const visits = Array.from({ length: count }, () => [0, 0, 0]);
  levels.forEach((level, at) => {
    const row = visits[level];
    const part = third[at] ?? 0;
    if (row !== undefined) row[part] = (row[part] ?? 0) + 1;
  });
  return visits.every((row) => Math.min(...row) >= LIFE_BALANCE * Math.max(...row));
};

/** Share of the variance of `values` that lies between the levels (eta squared). */
const explainedShare = (values: readonly number[], levels: readonly number[], count: number): number => {
  const sums = new Float64Array(count);
  const counts = new Float64Array(count);
  let total = 0;
  let n = 0;
  values.forEach((value, at) => {
    const level = levels[at] ?? -1;
    if (!Number.isFinite(value) || level < 0) return;
    sums[level] = (sums[level] ?? 0) + value;
    counts[level] = (counts[level] ?? 0) + 1;
    total += value;
    n++;
  });
  const mean = total / Math.max(1, n);
  let all = 0;
  for (const value of values) if (Number.isFinite(value)) all += (value - mean) ** 2;
  let between = 0;
  for (let level = 0; level < count; level++) if ((counts[level] ?? 0) > 0) between += (counts[level] ?? 0) * ((sums[level] ?? 0) / (counts[level] ?? 1) - mean) ** 2;
  return all > 0 ? between / all : 0;
};

interface Condition {
  readonly sensor: number;
  readonly levels: number[];
  readonly count: number;
}

const conditionsOf = (dataset: Dataset, sample: Sample): Condition[] => {
  const sensors = dataset.document.sensors.map((_, sensor) => sensor);
  const columns = sensors.map((sensor) => sample.rows.map((row) => cell(dataset, row, sensor)));
  return sensors.flatMap((sensor) => {
    const own = columns[sensor] ?? [];
    const edges = levelsOf(own);
    if (edges === null) return [];
    const levels = own.map((value) => (Number.isFinite(value) ? edges.findIndex((edge) => value <= edge) : -1));
    if (!throughLife(levels, edges.length, sample.third)) return [];
    const moved = columns.filter((column, other) => other !== sensor && explainedShare(column, levels, edges.length) >= EXPLAINED).length;
    return moved >= Math.max(1, (sensors.length - 1) / 4) ? [{ sensor, levels, count: edges.length }] : [];
  });
};

/**
 * Operating regimes of a machine, from the rows of the given units: sensors that sit on a few tight levels, come and go
 * through the whole life, and move other sensors, are its condition settings; the combinations of their levels are the regimes.
 * Everything else gives one regime. Idea: normalisation per operating condition, found by clustering (Peel 2008).
 */
export const findRegimes = (dataset: Dataset, units: readonly number[]): Regimes => {
  const sample = sampleRows(dataset, units);
  const conditions = conditionsOf(dataset, sample);
  if (conditions.length === 0) return oneRegime;
  const members = new Map<string, number[]>();
  sample.rows.forEach((row, at) => {
    const key = conditions.map((condition) => condition.levels[at] ?? -1);
    if (key.includes(-1)) return;
    const name = key.join(',');
    const list = members.get(name);
    if (list === undefined) members.set(name, [row]);
    else list.push(row);
  });
  const regimes = [...members.entries()].filter(([, rows]) => rows.length >= SMALLEST_SHARE * sample.rows.length).sort(([a], [b]) => (a < b ? -1 : 1));
  if (regimes.length < 2 || regimes.length > MOST_REGIMES) return oneRegime;
  const meanOf = (rows: number[], sensor: number): number => rows.reduce((sum, row) => sum + cell(dataset, row, sensor), 0) / rows.length;
  const everyRow = regimes.flatMap(([, rows]) => rows);
  const scale = conditions.map(({ sensor }) => {
    const mean = meanOf(everyRow, sensor);
    return Math.sqrt(everyRow.reduce((sum, row) => sum + (cell(dataset, row, sensor) - mean) ** 2, 0) / everyRow.length) || 1;
  });
  return {
    conditionSensors: conditions.map(({ sensor }) => sensor),
    conditionScale: scale,
    centres: regimes.map(([, rows]) => conditions.map(({ sensor }, at) => meanOf(rows, sensor) / (scale[at] ?? 1))),
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
