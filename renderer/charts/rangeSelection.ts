import { Chart } from 'chart.js';
import type { Attachment } from 'svelte/attachments';
import type { Axis } from '../../main/contract/values.ts';
import { fromX, toX } from './axes.ts';
import { bandOver, type Band } from './band.ts';
import { cursorIn, spanAfterKey, spanOf, type SpanCursor } from './spanKeys.ts';
import { panned, zoomed, type View } from './view.ts';

/** What is to be done with a part of the axis that people mark, beside looking closer at it. */
export interface Marking {
  /** How it is done, in a sentence. */
  readonly tip: string;
  /** Whether dragging marks; else it zooms, and marks with Shift held. */
  readonly isOn: boolean;
  /** One place alone (from = to) where the pointer was not moved. */
  mark(span: View): void;
  /** A span in words, shown and told while it is being chosen. */
  say(span: View): string;
}

export interface Selectable {
  readonly axis: Axis;
  readonly view: View;
  /** All there is: no view leaves it. */
  readonly whole: View;
  choose(view: View): void;
  reset(): void;
  readonly marking?: Marking;
}

const NARROWEST = { time: 1e6, cycle: 4 } as const;
const MINIMUM_PIXELS = 6;
const PAN = 0.25;
const ZOOM = 0.5;

/** What a key does to a view; null for every other key. */
export const viewAfterKey = (key: string, of: Pick<Selectable, 'axis' | 'view' | 'whole'>): View | null => {
  const narrowest = NARROWEST[of.axis];
  if (key === 'ArrowLeft') return panned(of.view, -PAN, of.whole);
  if (key === 'ArrowRight') return panned(of.view, PAN, of.whole);
  if (key === '+' || key === '=') return zoomed(of.view, ZOOM, 0.5, of.whole, narrowest);
  if (key === '-' || key === '_') return zoomed(of.view, 1 / ZOOM, 0.5, of.whole, narrowest);
  return null;
};

const chartIn = (element: HTMLElement): Chart | undefined => {
  const canvas = element.querySelector('canvas');
  return canvas === null ? undefined : Chart.getChart(canvas);
};

/** Cycles are whole, moments are whole microseconds. */
const settled = (span: View): View => ({ from: Math.round(span.from), to: Math.round(span.to) });

const xOf = (axis: Axis) => (position: number) => toX(axis, position);

/** Draws the chosen part while the pointer is dragged over a chart; ends with a zoom, or with a mark. */
const dragOver = (element: HTMLElement, start: PointerEvent, of: Selectable): void => {
  const chart = chartIn(element);
  const scale = chart?.scales['x'];
  if (chart === undefined || scale === undefined) return;
  const marking = of.marking !== undefined && (of.marking.isOn || start.shiftKey) ? of.marking : null;
  const { left, right } = chart.chartArea;
  const origin = element.getBoundingClientRect();
  const within = (event: PointerEvent): number => Math.min(Math.max(event.clientX - origin.left, left), right);
  const first = within(start);
  const spanTo = (last: number): View => {
    const [from = of.view.from, to = of.view.to] = [first, last].map((pixel) => fromX(of.axis, scale.getValueForPixel(pixel) ?? 0)).toSorted((a, b) => a - b);
    return marking === null ? { from, to } : settled({ from, to });
  };
  const band = bandOver(element, chart, marking !== null, xOf(of.axis));
  element.setPointerCapture(start.pointerId);
  const ended = new AbortController();
  const move = (event: PointerEvent): void => {
    const span = spanTo(within(event));
    band.show(span, marking === null ? '' : marking.say(span));
  };
  const end = (event: PointerEvent): void => {
    ended.abort();
    band.remove();
    if (event.type !== 'pointerup') return;
    const last = within(event);
    const still = Math.abs(last - first) < MINIMUM_PIXELS;
    if (marking !== null) marking.mark(spanTo(still ? first : last));
    else if (!still) of.choose(spanTo(last));
  };
  element.addEventListener('pointermove', move, { signal: ended.signal });
  element.addEventListener('pointerup', end, { signal: ended.signal });
  element.addEventListener('pointercancel', end, { signal: ended.signal });
};

/** The span that is being said by keys on one chart, from E to Enter or Escape. */
class KeyedSpan {
  readonly #element: HTMLElement;
  #running: { readonly cursor: SpanCursor; readonly band: Band } | null = null;

  constructor(element: HTMLElement) {
    this.#element = element;
  }

  /** Whether the key was one of a span's. */
  press(event: KeyboardEvent, of: Selectable): boolean {
    const { marking } = of;
    if (marking === undefined) return false;
    if (this.#running === null) {
      const chart = chartIn(this.#element);
      if (event.key.toLowerCase() !== 'e' || chart === undefined) return false;
      this.#show(cursorIn(of.view), bandOver(this.#element, chart, true, xOf(of.axis)), marking);
      return true;
    }
    const { cursor, band } = this.#running;
    const step = spanAfterKey(cursor, event.key, event.shiftKey, of.view);
    if (step === null) return false;
    if (step.kind === 'moved') this.#show(step.cursor, band, marking);
    else this.stop();
    if (step.kind === 'said') marking.mark(settled(step.span));
    return true;
  }

  stop(): void {
    this.#running?.band.remove();
    this.#running = null;
  }

  #show(cursor: SpanCursor, band: Band, marking: Marking): void {
    this.#running = { cursor, band };
    const span = settled(spanOf(cursor));
    band.show(span, marking.say(span));
  }
}

const withoutModifier = (event: KeyboardEvent): boolean => !event.ctrlKey && !event.altKey && !event.metaKey;

/**
 * Lets people choose a part of the axis on a chart: drag to zoom in, double click to go back, the wheel with Ctrl about the
 * pointer, and by keys: arrows pan, + and - zoom, 0 goes back. Where marking is possible: drag with Shift, or E and Enter twice.
 */
export const rangeSelection =
  (selectable: () => Selectable | undefined): Attachment<HTMLElement> =>
  (element) => {
    const spanByKeys = new KeyedSpan(element);
    const down = (event: PointerEvent): void => {
      const of = selectable();
      spanByKeys.stop();
      if (event.button === 0 && of !== undefined) dragOver(element, event, of);
    };
    const key = (event: KeyboardEvent): void => {
      const of = selectable();
      if (of === undefined || !withoutModifier(event)) return;
      if (spanByKeys.press(event, of)) {
        event.preventDefault();
        event.stopPropagation();
        return;
      }
      const next = viewAfterKey(event.key, of);
      if (next === null && event.key !== '0') return;
      event.preventDefault();
      spanByKeys.stop();
      if (next === null) of.reset();
      else of.choose(next);
    };
    const wheel = (event: WheelEvent): void => {
      const area = chartIn(element)?.chartArea;
      const of = selectable();
      if (!event.ctrlKey || area === undefined || of === undefined) return;
      event.preventDefault();
      const about = Math.min(1, Math.max(0, (event.offsetX - area.left) / (area.right - area.left)));
      of.choose(zoomed(of.view, event.deltaY > 0 ? 1.25 : 0.8, about, of.whole, NARROWEST[of.axis]));
    };
    const ended = new AbortController();
    const { signal } = ended;
    element.addEventListener('pointerdown', down, { signal });
    element.addEventListener('keydown', key, { signal });
    element.addEventListener('blur', () => spanByKeys.stop(), { signal });
    element.addEventListener('wheel', wheel, { signal, passive: false });
    element.addEventListener('dblclick', () => selectable()?.reset(), { signal });
    return () => ended.abort();
  };
