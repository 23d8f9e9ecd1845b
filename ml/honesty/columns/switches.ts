import type { HonestyFinding } from '../../documents/honesty.ts';
import { meanOf, spreadOf } from '../statistics.ts';
import { columnOf, columnsOf, failedLives, findingOf, sensorName, usedUnits, type FailedLife, type Subject } from '../subject.ts';

/** A flag: two levels, one before and one after a moment of each life. `late[k]` tells the state of the row. */
interface Flag {
  readonly states: readonly (readonly (boolean | null)[])[];
  /** Values between the two levels, a life, on average. */
  readonly between: number;
  /** Whether the column is 0 in all but the late rows, and one other value there: a bit that is set. */
  readonly fromNothing: boolean;
}

const FEWEST_LIVES = 5;
/** Share of rows that must agree with 'off before, on after', in the mean over lives. */
const AGREEMENT = 0.9;
/** Spread of the distance between switch and failure: in steps, and as shares of the distance and of the lives' spread. */
const SPREAD_STEPS = 0.75;
const SPREAD_SHARE = 0.05;
const SPREAD_OF_LIVES = 0.3;
/** Spread of the distance as a share of the life. */
const SPREAD_OF_SHARE = 0.01;
/** Spread of the age at a switch, as a share of the mean life, that makes it a matter of age; and the share of life before it. */
const OF_AGE = 0.02;
const EARLIEST = 0.1;
/** Rows between the two levels that a flag may have in a life, and as a share of its late part. */
const MOST_BETWEEN = 2;

/** Cuts values in two so that most of their variance lies between the parts (Otsu 1979); null where the parts are not tight. */
const twoLevels = (values: readonly number[]): { low: number; high: number } | null => {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const total = sorted.reduce((sum, value) => sum + value, 0);
  let best = { between: -1, at: 0 };
  let sum = 0;
  for (let at = 1; at < sorted.length; at++) {
    sum += sorted[at - 1] ?? 0;
    if (sorted[at] === sorted[at - 1]) continue;
    const between = at * (sorted.length - at) * (sum / at - (total - sum) / (sorted.length - at)) ** 2;
    if (between > best.between) best = { between, at };
  }
  if (best.between < 0) return null;
  const low = meanOf(sorted.slice(0, best.at));
  const high = meanOf(sorted.slice(best.at));
  const share = best.between / sorted.length / Math.max(1e-300, (sorted.length - 1) * spreadOf(sorted) ** 2);
  return share < 0.85 ? null : { low, high };
};

const flagOfValues = (columns: readonly Float64Array[]): Flag | null => {
  const levels = twoLevels(columns.flatMap((column) => [...column]));
  if (levels === null) return null;
  const { low, high } = levels;
  const inside = (value: number): boolean => value > low + 0.25 * (high - low) && value < high - 0.25 * (high - low);
  const between = columns.reduce((sum, column) => sum + column.filter(inside).length, 0) / columns.length;
  const values = new Set(columns.flatMap((column) => [...column.filter(Number.isFinite)]));
  return { states: columns.map((column) => Array.from(column, (value) => (Number.isFinite(value) ? value > (low + high) / 2 : null))), between, fromNothing: values.size === 2 && values.has(0) && low === 0 };
};

/** Levels that a column of stages may have. */
const MOST_STAGES = 12;

/** A column of a few stages as one flag for each step between two of them. */
const flagsOfStages = (columns: readonly Float64Array[]): Flag[] => {
  const levels = [...new Set(columns.flatMap((column) => [...column.filter(Number.isFinite)]))].sort((a, b) => a - b);
  if (levels.length < 3 || levels.length > MOST_STAGES) return [];
  return levels.slice(1).map((level) => ({ states: columns.map((column) => Array.from(column, (value) => (Number.isFinite(value) ? value >= level : null))), between: 0, fromNothing: false }));
};

const flagOfGaps = (columns: readonly Float64Array[]): Flag | null => {
  const states = columns.map((column) => Array.from(column, (value) => Number.isFinite(value)));
  return states.every((own) => own.every((measured) => measured)) ? null : { states, between: 0, fromNothing: false };
};

/** The best moment to call the switch of one life, with the share of rows that agree; the last row is never the first half. */
const switchOf = (states: readonly (boolean | null)[], late: boolean): { at: number; agreement: number } => {
  const known = states.filter((state) => state !== null).length;
  let agree = states.filter((state) => state === late).length;
  let best = { at: 0, agreement: agree / Math.max(1, known) };
  states.forEach((state, row) => {
    if (state === null) return;
    agree += state === late ? -1 : 1;
    if (agree / known > best.agreement) best = { at: row + 1, agreement: agree / known };
  });
  return best;
};

interface Timing {
  /** Steps from switch to failure, by life; lives that don't switch are left out. */
  readonly distances: number[];
  readonly lives: FailedLife[];
  readonly agreement: number;
  /** The state after the switch. */
  readonly late: boolean;
}

const timingOf = ({ states }: Flag, lives: readonly FailedLife[]): Timing | null => {
  const ends = states.flatMap((own) => own.filter((state) => state !== null).slice(-1));
  const late = ends.filter((state) => state).length >= ends.length / 2;
  const switches = states.map((own) => switchOf(own, late));
  const switching = [...lives.keys()].filter((at) => (switches[at]?.at ?? 0) > 0 && (switches[at]?.at ?? 0) < (lives[at]?.unit.rows ?? 0));
  if (switching.length < Math.max(FEWEST_LIVES, 0.8 * lives.length)) return null;
  return {
    distances: switching.map((at) => (lives[at]?.steps ?? 0) - (switches[at]?.at ?? 0)),
    lives: switching.flatMap((at) => lives[at] ?? []),
    agreement: meanOf(switching.map((at) => switches[at]?.agreement ?? 0)),
    late,
  };
};

