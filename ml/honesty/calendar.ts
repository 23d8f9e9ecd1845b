import { Random } from '../dataset/random.ts';
import { medianOf } from '../dataset/grid.ts';
import type { HonestyFinding } from '../documents/honesty.ts';
import { correlationOf, meanOf, shareWithin, spreadOf } from './statistics.ts';
import { columnOf, columnsOf, failedLives, findingOf, sensorName, usedUnits, type FailedLife, type Subject } from './subject.ts';

const FEWEST_MACHINES = 4;
/** Failures this near to another machine's, as a share of the mean life, and in steps at least. */
const AT_ONCE_OF_LIFE = 0.01;
const AT_ONCE_STEPS = 2;
/** Chance of that when lives are swapped between machines. */
const CHANCE = 0.005;
const SWAPS = 999;
/** Share of the scores' variance that the calendar explains, while the machines themselves differ by at least `OWN`. */
const SCORES_LIMIT = 0.85;
const OWN = 0.25;
/** Correlation of scores and truth between machines at one moment, below which the model knows the moment and not the machine. */
const BETWEEN_MACHINES = 0.1;
const FEWEST_MOMENTS = 8;

/** Median distance, in steps, from each failure to the nearest one of another machine. */
const nearest = (failures: readonly { readonly asset: string; readonly at: number }[], step: number): number =>
  medianOf(failures.map((one) => failures.reduce((least, other) => (other.asset === one.asset ? least : Math.min(least, Math.abs(other.at - one.at))), Infinity) / step));

/** Failures that come on all machines at the same moments, as no wear does: their lengths fit their beginnings too well. */
const failuresAtOnce = (subject: Subject, lives: readonly FailedLife[]): HonestyFinding[] => {
  const { dataset, config } = subject.prepared;
  const { step } = dataset.document;
  if (new Set(lives.map(({ unit }) => unit.asset)).size < FEWEST_MACHINES) return [];
  const limit = Math.max(AT_ONCE_STEPS, AT_ONCE_OF_LIFE * meanOf(lives.map(({ steps }) => steps)));
  const figure = nearest(lives.map(({ unit }) => ({ asset: unit.asset, at: unit.failureAt ?? 0 })), step);
  if (figure > limit) return [];
  const random = Random.of(config.seed, 'failures at once');
  let asNear = 0;
  for (let swap = 0; swap < SWAPS; swap++) {
    const lengths = random.shuffle(lives.map(({ steps }) => steps));
    if (nearest(lives.map(({ unit }, at) => ({ asset: unit.asset, at: unit.start + (lengths[at] ?? 0) * step })), step) <= figure) asNear++;
  }
  if ((asNear + 1) / (SWAPS + 1) > CHANCE) return [];
  return [findingOf('failures-at-once', { figure, limit, measure: "median distance of a failure from another machine's nearest one, in steps", what: 'The machines fail at the same moments, whenever their lives began: a calendar tells these failures, and no sensor has to.', remedy: 'Check whether these are failures of the machines, or a stop of the line that was recorded for each; record that as maintenance or remove it.' })];
};

interface Moments {
  readonly moment: number[];
  readonly said: number[];
  readonly truth: number[];
}

/** Mean score and truth of each machine at each moment at which several run. */
const momentsOf = ({ prepared, judged }: Subject): Moments => {
  const { dataset, config } = prepared;
  const { step } = dataset.document;
  const sums = new Map<string, { moment: number; asset: string; said: number[]; truth: number[] }>();
  judged?.windows.ends.forEach((end, at) => {
    const unit = dataset.document.units[judged.windows.units[at] ?? -1];
    if (unit === undefined) return;
    const moment = Math.floor((unit.start + (end - unit.offset) * step) / (step * Math.max(1, config.window / 4)));
    const key = `${moment} ${unit.asset}`;
    const own = sums.get(key) ?? { moment, asset: unit.asset, said: [], truth: [] };
    own.said.push(judged.predicted[at] ?? Number.NaN);
    own.truth.push(judged.windows.labels[at] ?? Number.NaN);
    sums.set(key, own);
  });
  const machinesAt = new Map<number, number>();
  for (const { moment } of sums.values()) machinesAt.set(moment, (machinesAt.get(moment) ?? 0) + 1);
  const kept = [...sums.values()].filter(({ moment }) => (machinesAt.get(moment) ?? 0) >= 3);
  return { moment: kept.map(({ moment }) => moment), said: kept.map(({ said }) => meanOf(said)), truth: kept.map(({ truth }) => meanOf(truth)) };
};

const lessMomentMean = (values: readonly number[], moment: readonly number[]): number[] => {
  const byMoment = new Map<number, number[]>();
  moment.forEach((one, at) => byMoment.set(one, [...(byMoment.get(one) ?? []), values[at] ?? 0]));
  return values.map((value, at) => value - meanOf(byMoment.get(moment[at] ?? 0) ?? []));
};

/** Scores that move together on all machines though their machines' states differ. */
const scoresAtOnce = (subject: Subject): HonestyFinding[] => {
  const { moment, said, truth } = momentsOf(subject);
  if (new Set(moment).size < FEWEST_MOMENTS || spreadOf(said) === 0) return [];
  const figure = 1 - shareWithin(said, moment);
  const own = shareWithin(truth, moment);
  const knows = correlationOf(lessMomentMean(said, moment), lessMomentMean(truth, moment));
  if (figure < SCORES_LIMIT || own < OWN || knows > BETWEEN_MACHINES) return [];
  return [findingOf('scores-at-once', { figure, limit: SCORES_LIMIT, measure: "share of the predictions' variance that the moment alone explains", what: "All machines get the same prediction at the same time, whatever their own state: the model reads the calendar (a common load, the weather, a clock), not the machine.", remedy: 'Leave out sensors that all machines share, and train again.' })];
};

/** Columns that are clocks: a straight function of the time, the same on all machines. */
const clocks = (subject: Subject): HonestyFinding[] => {
  const { dataset } = subject.prepared;
  const { step } = dataset.document;
  const units = usedUnits(dataset);
  const origin = Math.min(...units.map(({ unit }) => unit.start));
  // Where all lives begin at once the time is the age, and a counter of hours is no clock.
  if (spreadOf(units.map(({ unit }) => unit.start)) < 0.2 * step * meanOf(units.map(({ unit }) => unit.rows))) return [];
  return columnsOf(subject.prepared).flatMap((sensor): HonestyFinding[] => {
    const time = units.flatMap(({ unit }) => Array.from({ length: unit.rows }, (_, row) => (unit.start - origin) / step + row));
    const figure = Math.abs(correlationOf(units.flatMap(({ unit }) => [...columnOf(dataset, unit, sensor)]), time));
    if (figure < 0.9999) return [];
    const name = sensorName(dataset, sensor);
    return [findingOf('calendar-column', { severity: 'warning', columns: [name], figure, limit: 0.9999, measure: 'correlation with the time', what: `'${name}' is a clock: it tells the date, not the machine.`, remedy: `Leave '${name}' out of the sensors: in the plant it will have values that were never learnt from.` })];
  });
};

/** What tells the calendar instead of the machine; on an axis of cycles there is none. */
export const calendarLeaks = (subject: Subject): HonestyFinding[] => {
  if (subject.prepared.dataset.document.axis !== 'time') return [];
  return [...failuresAtOnce(subject, failedLives(subject.prepared.dataset)), ...scoresAtOnce(subject), ...clocks(subject)];
};
