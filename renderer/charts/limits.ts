import type { ChartType, Plugin } from 'chart.js';

/** A horizontal line at a value, with a word on it. */
export interface Limit {
  readonly value: number;
  readonly label: string;
  readonly colour: string;
}

declare module 'chart.js' {
  // The name of the type parameter must be chart.js' own.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface PluginOptionsByType<TType extends ChartType> {
    limits?: { list: () => readonly Limit[] };
  }
}

/** Dashed lines where they fall into the plot; they never widen it, so that a far limit doesn't flatten the curve. */
export const limitsPlugin: Plugin<'line', { list?: () => readonly Limit[] }> = {
  id: 'limits',
  afterDatasetsDraw: (chart, _args, options) => {
    const scale = chart.scales['y'];
    const list = options.list?.() ?? [];
    if (scale === undefined || list.length === 0) return;
    const { ctx } = chart;
    const { left, right, top, bottom } = chart.chartArea;
    ctx.save();
    ctx.setLineDash([6, 4]);
    ctx.lineWidth = 1.2;
    ctx.font = `11px ${String(chart.options.font?.family ?? 'sans-serif')}`;
    ctx.textAlign = 'right';
    for (const limit of list) {
      const y = scale.getPixelForValue(limit.value);
      if (y < top || y > bottom) continue;
      ctx.strokeStyle = limit.colour;
      ctx.fillStyle = limit.colour;
      ctx.beginPath();
      ctx.moveTo(left, y);
      ctx.lineTo(right, y);
      ctx.stroke();
      ctx.fillText(limit.label, right - 4, y - top < 14 ? y + 12 : y - 4);
    }
    ctx.restore();
  },
};
