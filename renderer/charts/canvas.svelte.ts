import { Chart, Filler, LinearScale, LineController, LineElement, LogarithmicScale, PointElement, Tooltip, type ChartConfiguration } from 'chart.js';
import type { Attachment } from 'svelte/attachments';
import { lanesPlugin } from './lanes.ts';
import { limitsPlugin } from './limits.ts';
import { markersPlugin } from './markers.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, Filler, Tooltip, markersPlugin, lanesPlugin, limitsPlugin);

export type LineChart = ChartConfiguration<'line', { x: number; y: number }[]>;

/** A chart is drawn a little before it is scrolled into sight. */
const MARGIN = '150px';

/**
 * Draws a chart and keeps it drawn: whatever the configuration reads, its change redraws without building the chart anew. A chart out of
 * sight is drawn when it comes into it: a zoom then costs what is seen of it.
 */
export const drawn =
  (configuration: () => LineChart): Attachment<HTMLCanvasElement> =>
  (canvas) => {
    let chart: Chart<'line', { x: number; y: number }[]> | null = null;
    let isInSight = $state(false);
    // Canvas knows no inheritance: the window's font is handed to the chart.
    Chart.defaults.font.family = getComputedStyle(canvas).fontFamily;
    const observer = new IntersectionObserver(
      (entries) => {
        isInSight = entries.at(-1)?.isIntersecting ?? isInSight;
      },
      { rootMargin: MARGIN },
    );
    observer.observe(canvas);
    $effect(() => {
      if (!isInSight) return;
      const next = configuration();
      if (chart === null) {
        chart = new Chart(canvas, next);
      } else {
        chart.data = next.data;
        chart.options = next.options ?? {};
        chart.update('none');
      }
    });
    return () => {
      observer.disconnect();
      chart?.destroy();
    };
  };
