import type { Amount, Criterion, Feasibility, TaskFeasibility } from '../../main/contract/feasibility.ts';
import type { Translate } from '../messages/translate.ts';
import type { Show } from './show.ts';

/** 'p < 0.001' or a p-value of three digits. */
export const chanceOf = (show: Show, p: number): string => (p < 0.001 ? `< ${show.fixed(0.001, 3)}` : show.fixed(p, 3));

/** Ten and more: whole; below, two digits. */
export const amountText = (show: Show, { value, unit }: Amount): string => show.inUnit(Math.abs(value) >= 10 ? Math.round(value) : Number(value.toPrecision(2)), unit);

/** How a criterion's counts are said. */
const counted = (t: Translate, show: Show, criterion: Criterion, count: number): string => {
  if (criterion.unit === 'p') return t('foundIn.chance', { p: chanceOf(show, count) });
  return criterion.unit === 'score' ? t('foundIn.score', { count: Math.round(count) }) : t(`foundIn.${criterion.unit}`, { count: Math.round(count) });
};

/** What one criterion looked at. `modeWords` says a failure mode. */
export const criterionName = (t: Translate, modeWords: (mode: string) => string, { code, mode, details }: Criterion): string => {
  const number = (name: string): number => (typeof details[name] === 'number' ? details[name] : 0);
  if (code === 'failures-of-mode') return t('criterion.failures-of-mode', { mode: modeWords(mode ?? '') });
  if (code === 'modes') return t('criterion.modes', { failures: number('failuresOfAClass') });
  return code === 'history' ? t('criterion.history', { rows: number('window') }) : t(`criterion.${code}`);
};

/** What was found, with its unit. */
export const criterionFound = (t: Translate, show: Show, criterion: Criterion): string => {
  const { details } = criterion;
  if (criterion.code === 'not-built') return t('common.no');
  if (criterion.code === 'movement' && details['tooFew'] === true) return t('foundIn.tooFew', { lives: Number(details['lives'] ?? 0) });
  if (criterion.code === 'modes' && criterion.verdict === 'doubtful') return t('foundIn.modesOf', { count: criterion.found, dependable: Number(details['dependable'] ?? 0) });
  const found = counted(t, show, criterion, criterion.found);
  return criterion.code === 'movement' && criterion.verdict === 'met' && typeof details['sensor'] === 'string' ? `${details['sensor']} (${found})` : found;
};

/** What would be needed, and from what on it may be tried. */
export const criterionNeeded = (t: Translate, show: Show, criterion: Criterion): string => {
  if (criterion.code === 'not-built') return t('common.yes');
  if (criterion.unit === 'p') return t('foundIn.below', { p: show.fixed(criterion.needed, 2) });
  const needed = counted(t, show, criterion, criterion.needed);
  return criterion.least === null ? t('foundIn.needs', { needed }) : t('foundIn.needsToTry', { needed, least: show.integer(criterion.least) });
};

/** What keeps a task from being ready, in one line: 'Failures with readings before them: 3 failures, 12 needed'; null where nothing does. */
export const lackOf = (t: Translate, show: Show, modeWords: (mode: string) => string, { criteria }: TaskFeasibility): string | null => {
  const decisive = criteria.find(({ code, verdict }) => verdict !== 'met' && code !== 'failures-of-mode');
  if (decisive === undefined) return null;
  const what = criterionName(t, modeWords, decisive);
  return decisive.code === 'not-built' ? t('criterionHelps.not-built') : t('foundIn.lacks', { what, found: criterionFound(t, show, decisive), needed: decisive.unit === 'p' ? criterionNeeded(t, show, decisive) : show.integer(decisive.needed) });
};

/** Modes that have too few failures, as lines of the same form: '3 failures of BRD'. */
export const lackingModes = (t: Translate, show: Show, modeWords: (mode: string) => string, { modes }: Feasibility): readonly string[] =>
  modes
    .filter(({ usable, needed }) => usable < needed)
    .slice(0, 3)
    .map(({ mode, usable, needed }) => t('foundIn.lacks', { what: modeWords(mode), found: t('foundIn.failures', { count: usable }), needed: show.integer(needed) }));
