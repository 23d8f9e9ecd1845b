import { Chart } from 'chart.js';
import type { Attachment } from 'svelte/attachments';
import type { Axis } from '../../main/contract/values.ts';
import { fromX } from './axes.ts';
import { panned, zoomed, type View } from './view.ts';

export interface Selectable {
  readonly axis: Axis;
  readonly view: View;
  /** All there is: no view leaves it. */
  readonly whole: View;
  choose(view: View): void;
  reset(): void;
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

/** Draws the chosen part while the pointer is dragged over a chart; ends with a call of `choose`. */
const dragOver = (element: HTMLElement, start: PointerEvent, of: Selectable): void => {
  const chart = chartIn(element);
  if (chart === undefined) return;
  const { left, right, top, bottom } = chart.chartArea;
  const origin = element.getBoundingClientRect();
  const within = (event: PointerEvent): number => Math.min(Math.max(event.clientX - origin.left, left), right);
  const first = within(start);
  const band = document.createElement('div');
  band.className = 'chart-band';
  band.style.top = `${String(top)}px`;
  band.style.height = `${String(bottom - top)}px`;
  element.append(band);
  element.setPointerCapture(start.pointerId);
  const ended = new AbortController();
  const move = (event: PointerEvent): void => {
    band.style.left = `${String(Math.min(first, within(event)))}px`;
    band.style.width = `${String(Math.abs(within(event) - first))}px`;
  };
  const end = (event: PointerEvent): void => {
    ended.abort();
    band.remove();
    const scale = chart.scales['x'];
    const last = within(event);
    if (event.type !== 'pointerup' || scale === undefined || Math.abs(last - first) < MINIMUM_PIXELS) return;
    const ends = [first, last].map((pixel) => fromX(of.axis, scale.getValueForPixel(pixel) ?? 0)).toSorted((a, b) => a - b);
    const [from = of.view.from, to = of.view.to] = ends;
    of.choose({ from, to });
  };
  element.addEventListener('pointermove', move, { signal: ended.signal });
  element.addEventListener('pointerup', end, { signal: ended.signal });
  element.addEventListener('pointercancel', end, { signal: ended.signal });
};

/**
 * Lets people choose a part of the axis on a chart: drag to zoom in, double click to go back, the wheel with Ctrl about the
 * pointer, and by keys: arrows pan, + and - zoom, 0 goes back.
 */
export const rangeSelection =
  (selectable: () => Selectable | undefined): Attachment<HTMLElement> =>
  (element) => {
    const down = (event: PointerEvent): void => {
      const of = selectable();
      if (event.button === 0 && of !== undefined) dragOver(element, event, of);
    };
    const key = (event: KeyboardEvent): void => {
      const of = selectable();
      if (of === undefined) return;
      const next = viewAfterKey(event.key, of);
      if (next === null && event.key !== '0') return;
      event.preventDefault();
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
    element.addEventListener('wheel', wheel, { signal, passive: false });
    element.addEventListener('dblclick', () => selectable()?.reset(), { signal });
    return () => ended.abort();
  };
