import type { DatasetUnit } from '../../documents/dataset.ts';
import type { HonestyFinding } from '../../documents/honesty.ts';
import { correlationOf, meanOf } from '../statistics.ts';
import { columnOf, columnsOf, findingOf, sensorName, usedUnits, type Subject } from '../subject.ts';

/** Share of a column's rows that may stand on a straight line between their neighbours; noise puts none there. */
const STRAIGHT_LIMIT = 0.08;
/** Straight pieces a life, and the share of them with a slope of their own: a counter or a ramp has one slope. */
const PIECES_A_LIFE = 2;
const OWN_SLOPES = 0.6;
/** A copy: correlation of the changes of one column with the later changes of another. */
const COPY_LIMIT = 0.999;
const MOST_STEPS = 24;
const LIVES_LOOKED_AT = 12;

/** The decimals that a column is written with, as the value of its last digit; 0 where it has more than five. */
const resolutionOf = (columns: readonly Float64Array[]): number => {
  for (let decimals = 0; decimals <= 5; decimals++) {
    const scale = 10 ** decimals;
    const whole = columns.every((column) => column.every((value) => !Number.isFinite(value) || Math.abs(value * scale - Math.round(value * scale)) <= 1e-3 + 2e-7 * Math.abs(value * scale)));
    if (whole) return 1 / scale;
  }
  return 0;
};

interface Straightness {
  readonly share: number;
  readonly pieces: number;
  /** Different slopes among the pieces, as a share of them. */
  readonly slopes: number;
}

/** How much of a column stands exactly between its neighbours while it changes. */
const straightness = (columns: readonly Float64Array[]): Straightness => {
  const resolution = resolutionOf(columns);
  let [straight, rows] = [0, 0];
  const slopes: number[] = [];
  for (const column of columns) {
    let inside = false;
    for (let row = 1; row < column.length - 1; row++) {
      const [before, here, after] = [column[row - 1] ?? Number.NaN, column[row] ?? Number.NaN, column[row + 1] ?? Number.NaN];
      const tolerance = 5e-7 * Math.max(Math.abs(before), Math.abs(after)) + 1.01 * resolution;
      const slope = (after - before) / 2;
      rows++;
      const on = Math.abs(after - 2 * here + before) <= tolerance && Math.abs(slope) > 3 * tolerance;
      if (on) straight++;
      if (on && !inside) slopes.push(slope);
      inside = on;
    }
  }
  const distinct = new Set(slopes.map((slope) => slope.toPrecision(2)));
  return { share: straight / Math.max(1, rows), pieces: slopes.length / columns.length, slopes: slopes.length === 0 ? 0 : distinct.size / Math.min(slopes.length, 60) };
};

/** Changes from row to row, those beyond three times the usual cut off: two switches in step are no copies. */
const changes = (column: Float64Array): Float64Array => {
  const moved = column.map((value, row) => value - (column[row - 1] ?? Number.NaN));
  const sizes = moved.filter(Number.isFinite).map(Math.abs).sort();
  const most = 3 * (sizes[sizes.length >> 1] ?? 0);
  return moved.map((value) => (Number.isFinite(value) ? Math.max(-most, Math.min(most, value)) : value));
};

/** Correlation of the changes of `early` with those of `late` some steps on, over all lives. */
const copyAt = (early: readonly Float64Array[], late: readonly Float64Array[], steps: number): number => {
  const total = early.reduce((sum, column) => sum + Math.max(0, column.length - steps - 1), 0);
  const a = new Float64Array(total);
  const b = new Float64Array(total);
  let at = 0;
  early.forEach((column, life) => {
    if (column.length - steps < 2) return;
    a.set(column.subarray(1, column.length - steps), at);
    b.set((late[life] ?? column).subarray(1 + steps, column.length), at);
    at += column.length - steps - 1;
  });
  return Math.abs(correlationOf(a, b));
};

/** Whether the cells are no readings of their own: missing, or one value held. */
const filled = (cells: Float64Array): boolean => cells.length > 0 && cells.every((value) => !Number.isFinite(value) || value === cells[0]);

/** Which of the two was shifted, by where a shift leaves a gap: the copy's end (from the future) or the other's beginning (from the past). */
const laggedNotLeading = (early: readonly Float64Array[], late: readonly Float64Array[], steps: number): boolean => {
  const fromFuture = meanOf(early.map((column) => Number(filled(column.subarray(Math.max(0, column.length - steps - (steps === 1 ? 1 : 0)))))));
  const fromPast = meanOf(late.map((column) => Number(filled(column.subarray(0, steps + (steps === 1 ? 1 : 0))))));
  return fromPast > 0.7 && fromFuture < 0.3;
};

/** A few rows of a few lives: enough to see that two columns have nothing to do with one another. */
const short = (own: readonly Float64Array[]): Float64Array[] => own.slice(0, 4).map((column) => column.subarray(0, 90));

