import type { ChartType, Plugin } from 'chart.js';

/** An event to be marked on a chart: where (as the chart counts), and in which colour and dash. */
export interface Marker {
  readonly x: number;
  readonly colour: string;
  readonly dashed: boolean;
}

declare module 'chart.js' {
  // The name of the type parameter must be chart.js' own.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface PluginOptionsByType<TType extends ChartType> {
    markers?: { list: readonly Marker[] };
  }
}

/** Vertical lines behind the curves, one an event. */
export const markersPlugin: Plugin<'line'> = {
  id: 'markers',
  beforeDatasetsDraw: (chart) => {
    const { ctx, chartArea, scales } = chart;
    const scale = scales['x'];
    if (scale === undefined) return;
    ctx.save();
    ctx.lineWidth = 1.5;
    for (const marker of chart.options.plugins?.markers?.list ?? []) {
      if (marker?.x === undefined || marker.colour === undefined) continue;
      const x = scale.getPixelForValue(marker.x);
      if (x < chartArea.left || x > chartArea.right) continue;
      ctx.strokeStyle = marker.colour;
      ctx.setLineDash(marker.dashed === true ? [4, 4] : []);
      ctx.beginPath();
      ctx.moveTo(x, chartArea.top);
      ctx.lineTo(x, chartArea.bottom);
      ctx.stroke();
    }
    ctx.restore();
  },
};
