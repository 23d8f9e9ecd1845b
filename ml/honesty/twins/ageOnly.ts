import { byAge, fitAgeOnly } from '../../evaluation/baselines/ageOnly.ts';
import { FEATURES_AN_INPUT } from '../../evaluation/baselines/windowFeatures.ts';
import { Random } from '../../dataset/random.ts';
import type { Windows } from '../../dataset/windows.ts';
import type { HonestyFinding, HonestyTwin } from '../../documents/honesty.ts';
import { meanOf, rmsOf, shareWithin, spreadOf } from '../statistics.ts';
import { cellOf, failedLives, findingOf, type Subject } from '../subject.ts';
import { fewOfEachLife, fitStandIn, standInFeatures, type Features } from './standIn.ts';

/** A model within this share of the age's error has learnt the age. */
const MODEL_LIMIT = 0.95;
/** A stand-in within this share of the age's error, over all lives, gets nothing from the sensors. */
const STAND_IN_LIMIT = 0.97;
const WINDOWS_A_LIFE = 30;
const FOLDS = 5;
const FEWEST_LIVES = 5;

const errorOf = (said: ArrayLike<number>, labels: ArrayLike<number>): number => rmsOf(Float64Array.from(said, (value, at) => value - (labels[at] ?? 0)));

/** Error of a stand-in on lives that it was not grown on, over all failed lives: with the sensors, or by the age alone. */
const unseenError = (subject: Subject, windows: Windows, features: Features): number => {
  const { config } = subject.prepared;
  const lives = Random.of(config.seed, 'age-only twin').shuffle([...new Set(windows.units)]);
  const foldOf = new Map(lives.map((life, at) => [life, at % FOLDS]));
  const said = new Float64Array(windows.ends.length);
  for (let fold = 0; fold < FOLDS; fold++) {
    const isOwn = (at: number): boolean => foldOf.get(windows.units[at] ?? -1) === fold;
    const own = [...windows.ends.keys()].filter(isOwn);
    fitStandIn(features, windows.labels, [...windows.ends.keys()].filter((at) => !isOwn(at)), config)(own).forEach((value, at) => (said[own[at] ?? 0] = value));
  }
  return errorOf(said, windows.labels);
};

/** Spread of the lives against their mean below which no sensor could tell the end better than the age. */
const ALIKE = 0.1;
/** Error of a stand-in that sees no age, nor a counter of it, against that of the mean label: below it the sensors tell the wear. */
const TELLS_WEAR = 0.7;

/** Columns that are the age in other words: the same on all machines at the same age. */
const countsAge = ({ prepared: { dataset } }: Subject, sensor: number): boolean => {
  const lives = failedLives(dataset);
  const rows = lives.flatMap(({ unit }) => Array.from({ length: unit.rows }, (_, row) => ({ age: row, value: cellOf(dataset, unit.offset + row, sensor) }))).filter(({ value }) => Number.isFinite(value));
  return shareWithin(rows.map(({ value }) => value), rows.map(({ age }) => age)) < 1e-3;
};

/** Whether lives are so alike that nothing beats the age, while the sensors tell the wear by themselves. */
const alikeButTold = (subject: Subject, windows: Windows): boolean => {
  const lives = failedLives(subject.prepared.dataset).map(({ steps }) => steps);
  if (spreadOf(lives) > ALIKE * meanOf(lives)) return false;
  const { values, width } = standInFeatures(subject, windows, 'sensors');
  const counting = subject.prepared.inputs.map((sensor) => countsAge(subject, sensor));
  // What counts the age is made to say nothing.
  const features = { values: values.map((value, cell) => (counting[Math.floor((cell % width) / FEATURES_AN_INPUT)] === true ? 0 : value)), width };
  const mean = meanOf(windows.labels);
  return unseenError(subject, windows, features) < TELLS_WEAR * errorOf(new Float32Array(windows.labels.length).fill(mean), windows.labels);
};

const remedy = 'Look for sensors that follow the wear, or for failures that are no wear; until then replace by age.';

/** The age-only twin: does the model know more than a calendar? */
export const ageOnlyTwin = (subject: Subject): { findings: HonestyFinding[]; twins: HonestyTwin[] } => {
  const { prepared, judged } = subject;
  const { dataset, rows, config, training } = prepared;
  if (judged === null || judged.windows.ends.length === 0 || failedLives(dataset).length < FEWEST_LIVES) return { findings: [], twins: [] };
  const points = { document: dataset.document, rows, window: config.window };
  const age = errorOf(byAge(fitAgeOnly({ ...points, windows: training }), { ...points, windows: judged.windows }), judged.windows.labels);
  const model = errorOf(judged.predicted, judged.windows.labels);
  const windows = fewOfEachLife(subject, WINDOWS_A_LIFE);
  const standIn = unseenError(subject, windows, standInFeatures(subject, windows, 'both'));
  const chance = unseenError(subject, windows, standInFeatures(subject, windows, 'age'));
  const twins: HonestyTwin[] = [
    { name: 'age-only', error: age, chance: model },
    { name: 'stand-in', error: standIn, chance },
  ];
  const ratio = model / Math.max(age, 1e-12);
  if (ratio < MODEL_LIMIT) return { findings: [], twins };
  const said = { figure: ratio, limit: MODEL_LIMIT, measure: "the model's error against that of the age alone, on the validation windows" };
  if (standIn / Math.max(chance, 1e-12) < STAND_IN_LIMIT) {
    const finding = findingOf('age-only-twin', { severity: 'warning', ...said, what: 'The model does no better than the age alone, though the sensors say more: it has not learnt what they tell.', remedy: 'Train longer, or with another preset.' });
    return { findings: ratio >= 1 ? [finding] : [], twins };
  }
  if (alikeButTold(subject, windows)) return { findings: [findingOf('age-only-twin', { severity: 'warning', ...said, what: 'The lives are so alike that the age alone tells their end as well as the model does.', remedy: 'Replace by age as long as lives stay that alike; the model is worth its keep once they differ.' })], twins };
  return { findings: [findingOf('age-only-twin', { ...said, what: 'The model does no better than the age alone, and neither does a stand-in on all lives: the sensors add nothing.', remedy })], twins };
};
