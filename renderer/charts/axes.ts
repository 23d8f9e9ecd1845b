import type { ScaleOptionsByType, TooltipItem } from 'chart.js';
import type { Axis } from '../../main/contract/values.ts';
import { showNumber } from '../format/number.ts';
import type { Show } from '../format/show.ts';
import type { Marker } from './markers.ts';
import type { Palette } from './palette.ts';
import type { LineChart } from './canvas.svelte.ts';
import { timeTicks } from './timeTicks.ts';
import type { View } from './view.ts';

/** What every chart of a plant is drawn with. */
export interface Surroundings {
  readonly axis: Axis;
  readonly view: View;
  readonly show: Show;
  readonly palette: Palette;
  /** Events to be marked. */
  readonly markers: readonly Marker[];
}

/** A place on the axis as the chart counts it: milliseconds, or cycles. */
export const toX = (axis: Axis, position: number): number => (axis === 'time' ? position / 1000 : position);
export const fromX = (axis: Axis, x: number): number => (axis === 'time' ? Math.round(x * 1000) : x);

const ROOM = 16;

type Options = NonNullable<LineChart['options']>;

const ticksOf = (palette: Palette): Partial<ScaleOptionsByType<'linear'>['ticks']> => ({ color: palette.quiet, maxRotation: 0, autoSkipPadding: 18, font: { size: 12 } });

interface Mark {
  readonly x: number;
  readonly label: string;
}

let last: { readonly view: View; readonly show: Show; readonly marks: readonly Mark[] } | null = null;

/** The marks of a time axis in words; all charts of a screen have the same, so the last ones are kept. */
const timeMarks = (view: View, show: Show): readonly Mark[] => {
  if (last !== null && last.show === show && last.view.from === view.from && last.view.to === view.to) return last.marks;
  const ticks = timeTicks(view, show.zone);
  const marks = ticks.at.map((at) => ({ x: toX('time', at), label: show.time(at, ticks.shape(at)) }));
  last = { view, show, marks };
  return marks;
};

const horizontal = ({ axis, view, show, palette }: Surroundings): object => {
  // The same room beside the plot in every chart, so that their times stand below each other.
  const afterFit = (scale: { paddingLeft: number; paddingRight: number }): void => {
    scale.paddingLeft = 0;
    scale.paddingRight = ROOM;
  };
  const common = { afterFit, min: toX(axis, view.from), max: toX(axis, view.to), grid: { color: palette.grid, drawTicks: false }, border: { color: palette.line } };
  if (axis === 'cycle') return { ...common, type: 'linear', ticks: { ...ticksOf(palette), padding: 6, precision: 0, callback: (value: string | number) => show.integer(Number(value)) } };
  const marks = timeMarks(view, show);
  const afterBuildTicks = (scale: { ticks: { value: number }[] }): void => {
    scale.ticks = marks.map((mark) => ({ value: mark.x }));
  };
  const callback = (_value: string | number, index: number): string => marks[index]?.label ?? '';
  // There are never more marks than fit: measuring them for each redraw took a tenth of a zoom.
  return { ...common, type: 'linear', afterBuildTicks, ticks: { ...ticksOf(palette), autoSkip: false, padding: 6, callback } };
};

/** A vertical axis' bounds, where they are known beforehand, and its unit. */
export interface Vertical {
  readonly unit: string | null;
  readonly min?: number;
  readonly max?: number;
  readonly logarithmic?: boolean;
}

/** The options that all charts share: no animation, no parsing, sorted points, a tooltip that tells place and unit. */
export const optionsOf = (around: Surroundings, vertical: Vertical): Options => {
  const { show, palette, axis } = around;
  const title = (items: TooltipItem<'line'>[]): string => (items[0] === undefined ? '' : show.position(axis, fromX(axis, items[0].parsed.x ?? 0)));
  const label = (item: TooltipItem<'line'>): string => `${item.dataset.label ?? ''}: ${show.number(item.parsed.y, vertical.unit)}`;
  return {
    animation: false,
    parsing: false,
    normalized: true,
    responsive: true,
    maintainAspectRatio: false,
    interaction: { mode: 'index', intersect: false },
    clip: 6,
    elements: { point: { radius: 0, hitRadius: 6, hoverRadius: 4 }, line: { borderWidth: 2, tension: 0 } },
    scales: {
      x: horizontal(around),
      y: {
        type: vertical.logarithmic === true ? 'logarithmic' : 'linear',
        ...(vertical.min === undefined ? {} : { min: vertical.min }),
        ...(vertical.max === undefined ? {} : { max: vertical.max }),
        grid: { color: palette.grid, drawTicks: false },
        border: { display: false },
        ticks: { color: palette.quiet, padding: 8, maxTicksLimit: 6, autoSkip: false, font: { size: 12 }, callback: (value) => showNumber(show.locale, Number(value)) },
        title: { display: vertical.unit !== null && vertical.unit !== '', text: vertical.unit ?? '', color: palette.quiet, font: { size: 12 } },
        // One width for all charts of a screen, so that their times stand below each other.
        afterFit: (scale) => {
          scale.width = 64;
        },
      },
    },
    plugins: {
      markers: { list: () => around.markers },
      tooltip: {
        backgroundColor: palette.surface,
        borderColor: palette.line,
        borderWidth: 1,
        titleColor: palette.text,
        bodyColor: palette.text,
        padding: 10,
        boxPadding: 4,
        callbacks: { title, label },
      },
    },
  };
};