/** Whether the switches stand at one distance from the failure, or at one share of the life; with the figure and its limit. */
const consistency = ({ distances, lives }: Timing): { figure: number; limit: number; measure: string } | null => {
  const steps = lives.map((life) => life.steps);
  const ages = steps.map((length, at) => length - (distances[at] ?? 0));
  // What switches at one age, or at the very beginning, does not know the end.
  if (spreadOf(ages) <= Math.max(1, OF_AGE * meanOf(steps)) || meanOf(ages) < EARLIEST * meanOf(steps)) return null;
  const spread = spreadOf(distances);
  const livesSpread = spreadOf(lives.map(({ steps }) => steps));
  const limit = Math.min(Math.max(SPREAD_STEPS, SPREAD_SHARE * meanOf(distances)), SPREAD_OF_LIVES * livesSpread);
  if (spread <= limit) return { figure: spread, limit, measure: 'spread over the lives of its distance to the failure, in steps' };
  const shares = distances.map((distance, at) => distance / (lives[at]?.steps ?? 1));
  // The row that it falls on rounds the share.
  const shareLimit = Math.max(SPREAD_OF_SHARE * meanOf(shares), meanOf(lives.map(({ steps }) => 0.4 / steps)));
  if (livesSpread > 0.05 * meanOf(lives.map(({ steps }) => steps)) && spreadOf(shares) <= shareLimit) return { figure: spreadOf(shares), limit: shareLimit, measure: 'spread over the lives of the share of life at which it switches' };
  return null;
};

const judge = (name: string, flag: Flag | null, lives: readonly FailedLife[], switches: string): HonestyFinding[] => {
  if (flag === null || flag.between > MOST_BETWEEN) return [];
  const timing = timingOf(flag, lives);
  if (timing === null || timing.agreement < AGREEMENT) return [];
  const distance = meanOf(timing.distances);
  if (distance < 2 && flag.fromNothing && timing.late) {
    return [findingOf('failure-flag', { columns: [name], figure: distance, limit: 2, measure: 'mean distance of its switch from the failure, in steps', what: `'${name}' is set in the last row of each life and nowhere else: it is the failure itself.`, remedy: `Leave '${name}' out of the training (leaveOut, --without), or import it as events, and train again.` })];
  }
  if (distance < 2) {
    return [findingOf('changes-at-failure', { severity: 'warning', columns: [name], figure: distance, limit: 2, measure: 'mean distance of its switch from the failure, in steps', what: `'${name}' ${switches} with the failure itself, in the last row of each life.`, remedy: `It helps no forecast; leave '${name}' out where it is not a measurement.` })];
  }
  if (flag.between > 0.15 * distance + 1) return [];
  const found = consistency(timing);
  if (found === null) return [];
  return [findingOf('failure-flag', { columns: [name], ...found, what: `'${name}' ${switches} ${distance.toFixed(1)} steps before the failure on every machine: it was made from the failures.`, remedy: `Leave '${name}' out of the training (leaveOut, --without) and train again.` })];
};

/** Measured near failures only: a share of the rows near the end, next to nothing elsewhere. */
const onlyNear = ({ prepared }: Subject, sensor: number, lives: readonly FailedLife[]): HonestyFinding[] => {
  const near = { measured: 0, rows: 0 };
  const far = { measured: 0, rows: 0 };
  for (const { unit, index } of usedUnits(prepared.dataset)) {
    const life = lives.find((one) => one.index === index);
    columnOf(prepared.dataset, unit, sensor).forEach((value, row) => {
      const part = life !== undefined && row >= 0.75 * life.steps ? near : far;
      part.rows++;
      if (Number.isFinite(value)) part.measured++;
    });
  }
  const [nearShare, farShare] = [near.measured / near.rows, far.measured / far.rows];
  if (nearShare < 0.2 || farShare > 0.02) return [];
  const name = sensorName(prepared.dataset, sensor);
  return [findingOf('only-near-failures', { columns: [name], figure: farShare, limit: 0.02, measure: 'share of the rows away from failures in which it is measured', what: `'${name}' is measured near failures only (in ${Math.round(100 * nearShare)} % of the rows in the last quarter of the failed lives): that it is measured tells the failure.`, remedy: `Leave '${name}' out of the training (leaveOut, --without) and train again.` })];
};

/** Columns, and gaps of columns, that switch when the failure is near. */
export const flagsOfFailures = (subject: Subject): HonestyFinding[] => {
  const { dataset } = subject.prepared;
  const lives = failedLives(dataset);
  if (lives.length < FEWEST_LIVES) return [];
  return columnsOf(subject.prepared).flatMap((sensor) => {
    const name = sensorName(dataset, sensor);
    const columns = lives.map(({ unit }) => columnOf(dataset, unit, sensor));
    const near = onlyNear(subject, sensor, lives);
    if (near.length > 0) return near;
    const stages = flagsOfStages(columns).flatMap((flag) => judge(name, flag, lives, 'goes to another stage')).slice(0, 1);
    return [...judge(name, flagOfValues(columns), lives, 'switches'), ...stages, ...judge(name, flagOfGaps(columns), lives, 'begins or ceases to be measured')];
  });
};
