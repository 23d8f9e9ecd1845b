import { Random } from '../random.ts';

/** One life that ended in a failure: its rows, row-major [rows, sensors], NaN where nothing was measured, the last one nearest to the failure. */
export interface FailedRows {
  readonly values: Float32Array;
  readonly rows: number;
  /** Failure mode: sensors may move one way before one mode and the other way before another. */
  readonly mode: string;
}

/** How much the sensors move before failures. */
export interface MovementResult {
  /** By sensor: mean of 2 AUC - 1 over the lives, its sign that of most lives; null where it was hardly measured. */
  readonly sensors: { readonly movement: number | null; readonly p: number | null }[];
  /** That no sensor moves; 1 where nothing could be measured. */
  readonly p: number;
  readonly lives: number;
  readonly permutations: number;
  /** Index of the sensor that moves most; null without one. */
  readonly strongest: number | null;
}

/** The rows of a life that a failure is compared in: its last tenth with those between a twentieth and six tenths of it. */
const END = 0.1;
const EARLY = [0.05, 0.6] as const;
const FEWEST = 3;
/** Up to so many lives every combination of signs is tried. */
const ALL_SIGNS = 12;
const DRAWS = 2000;
/** Modes with fewer lives are judged together. */
const LIVES_OF_MODE = 3;

const column = ({ values, rows }: FailedRows, width: number, sensor: number, from: number, to: number): Float64Array =>
  Float64Array.from({ length: Math.max(0, Math.min(rows, to) - from) }, (_, at) => values[(from + at) * width + sensor] ?? Number.NaN).filter(Number.isFinite);