/** Mean over a row and those before it, rows of a life long; NaN until there are as many. */
const trailingMean = (column: Float64Array, rows: number): Float64Array => {
  let sum = 0;
  return column.map((value, row) => {
    sum += value - (row >= rows ? (column[row - rows] ?? 0) : 0);
    return row < rows - 1 ? Number.NaN : sum / rows;
  });
};

/** Rows of the means that are tried; a mean of the past alone is none of the future's business. */
const MEANS = [3, 5, 7, 9, 11, 15, 21] as const;

/** Columns that are means of another one over rows that lie partly ahead (a centred average). */
const centredMeans = ({ prepared }: Subject, sensors: readonly number[], columns: ReadonlyMap<number, readonly Float64Array[]>): HonestyFinding[] => {
  const findings: HonestyFinding[] = [];
  const changesOf = new Map([...columns].map(([sensor, own]) => [sensor, own.map(changes)]));
  for (const other of sensors) {
    const own = columns.get(other) ?? [];
    if (own.some((column) => column.some(Number.isNaN))) continue;
    for (const rows of MEANS) {
      const means = own.map((column) => changes(trailingMean(column, rows)));
      const brief = short(means);
      for (const sensor of sensors) {
        if (sensor === other) continue;
        const moved = changesOf.get(sensor) ?? [];
        for (let ahead = 1; ahead < rows; ahead++) {
          if (copyAt(short(moved), brief, ahead) < COPY_LIMIT) continue;
          const figure = copyAt(moved, means, ahead);
          if (figure < COPY_LIMIT) continue;
          const [name, source] = [sensorName(prepared.dataset, sensor), sensorName(prepared.dataset, other)];
          findings.push(findingOf('future-copy', { columns: [name], figure, limit: COPY_LIMIT, measure: `correlation of its changes with those of the mean of '${source}' over ${rows} rows, ${ahead} of them ahead`, what: `'${name}' is the mean of '${source}' over ${rows} rows, ${ahead} of which lie ahead.`, remedy: `Leave '${name}' out of the training (leaveOut, --without), or take means of the past only, and train again.` }));
        }
      }
    }
  }
  return findings;
};

const futureCopies = ({ prepared }: Subject, sensors: readonly number[], columns: ReadonlyMap<number, readonly Float64Array[]>): HonestyFinding[] => {
  const moved = new Map([...columns].map(([sensor, own]) => [sensor, own.map(changes)]));
  const findings: HonestyFinding[] = [];
  for (const early of sensors)
    for (const late of sensors) {
      const [a, b] = [moved.get(early) ?? [], moved.get(late) ?? []];
      if (early === late || copyAt(a, b, 0) >= COPY_LIMIT) continue;
      for (let steps = 1; steps <= MOST_STEPS; steps++) {
        if (copyAt(short(a), short(b), steps) < 0.9) continue;
        const figure = copyAt(a, b, steps);
        if (figure < COPY_LIMIT || laggedNotLeading(columns.get(early) ?? [], columns.get(late) ?? [], steps)) continue;
        const [name, other] = [sensorName(prepared.dataset, early), sensorName(prepared.dataset, late)];
        findings.push(findingOf('future-copy', { columns: [name], figure, limit: COPY_LIMIT, measure: `correlation of its changes with those of '${other}' ${steps} steps later`, what: `'${name}' holds what '${other}' reads ${steps} steps later: it comes from the future.`, remedy: `Leave '${name}' out of the training (leaveOut, --without), or shift it to when it was known, and train again.` }));
        break;
      }
    }
  return findings;
};

const interpolated = (subject: Subject, sensor: number, columns: readonly Float64Array[]): HonestyFinding[] => {
  const { share, pieces, slopes } = straightness(columns);
  if (share < STRAIGHT_LIMIT || pieces < PIECES_A_LIFE || slopes < OWN_SLOPES) return [];
  const name = sensorName(subject.prepared.dataset, sensor);
  return [findingOf('future-filled', { columns: [name], figure: share, limit: STRAIGHT_LIMIT, measure: 'share of its rows that stand exactly on the line between their neighbours', what: `Gaps of '${name}' were filled in a straight line towards the next reading, which was not known yet.`, remedy: `Import the readings of '${name}' as they were measured, without filled gaps; Millwright holds the last value itself.` })];
};

/** Columns whose cells know readings that come later. */
export const columnsFromTheFuture = (subject: Subject): HonestyFinding[] => {
  const { dataset } = subject.prepared;
  const units = usedUnits(dataset).filter(({ unit }) => unit.rows > 2 * MOST_STEPS).slice(0, LIVES_LOOKED_AT);
  if (units.length === 0) return [];
  const sensors = columnsOf(subject.prepared);
  const columns = new Map(sensors.map((sensor) => [sensor, units.map(({ unit }: { unit: DatasetUnit }) => columnOf(dataset, unit, sensor))]));
  return [...sensors.flatMap((sensor) => interpolated(subject, sensor, columns.get(sensor) ?? [])), ...futureCopies(subject, sensors, columns), ...centredMeans(subject, sensors, columns)];
};
