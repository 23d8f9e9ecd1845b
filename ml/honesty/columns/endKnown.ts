import { Random } from '../../dataset/random.ts';
import type { HonestyFinding } from '../../documents/honesty.ts';
import { fitLinear } from '../../evaluation/linear.ts';
import { rmsOf, smoothed, spreadOf, unseenErrors } from '../statistics.ts';
import { columnOf, columnsOf, failedLives, findingOf, leftAt, sensorName, type FailedLife, type Subject } from '../subject.ts';

/**
 * Early in life no wear shows, and no sensor can tell one machine's end from another's: two machines with the same reading
 * have lives ahead that differ no less than those of two others. A column that knows better was made from the end (a countdown, a copy of
 * the label, a date of failure). Errors are those on lives that the line was not drawn through, against those of the age.
 */
const LIMIT = 0.2;
/** Beside at least two columns that know nothing of the end (`IGNORANT`), less suffices. */
const LIMIT_AMONG_IGNORANT = 0.27;
const IGNORANT = 0.5;
/**
 * Where records begin with machines partly worn and all wear at one rate, wear itself tells the end; then several sensors
 * know it, each as well as its noise lets it. Such a company makes a finding a warning, unless the column is as good as exact.
 */
const EXACT = 0.06;
/** Several columns together fit more by chance. */
const LIMIT_TOGETHER = 0.15;
const FEWEST_LIVES = 5;
/** Share of a life that counts as early. */
const EARLY = 0.5;
const ROWS_A_LIFE = 40;
/** Lives as alike as this have an end that the age tells as well. */
const ALIKE = 0.03;
/** Swaps of the lives between machines that the found column has to beat, all of them. */
const SWAPS = 39;

interface EarlyRows {
  /** Position of each row's life among the lives. */
  readonly life: readonly number[];
  readonly row: readonly number[];
  readonly left: readonly number[];
  readonly age: readonly number[];
}

const earlyRows = (subject: Subject, lives: readonly FailedLife[]): EarlyRows => {
  const found: { life: number[]; row: number[]; left: number[]; age: number[] } = { life: [], row: [], left: [], age: [] };
  lives.forEach((life, at) => {
    const rows = Math.min(life.unit.rows, Math.floor(EARLY * life.steps));
    const stride = Math.max(1, Math.floor(rows / ROWS_A_LIFE));
    for (let row = 0; row < rows; row += stride) {
      found.life.push(at);
      found.row.push(row);
      found.left.push(leftAt(subject.prepared.dataset, life, row));
      found.age.push(row);
    }
  });
  return found;
};

const smoothing = (lives: readonly FailedLife[]): number => Math.max(2, Math.round(0.18 * Math.min(...lives.map(({ steps }) => steps))));

/** Error of the age at telling what is left; null where it tells nearly all, so that nothing could be found beside it. */
const ageError = ({ age, left, life }: EarlyRows, lives: readonly FailedLife[]): number | null => {
  const error = rmsOf(unseenErrors({ x: age, y: left, unit: life }));
  const mean = lives.reduce((sum, { steps }) => sum + steps, 0) / lives.length;
  return spreadOf(lives.map(({ steps }) => steps)) < Math.max(2, ALIKE * mean) ? null : error;
};

/** Error of a column at telling what is left early in life, as a share of the age's; null where it is hardly measured. */
const ratioOf = (column: readonly number[], rows: EarlyRows, byAge: number, left: readonly number[] = rows.left): number | null => {
  const known = [...column.keys()].filter((at) => Number.isFinite(column[at]) && (left[at] ?? -1) >= 0);
  if (known.length < column.length / 2) return null;
  const pick = (values: readonly number[]): number[] => known.map((at) => values[at] ?? 0);
  return rmsOf(unseenErrors({ x: pick(column), y: pick(left), unit: pick(rows.life) })) / byAge;
};

/** Whether no swap of the lives between the machines makes the column as good. */
const beatsSwaps = (ratio: number, column: readonly number[], rows: EarlyRows, lives: readonly FailedLife[], byAge: number, seed: number): boolean => {
  const random = Random.of(seed, 'swapped lives');
  for (let swap = 0; swap < SWAPS; swap++) {
    const order = random.shuffle(lives.map((_, at) => at));
    if (order.every((other, at) => other === at)) continue;
    const left = rows.left.map((_, at) => (lives[order[rows.life[at] ?? 0] ?? 0]?.steps ?? 0) - (rows.age[at] ?? 0));
    const swapped = ratioOf(column, rows, byAge, left);
    if (swapped !== null && swapped <= ratio) return false;
  }
  return true;
};

