import { expect, it } from 'vitest';
import type { Criterion, TaskFeasibility } from '../../main/contract/feasibility.ts';
import { translator } from '../messages/translate.ts';
import { amountText, criterionFound, criterionName, criterionNeeded, lackOf } from './feasibility.ts';
import { createShow } from './show.ts';

const t = translator('en');
const show = createShow('en', 'UTC');
const modeWords = (mode: string): string => `mode ${mode}`;
const criterion = (part: Partial<Criterion>): Criterion => ({ code: 'failures', verdict: 'unmet', found: 3, needed: 12, least: 5, unit: 'failures', mode: null, details: {}, message: '', ...part });
const task = (criteria: Criterion[]): TaskFeasibility => ({ task: 'rul', possible: false, verdict: 'impossible', reason: '', criteria, horizons: [] });

it('counts are said with their unit, and from what on it may be tried', () => {
  expect([criterionFound(t, show, criterion({})), criterionNeeded(t, show, criterion({}))]).toEqual(['3 failures', '12 failures (5 to try)']);
  expect(criterionName(t, modeWords, criterion({ code: 'failures-of-mode', mode: 'BRD' }))).toBe('Failures of mode BRD');
  expect(criterionName(t, modeWords, criterion({ code: 'history', details: { window: 100 } }))).toContain('100 rows');
});

it('a chance is no count', () => {
  const movement = criterion({ code: 'movement', unit: 'p', verdict: 'met', found: 0.0004, needed: 0.05, least: null, details: { sensor: 'vibration', tooFew: false } });
  expect([criterionFound(t, show, movement), criterionNeeded(t, show, movement)]).toEqual(['vibration (by chance: < 0.001)', 'below 0.05']);
  expect(criterionFound(t, show, criterion({ code: 'movement', unit: 'p', verdict: 'doubtful', found: 0.5, details: { tooFew: true, lives: 3 } }))).toBe('too few lives to tell (3)');
});

it('what a task lacks is its first criterion that is not met, rare modes aside', () => {
  expect(lackOf(t, show, modeWords, task([criterion({ code: 'failures-of-mode', mode: 'BRD' }), criterion({})]))).toBe('Failures with readings before them: 3 failures, 12 needed');
  expect(lackOf(t, show, modeWords, task([criterion({ verdict: 'met' })]))).toBeNull();
});

it('amounts are rounded as people read them', () => {
  expect([amountText(show, { value: 13.97, unit: 'days' }), amountText(show, { value: 4.666, unit: 'days' })]).toEqual(['14 days', '4.7 days']);
});
