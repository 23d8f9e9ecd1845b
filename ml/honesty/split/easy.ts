import { Random } from '../../dataset/random.ts';
import type { Windows } from '../../dataset/windows.ts';
import type { HonestyFinding } from '../../documents/honesty.ts';
import { meanOf } from '../statistics.ts';
import { findingOf, usedUnits, type Subject } from '../subject.ts';
import { fewOfEachLife, fitStandIn, standInFeatures } from '../twins/standIn.ts';

/** Chance that lives drawn blindly are as easy: a plant trains many times, and one draw in a thousand would stop an honest model now and then. */
const LIMIT = 0.0001;
const DRAWS = 40_000;
const FOLDS = 4;
const WINDOWS_A_LIFE = 24;
const FEWEST_LIVES = 10;

/** Mean squared error on each life of a stand-in (gradient boosting) that was grown on other lives, whatever their part. */
const errorsByLife = (subject: Subject, windows: Windows): Map<number, number> => {
  const { config } = subject.prepared;
  const features = standInFeatures(subject, windows, 'sensors');
  const lives = Random.of(config.seed, 'easy validation').shuffle([...new Set(windows.units)]);
  const foldOf = new Map(lives.map((life, at) => [life, at % FOLDS]));
  const errors = new Map<number, number[]>();
  for (let fold = 0; fold < FOLDS; fold++) {
    const isOwn = (at: number): boolean => foldOf.get(windows.units[at] ?? -1) === fold;
    const own = [...windows.units.keys()].filter(isOwn);
    const said = fitStandIn(features, windows.labels, [...windows.units.keys()].filter((at) => !isOwn(at)), config)(own);
    own.forEach((window, at) => {
      const life = windows.units[window] ?? 0;
      errors.set(life, [...(errors.get(life) ?? []), ((said[at] ?? 0) - (windows.labels[window] ?? 0)) ** 2]);
    });
  }
  return new Map([...errors].map(([life, squares]) => [life, meanOf(squares)]));
};

/** Whether the validation lives are easier than lives drawn blindly would be: by rank of a stand-in's error on each life. */
export const easyValidation = (subject: Subject): HonestyFinding[] => {
  const { prepared } = subject;
  if (prepared.config.task !== 'rul' && prepared.config.task !== 'failure') return [];
  const windows = fewOfEachLife(subject, WINDOWS_A_LIFE);
  if (new Set(windows.units).size < FEWEST_LIVES) return [];
  const errors = [...errorsByLife(subject, windows)].sort(([, a], [, b]) => a - b);
  const validating = new Set(usedUnits(prepared.dataset).filter(({ unit }) => unit.split === 'validation').map(({ index }) => index));
  const ranks = errors.map((_, rank) => rank);
  const own = errors.flatMap(([life], rank) => (validating.has(life) ? [rank] : []));
  if (own.length < 3) return [];
  const sum = own.reduce((total, rank) => total + rank, 0);
  const random = Random.of(prepared.config.seed, 'blind draws');
  let asEasy = 0;
  for (let draw = 0; draw < DRAWS; draw++) if (random.shuffle(ranks).slice(0, own.length).reduce((total, rank) => total + rank, 0) <= sum) asEasy++;
  const figure = (asEasy + 1) / (DRAWS + 1);
  if (figure >= LIMIT) return [];
  return [findingOf('easy-validation', { figure, limit: LIMIT, measure: 'chance that lives drawn blindly are as easy for a stand-in (gradient boosting)', what: 'The lives that validate are the easy ones: a predictor that was trained on neither errs far less on them than on the others.', remedy: 'Draw the validation lives blindly: start a new run with another seed.' })];
};
