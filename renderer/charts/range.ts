import type { Axis } from '../../main/contract/values.ts';
import { DAY, HOUR } from '../format/time.ts';
import type { Key } from '../messages/translate.ts';
import type { View } from './view.ts';
import type { Range } from '../state/route.ts';

/** A range that a button offers. */
export interface Preset {
  readonly key: Key;
  readonly range: Range;
}

const last = (span: number): Range => ({ kind: 'last', span });

export const PRESETS: Readonly<Record<Axis, readonly Preset[]>> = {
  time: [
    { key: 'range.hour', range: last(HOUR) },
    { key: 'range.day', range: last(DAY) },
    { key: 'range.week', range: last(7 * DAY) },
    { key: 'range.month', range: last(30 * DAY) },
    { key: 'range.all', range: { kind: 'all' } },
  ],
  cycle: [
    { key: 'range.cycles50', range: last(50) },
    { key: 'range.cycles100', range: last(100) },
    { key: 'range.all', range: { kind: 'all' } },
  ],
};

const USUAL: Readonly<Record<Axis, Range>> = { time: last(30 * DAY), cycle: { kind: 'all' } };

/** The newest reading moves within this part of the view before the view follows it: so charts aren't asked for anew at each reading. */
const STEPS = 400;

/** The end of a view of this width: the newest reading, up to the next step. Steps are powers of two, so that they stay while the width grows. */
const endOf = (newest: number, width: number): number => {
  const step = 2 ** Math.floor(Math.log2(width / STEPS));
  return Math.ceil(newest / step) * step;
};

/** The view that a range names on an axis that reaches over `whole`; a range wider than that becomes all of it. */
export const viewOf = (range: Range, axis: Axis, whole: View): View => {
  const wanted = range.kind === 'usual' ? USUAL[axis] : range;
  if (wanted.kind === 'between') return { from: wanted.from, to: wanted.to };
  const width = Math.max(whole.to - whole.from, axis === 'time' ? 1e6 : 1);
  if (wanted.kind === 'last' && wanted.span < width) {
    const to = endOf(whole.to, wanted.span);
    return { from: to - wanted.span, to };
  }
  return { from: whole.from, to: endOf(whole.from + width, width) };
};

const BEFORE = { time: 3 * DAY, cycle: 40 } as const;
const AFTER = { time: DAY, cycle: 10 } as const;

/** An event with what came before it, which is what it is looked at for, and a little of what came after. */
export const rangeAround = (axis: Axis, start: number, end: number | null): Range => ({ kind: 'between', from: Math.round(start - BEFORE[axis]), to: Math.round((end ?? start) + AFTER[axis]) });

/** Whether two ranges are the same, for the pressed preset. */
export const isChosen = (preset: Range, range: Range, axis: Axis): boolean => JSON.stringify(preset) === JSON.stringify(range.kind === 'usual' ? USUAL[axis] : range);