/** 2 AUC - 1 of two samples (Mann and Whitney 1947): 1 where all of `late` lies above all of `early`, -1 where below. */
const shiftOf = (early: Float64Array, late: Float64Array): number => {
  const sorted = early.toSorted();
  const below = (value: number, orEqual: boolean): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = sorted[middle] ?? 0;
      if (at < value || (orEqual && at === value)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const sum = late.reduce((total, value) => total + below(value, false) + below(value, true) - sorted.length, 0);
  return sum / (late.length * sorted.length);
};

const shiftsOf = (life: FailedRows, width: number): Float64Array =>
  Float64Array.from({ length: width }, (_, sensor) => {
    const end = Math.max(FEWEST, Math.ceil(END * life.rows));
    const early = column(life, width, sensor, Math.floor(EARLY[0] * life.rows), Math.min(life.rows - end, Math.ceil(EARLY[1] * life.rows)));
    const late = column(life, width, sensor, Math.max(0, life.rows - end), life.rows);
    return early.length < FEWEST || late.length < FEWEST ? Number.NaN : shiftOf(early, late);
  });

const groupsOf = (lives: readonly FailedRows[]): number[] => {
  const counts = new Map<string, number>();
  for (const { mode } of lives) counts.set(mode, (counts.get(mode) ?? 0) + 1);
  const own = [...counts].filter(([, count]) => count >= LIVES_OF_MODE).map(([mode]) => mode);
  return lives.map(({ mode }) => own.indexOf(mode) + 1);
};

/** Per sensor the sum over groups of |sum of its signed shifts|, over the lives that have it. */
const statistics = (shifts: readonly Float64Array[], groups: readonly number[], signs: Int8Array, width: number, target: Float64Array): void => {
  const most = Math.max(...groups) + 1;
  const sums = new Float64Array(most);
  for (let sensor = 0; sensor < width; sensor++) {
    sums.fill(0);
    let lives = 0;
    for (const [life, shift] of shifts.entries()) {
      const value = shift[sensor] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      lives++;
      const group = groups[life] ?? 0;
      sums[group] = (sums[group] ?? 0) + value * (signs[life] ?? 1);
    }
    target[sensor] = lives < 2 ? 0 : sums.reduce((sum, value) => sum + Math.abs(value), 0) / lives;
  }
};

/** The signs of one flip: by the bits of `which` where all are tried, else drawn. */
const flip = (signs: Int8Array, which: number, random: Random | null): void => {
  for (let life = 0; life < signs.length; life++) signs[life] = (random === null ? (which >> life) & 1 : random.integer(2)) === 1 ? -1 : 1;
};

/**
 * Whether any sensor moves before failures: the end of each life against its own earlier rows, by Mann and Whitney's AUC. Under the
 * hypothesis that a failure is nothing to the sensors, a life may as well have moved the other way: the signs of whole lives are flipped
 * (all of them up to 12 lives, else 2,000 at random), and the largest statistic over all sensors is compared (Westfall and Young 1993), so
 * that many sensors find nothing by chance. No row is taken for independent of its neighbours. With n lives p can't be below 2^(1 - n).
 * @param width sensors of a row
 */
export const movementBeforeFailures = (lives: readonly FailedRows[], width: number): MovementResult => {
  const shifts = lives.map((life) => shiftsOf(life, width));
  const used = lives.filter((_, life) => shifts[life]?.some(Number.isFinite) === true).length;
  const nothing: MovementResult = { sensors: Array.from({ length: width }, () => ({ movement: null, p: null })), p: 1, lives: used, permutations: 0, strongest: null };
  if (used < 2) return nothing;
  const groups = groupsOf(lives);
  const signs = new Int8Array(lives.length).fill(1);
  const observed = new Float64Array(width);
  statistics(shifts, groups, signs, width, observed);
  const all = lives.length <= ALL_SIGNS;
  const permutations = all ? 2 ** lives.length : DRAWS;
  const random = all ? null : Random.of(1, 'movement');
  const reached = new Float64Array(width);
  const drawn = new Float64Array(width);
  for (let which = 0; which < permutations; which++) {
    flip(signs, which, random);
    statistics(shifts, groups, signs, width, drawn);
    const largest = drawn.reduce((most, value) => Math.max(most, value), 0);
    for (let sensor = 0; sensor < width; sensor++) if (largest >= (observed[sensor] ?? 0) - 1e-12) reached[sensor] = (reached[sensor] ?? 0) + 1;
  }
  const pOf = (count: number): number => (all ? count / permutations : (count + 1) / (permutations + 1));
  const sensors = Array.from({ length: width }, (_, sensor) => {
    const measured = shifts.flatMap((shift) => (Number.isFinite(shift[sensor]) ? [shift[sensor] ?? 0] : []));
    if (measured.length < 2) return { movement: null, p: null };
    const sign = Math.sign(measured.reduce((sum, value) => sum + value, 0)) || 1;
    return { movement: sign * (observed[sensor] ?? 0), p: pOf(reached[sensor] ?? 0) };
  });
  const strongest = observed.reduce((best, value, sensor) => (value > (observed[best] ?? 0) ? sensor : best), 0);
  return { sensors, p: Math.min(...sensors.flatMap(({ p }) => p ?? [])), lives: used, permutations, strongest: sensors[strongest]?.movement === null ? null : strongest };
};

/** Robust deviations from its early rows at which a sensor is seen to have left them. */
const DEPARTED = 2;

const medianOf = (values: Float64Array): number => values.toSorted()[values.length >> 1] ?? Number.NaN;

/**
 * How many rows before its end one sensor of a life left the range of its earlier rows for good; null where it never did.
 */
export const rowsOfDeparture = (life: FailedRows, width: number, sensor: number): number | null => {
  const early = column(life, width, sensor, Math.floor(EARLY[0] * life.rows), Math.ceil(EARLY[1] * life.rows));
  if (early.length < FEWEST) return null;
  const middle = medianOf(early);
  const spread = 1.4826 * medianOf(early.map((value) => Math.abs(value - middle))) || Number.MIN_VALUE;
  const length = Math.max(FEWEST, Math.ceil(0.03 * life.rows));
  const departure = (end: number): number => {
    const recent = column(life, width, sensor, Math.max(0, end - length), end);
    return recent.length === 0 ? Number.NaN : (recent.reduce((sum, value) => sum + value, 0) / recent.length - middle) / spread;
  };
  const last = departure(life.rows);
  if (!(Math.abs(last) >= DEPARTED)) return null;
  let row = life.rows;
  while (row > 0 && !(departure(row) * Math.sign(last) < DEPARTED)) row--;
  return Math.max(1, life.rows - row);
};