const tables = (subject: Subject, lives: readonly FailedLife[], rows: EarlyRows): { sensor: number; column: number[] }[] => {
  const { dataset } = subject.prepared;
  const half = smoothing(lives);
  return columnsOf(subject.prepared).map((sensor) => {
    const smooth = lives.map(({ unit }) => smoothed(columnOf(dataset, unit, sensor), half));
    return { sensor, column: rows.row.map((row, at) => smooth[rows.life[at] ?? 0]?.[row] ?? Number.NaN) };
  });
};

/** Error of a linear function of all columns, each fold of lives told by one fitted to the others. */
const togetherRatio = (columns: readonly (readonly number[])[], rows: EarlyRows, byAge: number): number => {
  const width = columns.length;
  const spread = columns.map((column) => spreadOf(column) || 1);
  const at = (point: number, column: number): number => {
    const value = columns[column]?.[point] ?? Number.NaN;
    return Number.isFinite(value) ? value / (spread[column] ?? 1) : 0;
  };
  const folds = 5;
  const errors = new Float64Array(rows.left.length);
  for (let fold = 0; fold < folds; fold++) {
    const others = rows.left.flatMap((_, point) => ((rows.life[point] ?? 0) % folds === fold ? [] : [point]));
    const features = Float32Array.from({ length: others.length * width }, (_, cell) => at(others[Math.floor(cell / width)] ?? 0, cell % width));
    const { weights, constant } = fitLinear(features, Float32Array.from(others, (point) => rows.left[point] ?? 0), width);
    rows.left.forEach((left, point) => {
      if ((rows.life[point] ?? 0) % folds === fold) errors[point] = left - weights.reduce((sum, weight, column) => sum + weight * at(point, column), constant);
    });
  }
  return rmsOf(errors) / byAge;
};

const remedy = (names: string): string => `Leave ${names} out of the training (leaveOut, --without): it will not be known while the machine runs.`;
const measure = 'error at telling what is left in the first half of life, against that of the age alone';

/** Columns that know the end before it can show, alone or together. */
export const columnsThatKnowTheEnd = (subject: Subject): HonestyFinding[] => {
  const lives = failedLives(subject.prepared.dataset);
  if (lives.length < FEWEST_LIVES) return [];
  const rows = earlyRows(subject, lives);
  const byAge = ageError(rows, lives);
  if (byAge === null) return [];
  const every = tables(subject, lives, rows);
  const judged = every.flatMap(({ sensor, column }) => {
    const ratio = ratioOf(column, rows, byAge);
    return ratio === null ? [] : [{ sensor, column, ratio }];
  });
  const limit = judged.filter(({ ratio }) => ratio > IGNORANT).length >= 2 ? LIMIT_AMONG_IGNORANT : LIMIT;
  const company = judged.some(({ ratio }) => ratio > limit && ratio < IGNORANT);
  const findings = judged.flatMap(({ sensor, column, ratio }): HonestyFinding[] => {
    if (ratio > limit || !beatsSwaps(ratio, column, rows, lives, byAge, subject.prepared.config.seed)) return [];
    const name = sensorName(subject.prepared.dataset, sensor);
    return [findingOf('knows-the-end', { severity: company && ratio > EXACT ? 'warning' : 'blocking', columns: [name], figure: ratio, limit, measure, what: `'${name}' alone tells how long each machine will still live, before any wear can show: it was made from the end of the life.`, remedy: remedy(`'${name}'`) })];
  });
  const rest = every.filter(({ column }) => column.filter(Number.isFinite).length > column.length / 2);
  if (findings.length > 0 || lives.length < 8 || rest.length < 2) return findings;
  const together = togetherRatio(rest.map(({ column }) => column), rows, byAge);
  if (together > LIMIT_TOGETHER) return [];
  const names = rest.map(({ sensor }) => sensorName(subject.prepared.dataset, sensor));
  return [findingOf('columns-know-the-end', { columns: names, figure: together, limit: LIMIT_TOGETHER, measure, what: `Added up with weights, the columns ${names.join(', ')} tell how long each machine will still live, before any wear can show.`, remedy: 'Look for columns that were made from the end of the life (planned dates, results of later analyses), leave them out and train again.' })];
};
