import type { Chart, ChartType, Plugin } from 'chart.js';

/** How a mark of a lane looks: each kind of trouble has its own shape, so that the colour needn't tell them apart. */
export type LaneShape = 'triangle' | 'bar' | 'hole' | 'diamond';

/** One line of marks beneath a chart: what it says, and the spans (as the chart counts) in which it is so. */
export interface Lane {
  readonly label: string;
  readonly shape: LaneShape;
  readonly colour: string;
  readonly spans: readonly { readonly from: number; readonly to: number }[];
}

declare module 'chart.js' {
  // The name of the type parameter must be chart.js' own.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface PluginOptionsByType<TType extends ChartType> {
    lanes?: { list: () => readonly Lane[]; ink: string; line: string };
  }
}

export const LANE_HEIGHT = 17;
const ROOM_ABOVE = 24;
const SIZE = 4.5;

/** Pixels that a chart needs below its axis for so many lanes. */
export const laneRoom = (lanes: number): number => lanes * LANE_HEIGHT + 2;

const shapes: Readonly<Record<LaneShape, (ctx: CanvasRenderingContext2D, left: number, right: number, y: number) => void>> = {
  triangle: (ctx, left, right, y) => {
    const x = (left + right) / 2;
    ctx.beginPath();
    ctx.moveTo(x, y - SIZE);
    ctx.lineTo(x + SIZE, y + SIZE);
    ctx.lineTo(x - SIZE, y + SIZE);
    ctx.fill();
  },
  diamond: (ctx, left, right, y) => {
    const x = (left + right) / 2;
    ctx.beginPath();
    ctx.moveTo(x, y - SIZE - 1);
    ctx.lineTo(x + SIZE, y);
    ctx.lineTo(x, y + SIZE + 1);
    ctx.lineTo(x - SIZE, y);
    ctx.fill();
  },
  bar: (ctx, left, right, y) => {
    ctx.fillRect(left, y - 2, Math.max(3, right - left), 4);
  },
  hole: (ctx, left, right, y) => {
    ctx.strokeRect(left + 0.75, y - SIZE + 0.5, Math.max(3, right - left) - 1.5, 2 * SIZE - 1);
  },
};

const drawLane = (chart: Chart<'line'>, lane: Lane, y: number): void => {
  const scale = chart.scales['x'];
  if (scale === undefined) return;
  const { left, right } = chart.chartArea;
  const draw = shapes[lane.shape];
  for (const span of lane.spans) {
    const first = Math.max(left, scale.getPixelForValue(span.from));
    const last = Math.min(right, scale.getPixelForValue(span.to));
    if (first <= right && last >= left) draw(chart.ctx, first, Math.max(first, last), y);
  }
};

/** Lanes of marks beneath the time axis: where readings are missing, stuck, jump or leave their range. */
export const lanesPlugin: Plugin<'line', { list?: () => readonly Lane[]; ink?: string; line?: string }> = {
  id: 'lanes',
  afterDraw: (chart, _args, options) => {
    const { ctx } = chart;
    const { left, right, bottom } = chart.chartArea;
    ctx.save();
    ctx.font = `12px ${String(chart.options.font?.family ?? 'sans-serif')}`;
    ctx.textBaseline = 'middle';
    ctx.textAlign = 'right';
    (options.list?.() ?? []).forEach((lane, index) => {
      const y = bottom + ROOM_ABOVE + (index + 0.5) * LANE_HEIGHT;
      ctx.strokeStyle = options.line ?? lane.colour;
      ctx.lineWidth = 1;
      ctx.beginPath();
      ctx.moveTo(left, y);
      ctx.lineTo(right, y);
      ctx.stroke();
      ctx.fillStyle = options.ink ?? lane.colour;
      ctx.fillText(lane.label, left - 8, y);
      ctx.fillStyle = lane.colour;
      ctx.strokeStyle = lane.colour;
      ctx.lineWidth = 1.5;
      drawLane(chart, lane, y);
    });
    ctx.restore();
  },
};
