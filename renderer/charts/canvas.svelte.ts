import { Chart, Filler, LinearScale, LineController, LineElement, LogarithmicScale, PointElement, Tooltip, type ChartConfiguration } from 'chart.js';
import type { Attachment } from 'svelte/attachments';
import { lanesPlugin } from './lanes.ts';
import { limitsPlugin } from './limits.ts';
import { markersPlugin } from './markers.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, Filler, Tooltip, markersPlugin, lanesPlugin, limitsPlugin);

export type LineChart = ChartConfiguration<'line', { x: number; y: number }[]>;

/** Draws a chart and keeps it drawn: whatever the configuration reads, its change redraws without building the chart anew. */
export const drawn =
  (configuration: () => LineChart): Attachment<HTMLCanvasElement> =>
  (canvas) => {
    let chart: Chart<'line', { x: number; y: number }[]> | null = null;
    // Canvas knows no inheritance: the window's font is handed to the chart.
    Chart.defaults.font.family = getComputedStyle(canvas).fontFamily;
    $effect(() => {
      const next = configuration();
      if (chart === null) {
        chart = new Chart(canvas, next);
      } else {
        chart.data = next.data;
        chart.options = next.options ?? {};
        chart.update('none');
      }
    });
    return () => chart?.destroy();
  };
