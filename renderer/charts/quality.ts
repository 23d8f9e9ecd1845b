import type { SeriesColumns } from '../../main/contract/plant.ts';
import type { CleaningPreview, QualityPeriod } from '../../main/contract/quality.ts';
import { optionsOf, toX, type Surroundings } from './axes.ts';
import type { LineChart } from './canvas.svelte.ts';
import { laneRoom, type Lane, type LaneShape } from './lanes.ts';
import type { Limit } from './limits.ts';
import { faded } from './palette.ts';
import { pointsOf } from './trend.ts';

/** What is marked beneath a sensor's readings, each with its own shape. */
export const BLAMED = ['gaps', 'flat', 'spikes', 'outOfRange'] as const;
export type Blamed = (typeof BLAMED)[number];
const SHAPES: Readonly<Record<Blamed, LaneShape>> = { gaps: 'hole', flat: 'bar', spikes: 'triangle', outOfRange: 'diamond' };

/** The periods in which something was found, as one lane a kind; neighbours of bars and holes are one span. */
export const lanesOf = (periods: readonly QualityPeriod[], around: Surroundings, label: (kind: Blamed) => string): readonly Lane[] => {
  const { axis, palette } = around;
  return BLAMED.map((kind) => {
    const joined = kind === 'gaps' || kind === 'flat';
    const spans: { from: number; to: number }[] = [];
    for (const period of periods) {
      if (period[kind] === 0) continue;
      const span = { from: toX(axis, period.from), to: toX(axis, period.to) };
      const before = spans.at(-1);
      if (joined && before !== undefined && before.to >= span.from) before.to = span.to;
      else spans.push(span);
    }
    return { label: label(kind), shape: SHAPES[kind], colour: palette.states.warning, spans };
  });
};

/** A sensor's readings with the limits they are judged by, and beneath them where what was found. */
export const blameChart = (columns: SeriesColumns, periods: readonly QualityPeriod[], limits: readonly Limit[], around: Surroundings, label: (kind: Blamed) => string): LineChart => {
  const lanes = lanesOf(periods, around, label);
  const options = optionsOf(around, { unit: columns.unit });
  const points = pointsOf(columns, (position) => toX(around.axis, position));
  const colour = around.palette.series[0] ?? around.palette.text;
  return {
    type: 'line',
    data: { datasets: [{ label: columns.name, data: points, borderColor: colour, borderWidth: 1.6, pointRadius: points.length < 60 ? 2.5 : 0, pointBackgroundColor: colour }] },
    options: {
      ...options,
      layout: { padding: { bottom: laneRoom(lanes.length) } },
      plugins: { ...options.plugins, lanes: { list: () => lanes, ink: around.palette.quiet, line: around.palette.grid }, limits: { list: () => limits } },
    },
  };
};

const POINTS = { good: 'circle', fair: 'rectRot', poor: 'triangle' } as const;
export type Grade = keyof typeof POINTS;

/** The score of each period as a level of 0 to 100; its mark's shape says how good it is. */
export const scoreChart = (periods: readonly QualityPeriod[], around: Surroundings, label: string, gradeOf: (score: number) => Grade): LineChart => {
  const { axis, palette } = around;
  const colours: Readonly<Record<Grade, string>> = { good: palette.states.normal, fair: palette.states.watch, poor: palette.states.warning };
  const grades = periods.map((period) => (period.score === null ? 'good' : gradeOf(period.score)));
  const options = optionsOf(around, { unit: null, min: 0, max: 100 });
  return {
    type: 'line',
    data: {
      datasets: [
        {
          label,
          data: periods.map((period) => ({ x: toX(axis, (period.from + period.to) / 2), y: period.score ?? Number.NaN })),
          borderColor: palette.quiet,
          borderWidth: 1.2,
          stepped: 'middle',
          pointRadius: periods.length > 120 ? 3 : 4.5,
          pointStyle: grades.map((grade) => POINTS[grade]),
          pointBackgroundColor: grades.map((grade) => colours[grade]),
          pointBorderColor: palette.surface,
          pointBorderWidth: 0.5,
        },
      ],
    },
    options: { ...options, clip: 12 },
  };
};

/** A sensor as it is stored, and as the recipe would hand it to training. */
export const cleaningChart = (preview: CleaningPreview, around: Surroundings, labels: { stored: string; cleaned: string }): LineChart => {
  const { palette, axis } = around;
  const x = (position: number): number => toX(axis, position);
  const colour = palette.series[0] ?? palette.text;
  const options = optionsOf(around, { unit: preview.stored.unit });
  const cleaned = pointsOf(preview.cleaned, x);
  return {
    type: 'line',
    data: {
      datasets: [
        { label: labels.cleaned, data: cleaned, borderColor: colour, borderWidth: 2, pointRadius: cleaned.length < 60 ? 2.5 : 0, pointBackgroundColor: colour },
        { label: labels.stored, data: pointsOf(preview.stored, x), borderColor: faded(palette.states.warning, 0.9), borderWidth: 1.2, borderDash: [3, 3], pointRadius: 0 },
      ],
    },
    // The two have different places: the nearest on each is told.
    options: { ...options, interaction: { mode: 'nearest', axis: 'x', intersect: false } },
  };
};
