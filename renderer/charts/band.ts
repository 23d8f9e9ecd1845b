import type { Chart } from 'chart.js';
import type { View } from './view.ts';

/** The marked part of a chart while it is being chosen, with a sentence that screen readers hear too. */
export interface Band {
  show(span: View, text: string): void;
  remove(): void;
}

/** `xOf` gives the chart's own count of a place on the axis. */
export const bandOver = (element: HTMLElement, chart: Chart, marks: boolean, xOf: (position: number) => number): Band => {
  const { left, right, top, bottom } = chart.chartArea;
  const band = document.createElement('div');
  band.className = marks ? 'chart-band marks' : 'chart-band';
  band.style.top = `${String(top)}px`;
  band.style.height = `${String(bottom - top)}px`;
  const words = document.createElement('div');
  words.className = 'chart-band-words';
  words.setAttribute('role', 'status');
  words.style.top = `${String(top + 4)}px`;
  element.append(band);
  if (marks) element.append(words);
  const pixelOf = (position: number): number => Math.min(right, Math.max(left, chart.scales['x']?.getPixelForValue(xOf(position)) ?? left));
  return {
    show: (span, text) => {
      const first = pixelOf(span.from);
      band.style.left = `${String(first)}px`;
      band.style.width = `${String(Math.max(2, pixelOf(span.to) - first))}px`;
      words.textContent = text;
    },
    remove: () => {
      band.remove();
      words.remove();
    },
  };
};
