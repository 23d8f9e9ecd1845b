import type { Honesty, HonestyFinding } from '../documents/honesty.ts';
import { calendarLeaks } from './calendar.ts';
import { columnsComputedFromTheEnd } from './columns/computed.ts';
import { constantsThatTellLives } from './columns/constants.ts';
import { columnsThatKnowTheEnd } from './columns/endKnown.ts';
import { columnsFromTheFuture } from './columns/future.ts';
import { scalingThatSawTooMuch } from './columns/scaled.ts';
import { flagsOfFailures } from './columns/switches.ts';
import { copiedLives } from './split/copies.ts';
import { easyValidation } from './split/easy.ts';
import { splitThatOverlaps } from './split/overlap.ts';
import { failedLives, type Subject } from './subject.ts';
import { ageOnlyTwin } from './twins/ageOnly.ts';
import { shuffledTwin } from './twins/shuffled.ts';

/** Failed lives below which nothing can be said of columns and twins. */
const FEWEST_LIVES = 5;

/** Rows that columns are judged on, at most: on large plants some of the lives. */
const MOST_ROWS = 60_000;

/** The subject with so many lives, evenly taken, that columns are judged in seconds; which lives they are doesn't matter to a column. */
const fewerLives = (subject: Subject): Subject => {
  const { prepared } = subject;
  const { document, values } = prepared.dataset;
  const used = document.units.filter(({ split }) => split !== 'test');
  const every = Math.ceil(used.reduce((sum, { rows }) => sum + rows, 0) / MOST_ROWS);
  if (every <= 1) return subject;
  return { ...subject, prepared: { ...prepared, dataset: { document: { ...document, units: used.filter((_, at) => at % every === 0) }, values } } };
};

/** A column that several checks find is told once, by the first. */
const oncePerColumn = (findings: readonly HonestyFinding[]): HonestyFinding[] => {
  const told = new Set<string>();
  return findings.filter(({ columns }) => {
    const fresh = columns.length === 0 || columns.some((column) => !told.has(column));
    for (const column of columns) told.add(column);
    return fresh;
  });
};

/**
 * The honesty guard: what makes the evaluation of a model look better than the model will be in the plant. Looks at the data,
 * the split, the scaling and the model's own predictions; a blocking finding keeps the model from being promoted.
 * Limits come from what noise and swaps of lives between machines leave (each check says its own).
 */
export const guardHonesty = (subject: Subject): Honesty => {
  const { config, dataset } = subject.prepared;
  const light = fewerLives(subject);
  const structure = [...splitThatOverlaps(subject), ...copiedLives(subject), ...scalingThatSawTooMuch(subject), ...columnsFromTheFuture(light)];
  const lives = failedLives(dataset).length;
  if (config.task === 'anomaly' || lives < FEWEST_LIVES) {
    const reason = config.task === 'anomaly' ? "'anomaly' learns from no label" : `${lives} lives that ended in a failure, ${FEWEST_LIVES} needed`;
    return { version: 1, findings: oncePerColumn(structure), twins: [], skipped: (['knows-the-end', 'failure-flag', 'shuffled-twin', 'age-only-twin'] as const).map((code) => ({ code, reason })) };
  }
  const columns = [...columnsThatKnowTheEnd(light), ...columnsComputedFromTheEnd(light), ...constantsThatTellLives(light), ...flagsOfFailures(light)];
  if (config.task === 'fault') return { version: 1, findings: oncePerColumn([...columns, ...structure]), twins: [], skipped: (['shuffled-twin', 'age-only-twin'] as const).map((code) => ({ code, reason: "'fault' learns kinds, not times" })) };
  const shuffled = shuffledTwin(subject);
  const age = ageOnlyTwin(subject);
  return {
    version: 1,
    findings: [...oncePerColumn([...columns, ...structure]), ...easyValidation(subject), ...calendarLeaks(subject), ...shuffled.findings, ...age.findings],
    twins: [...shuffled.twins, ...age.twins],
    skipped: [],
  };
};
