import { describe, expect, it } from 'vitest';
import { viewAfterKey } from './rangeSelection.ts';
import { cursorIn, spanAfterKey, type SpanCursor } from './spanKeys.ts';
import { pointsOf } from './trend.ts';
import { panned, zoomed } from './view.ts';

const whole = { from: 0, to: 1000 };

describe('a view of an axis', () => {
  it('is moved by a share of its width and stays inside of what there is', () => {
    expect(panned({ from: 100, to: 200 }, 0.5, whole)).toEqual({ from: 150, to: 250 });
    expect(panned({ from: 900, to: 1000 }, 0.5, whole)).toEqual({ from: 900, to: 1000 });
    expect(panned({ from: 10, to: 110 }, -0.5, whole)).toEqual({ from: 0, to: 100 });
  });

  it('is zoomed about a place that stays where it is', () => {
    expect(zoomed({ from: 100, to: 300 }, 0.5, 0.25, whole, 1)).toEqual({ from: 125, to: 225 });
    expect(zoomed({ from: 100, to: 300 }, 100, 0.5, whole, 1)).toEqual(whole);
    expect(zoomed({ from: 100, to: 102 }, 0.5, 0.5, whole, 10)).toEqual({ from: 96, to: 106 });
  });

  it('follows the keys of a chart and no others', () => {
    const of = { axis: 'cycle', view: { from: 400, to: 600 }, whole } as const;
    expect(viewAfterKey('ArrowRight', of)).toEqual({ from: 450, to: 650 });
    expect(viewAfterKey('+', of)).toEqual({ from: 450, to: 550 });
    expect(viewAfterKey('-', of)).toEqual({ from: 300, to: 700 });
    expect(viewAfterKey('Tab', of)).toBeNull();
  });
});

describe('a span said by keys', () => {
  const view = { from: 0, to: 200 };
  const after = (keys: readonly (readonly [key: string, shift?: boolean])[]): unknown => {
    let cursor: SpanCursor = cursorIn(view);
    for (const [key, shift = false] of keys) {
      const step = spanAfterKey(cursor, key, shift, view);
      if (step?.kind !== 'moved') return step;
      cursor = step.cursor;
    }
    return cursor;
  };

  it('begins in the middle, and Enter sets its start and its end, whichever comes first on the axis', () => {
    expect(after([['Enter'], ['ArrowRight', true], ['Enter']])).toEqual({ kind: 'said', span: { from: 100, to: 110 } });
    expect(after([['Enter'], ['ArrowLeft'], ['Enter']])).toEqual({ kind: 'said', span: { from: 99, to: 100 } });
    expect(after([['Enter'], ['Enter']])).toEqual({ kind: 'said', span: { from: 100, to: 100 } });
  });

  it('stays in what is shown, can be given up, and leaves other keys alone', () => {
    expect(after([['End'], ['ArrowRight', true]])).toEqual({ at: 200, begun: null });
    expect(after([['Enter'], ['Escape']])).toEqual({ kind: 'given-up' });
    expect(after([['Tab']])).toBeNull();
  });
});

describe('points of a trend', () => {
  it('are two a column at most, the nearer one to the column before first', () => {
    const columns = { at: [0, 10, 20], min: [1, 1, 5], max: [3, 2, 5] };
    expect(pointsOf(columns, (at) => at)).toEqual([
      { x: 0, y: 1 },
      { x: 0, y: 3 },
      { x: 10, y: 2 },
      { x: 10, y: 1 },
      { x: 20, y: 5 },
    ]);
  });

  it('are broken where a column has no values', () => {
    const points = pointsOf({ at: [0, 10], min: [null, 2], max: [null, 2] }, (at) => at);
    expect(points).toEqual([
      { x: 0, y: Number.NaN },
      { x: 10, y: 2 },
    ]);
  });
});
