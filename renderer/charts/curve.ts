import { optionsOf } from './axes.ts';
import type { LineChart } from './canvas.svelte.ts';
import type { Palette } from './palette.ts';
import type { Show } from '../format/show.ts';

/** One line of a chart of one figure over another; without a line, its points stand alone. */
export interface CurveLine {
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly colour: string;
  readonly dashed: boolean;
  readonly dots: boolean;
}

export interface CurveAxes {
  readonly x: { readonly label: string; readonly from: number; readonly to: number; readonly say: (value: number) => string };
  readonly y: { readonly label: string; readonly from?: number; readonly to?: number };
}

/** One figure over another: reliability over probability, cost over threshold. Neither axis is the plant's. */
export const curveChart = (lines: readonly CurveLine[], { x, y }: CurveAxes, show: Show, palette: Palette): LineChart => {
  const bounds = { ...(y.from === undefined ? {} : { min: y.from }), ...(y.to === undefined ? {} : { max: y.to }) };
  const options = optionsOf({ axis: 'cycle', view: { from: x.from, to: x.to }, show, palette, markers: [] }, { unit: y.label, ...bounds });
  return {
    type: 'line',
    data: {
      datasets: lines.map(({ label, points, colour, dashed, dots }) => ({ label, data: [...points], borderColor: colour, backgroundColor: colour, borderDash: dashed ? [6, 4] : [], borderWidth: 2, pointRadius: dots ? 4 : 0 })),
    },
    options: {
      ...options,
      interaction: { mode: 'nearest', intersect: false },
      scales: {
        ...options.scales,
        x: { type: 'linear', min: x.from, max: x.to, grid: { color: palette.grid, drawTicks: false }, border: { color: palette.line }, title: { display: true, text: x.label, color: palette.quiet, font: { size: 12 } }, ticks: { color: palette.quiet, padding: 6, maxTicksLimit: 7, maxRotation: 0, font: { size: 12 }, callback: (value) => x.say(Number(value)) } },
      },
      plugins: {
        ...options.plugins,
        tooltip: {
          ...options.plugins?.tooltip,
          callbacks: { title: (items) => (items[0] === undefined ? '' : x.say(items[0].parsed.x ?? 0)), label: (item) => `${item.dataset.label ?? ''}: ${show.number(item.parsed.y)}` },
        },
      },
    },
  };
};
