import type { Chart, ChartType, Plugin } from 'chart.js';

/** An event to be marked on a chart: where it begins and ends (as the chart counts), how it looks, and the letter of its kind. */
export interface Marker {
  readonly x: number;
  /** The end of a span; null where the event is one moment. */
  readonly to: number | null;
  readonly colour: string;
  /** The colour of letters on it. */
  readonly ink: string;
  readonly dashed: boolean;
  /** One or two characters that say what it is, so that the colour needn't. */
  readonly letter: string;
  /** The one that somebody is looking at. */
  readonly chosen: boolean;
}

declare module 'chart.js' {
  // The name of the type parameter must be chart.js' own.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface PluginOptionsByType<TType extends ChartType> {
    /** A function, so that chart.js hands the list out as it is and not behind a proxy for each entry. */
    markers?: { list: () => readonly Marker[] };
  }
}

const TAG = 15;
const SPAN_OPACITY = 0.14;

/** The part of a marker that lies in the plot, in pixels; null where none of it does. */
const extentOf = (chart: Chart<'line'>, marker: Marker): { left: number; right: number } | null => {
  const scale = chart.scales['x'];
  if (scale === undefined) return null;
  const { left, right } = chart.chartArea;
  const first = scale.getPixelForValue(marker.x);
  const last = marker.to === null ? first : scale.getPixelForValue(marker.to);
  return last < left || first > right ? null : { left: first, right: last };
};

const drawLine = (ctx: CanvasRenderingContext2D, x: number, top: number, bottom: number): void => {
  ctx.beginPath();
  ctx.moveTo(x, top);
  ctx.lineTo(x, bottom);
  ctx.stroke();
};

/** Lines and spans behind the curves, one an event, each with the letter of its kind; a letter gives way to the one before it. */
export const markersPlugin: Plugin<'line', { list?: () => readonly Marker[] }> = {
  id: 'markers',
  beforeDatasetsDraw: (chart, _args, options) => {
    const markers = options.list?.() ?? [];
    if (markers.length === 0) return;
    const { ctx } = chart;
    const { left, right, top, bottom } = chart.chartArea;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, right - left, bottom - top);
    ctx.clip();
    let lettersTo = Number.NEGATIVE_INFINITY;
    for (const marker of markers) {
      const extent = extentOf(chart, marker);
      if (extent === null) continue;
      ctx.strokeStyle = marker.colour;
      ctx.fillStyle = marker.colour;
      ctx.lineWidth = marker.chosen ? 3 : 1.5;
      ctx.setLineDash(marker.dashed && !marker.chosen ? [4, 4] : []);
      if (extent.right > extent.left) {
        ctx.globalAlpha = marker.chosen ? 2 * SPAN_OPACITY : SPAN_OPACITY;
        ctx.fillRect(extent.left, top, extent.right - extent.left, bottom - top);
        ctx.globalAlpha = 1;
        drawLine(ctx, extent.right, top, bottom);
      }
      drawLine(ctx, extent.left, top, bottom);
      const tagAt = Math.min(Math.max(extent.left, left), right - TAG);
      if (tagAt < lettersTo && !marker.chosen) continue;
      ctx.fillRect(tagAt, top, TAG, TAG);
      ctx.fillStyle = marker.ink;
      ctx.font = `600 11px ${String(chart.options.font?.family ?? 'sans-serif')}`;
      ctx.textAlign = 'center';
      ctx.textBaseline = 'middle';
      ctx.fillText(marker.letter, tagAt + TAG / 2, top + TAG / 2 + 0.5);
      lettersTo = tagAt + TAG + 1;
    }
    ctx.restore();
  },
};
