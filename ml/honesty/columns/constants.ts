import { Random } from '../../dataset/random.ts';
import type { HonestyFinding } from '../../documents/honesty.ts';
import { correlationOf, meanOf, spreadOf } from '../statistics.ts';
import { columnOf, columnsOf, failedLives, findingOf, sensorName, usedUnits, type FailedLife, type Subject } from '../subject.ts';

/** Load or make explain much of a life's length; nothing known beforehand explains this share of it. */
const LIMIT = 0.97;
const FEWEST_LIVES = 6;
/** Spread within a life against the spread between lives, below which a column is constant within a life. */
const CONSTANT = 0.02;
const SWAPS = 999;

/** Share of the lives' variance that is known once the date of their end is: a date of beginning explains ends, and no life. */
const shareOfDates = (constants: readonly number[], ends: readonly number[], lives: readonly number[]): number => 1 - ((1 - correlationOf(constants, ends) ** 2) * spreadOf(ends) ** 2) / spreadOf(lives) ** 2;

/** Share of the variance of `ends` that the constants explain; raw, or by rank where the relation bends. */
const explainedShare = (constants: readonly number[], ends: readonly number[]): number => {
  const ranks = (values: readonly number[]): number[] => values.map((value) => values.filter((other) => other < value).length + values.filter((other) => other === value).length / 2);
  const raw = correlationOf(constants, ends) ** 2;
  // Few ranks agree by chance: they count with enough lives only.
  return constants.length < 10 ? raw : Math.max(raw, correlationOf(ranks(constants), ranks(ends)) ** 2);
};

const swapsBeaten = (share: number, constants: readonly number[], ends: readonly number[], seed: number): boolean => {
  const random = Random.of(seed, 'swapped constants');
  for (let swap = 0; swap < SWAPS; swap++) if (explainedShare(constants, random.shuffle([...ends])) >= share) return false;
  return true;
};

/** Chance at which a blind order of the lives has all that failed on one side. */
const CHANCE = 5e-4;

/** 2 / (lives over failures) */
const chanceOfApart = (lives: number, failures: number): number => {
  let ways = 1;
  for (let at = 1; at <= Math.min(failures, lives - failures); at++) ways *= (lives - at + 1) / at;
  return 2 / ways;
};

/** Mean of a column in each life, where it stands still within lives and differs between them; else null. */
const constantsOf = (columns: readonly Float64Array[]): number[] | null => {
  const constants = columns.map((column) => meanOf(column));
  if (!constants.every(Number.isFinite) || spreadOf(constants) === 0) return null;
  return Math.max(...columns.map((column) => spreadOf(column))) > CONSTANT * spreadOf(constants) ? null : constants;
};

/** Columns that are constant within a life and tell whether it will end in a failure or be cut off. */
const constantsThatTellOutcomes = ({ prepared }: Subject): HonestyFinding[] => {
  const { dataset } = prepared;
  const units = usedUnits(dataset);
  const failed = units.map(({ unit }) => unit.end === 'failure');
  const failures = failed.filter((one) => one).length;
  if (failures === 0 || failures === units.length || chanceOfApart(units.length, failures) > CHANCE) return [];
  return columnsOf(prepared).flatMap((sensor): HonestyFinding[] => {
    const columns = units.map(({ unit }) => columnOf(dataset, unit, sensor));
    const constants = constantsOf(columns);
    if (constants === null) return [];
    const of = (outcome: boolean): number[] => constants.filter((_, at) => failed[at] === outcome);
    const apart = Math.min(...of(true)) > Math.max(...of(false)) || Math.max(...of(true)) < Math.min(...of(false));
    if (!apart) return [];
    const name = sensorName(dataset, sensor);
    return [findingOf('life-constant', { columns: [name], figure: 1, limit: LIMIT, measure: 'share of the lives whose outcome it tells', what: `'${name}' stands still within each life and tells which lives end in a failure.`, remedy: `Leave '${name}' out of the training (leaveOut, --without) and train again.` })];
  });
};

const constantsThatTellLengths = ({ prepared }: Subject): HonestyFinding[] => {
  const { dataset, config } = prepared;
  const lives = failedLives(dataset);
  if (lives.length < FEWEST_LIVES) return [];
  const steps = lives.map((life: FailedLife) => life.steps);
  if (spreadOf(steps) < 0.02 * meanOf(steps)) return [];
  const dates = lives.map(({ unit }) => ((unit.failureAt ?? 0) - (lives[0]?.unit.failureAt ?? 0)) / dataset.document.step);
  return columnsOf(prepared).flatMap((sensor): HonestyFinding[] => {
    const columns = lives.map(({ unit }) => columnOf(dataset, unit, sensor));
    const constants = constantsOf(columns);
    if (constants === null) return [];
    const share = explainedShare(constants, steps);
    const ofDates = dataset.document.axis === 'time' ? shareOfDates(constants, dates, steps) : 0;
    const figure = Math.max(share, ofDates);
    if (figure < LIMIT || !swapsBeaten(share >= ofDates ? share : correlationOf(constants, dates) ** 2, constants, share >= ofDates ? steps : dates, config.seed)) return [];
    const name = sensorName(dataset, sensor);
    const told = share >= ofDates ? 'how long each life will be' : 'when each life will end';
    return [findingOf('life-constant', { columns: [name], figure, limit: LIMIT, measure: 'share of the variance of the lives that it explains', what: `'${name}' stands still within each life and tells ${told}.`, remedy: `Leave '${name}' out of the training (leaveOut, --without) and train again.` })];
  });
};

/** Columns that are constant within a life and tell how long it will be, when it will end, or whether in a failure. */
export const constantsThatTellLives = (subject: Subject): HonestyFinding[] => [...constantsThatTellLengths(subject), ...constantsThatTellOutcomes(subject)];
