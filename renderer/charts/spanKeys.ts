import type { View } from './view.ts';

/** A span while it is being said by keys: the place that moves, and where it began once Enter has set that. */
export interface SpanCursor {
  readonly at: number;
  readonly begun: number | null;
}

const FINE = 1 / 200;
const COARSE = 1 / 20;

/** Where it starts: the middle of what is shown. */
export const cursorIn = (view: View): SpanCursor => ({ at: (view.from + view.to) / 2, begun: null });

/** The part of the axis that the cursor has marked so far; one place before the start is set. */
export const spanOf = (cursor: SpanCursor): View => ({ from: Math.min(cursor.begun ?? cursor.at, cursor.at), to: Math.max(cursor.begun ?? cursor.at, cursor.at) });

/** What a key makes of the cursor: another place, the start set, the whole said, or given up; null for every other key. */
export type SpanStep = { readonly kind: 'moved'; readonly cursor: SpanCursor } | { readonly kind: 'said'; readonly span: View } | { readonly kind: 'given-up' };

/** Arrows move (with Shift further), Home and End go to the view's ends, Enter sets the start and then the end, Escape gives up. */
export const spanAfterKey = (cursor: SpanCursor, key: string, shift: boolean, view: View): SpanStep | null => {
  const step = (view.to - view.from) * (shift ? COARSE : FINE);
  const to = (at: number): SpanStep => ({ kind: 'moved', cursor: { ...cursor, at: Math.min(view.to, Math.max(view.from, at)) } });
  if (key === 'ArrowLeft') return to(cursor.at - step);
  if (key === 'ArrowRight') return to(cursor.at + step);
  if (key === 'Home') return to(view.from);
  if (key === 'End') return to(view.to);
  if (key === 'Escape') return { kind: 'given-up' };
  if (key !== 'Enter') return null;
  return cursor.begun === null ? { kind: 'moved', cursor: { ...cursor, begun: cursor.at } } : { kind: 'said', span: spanOf(cursor) };
};
