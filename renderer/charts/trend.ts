import type { SeriesColumns } from '../../main/contract/plant.ts';
import { optionsOf, toX, type Surroundings } from './axes.ts';
import type { LineChart } from './canvas.svelte.ts';

type Point = { x: number; y: number };

/**
 * At most two points a pixel column: its lowest and highest value, the nearer to the column before first, so that the line
 * wanders as the values did. A column without values breaks the line.
 */
export const pointsOf = (columns: Pick<SeriesColumns, 'at' | 'min' | 'max'>, xOf: (position: number) => number): Point[] => {
  const points: Point[] = [];
  let before = Number.NaN;
  columns.at.forEach((at, index) => {
    const low = columns.min[index] ?? null;
    const high = columns.max[index] ?? null;
    const x = xOf(at);
    if (low === null || high === null) {
      points.push({ x, y: Number.NaN });
      return;
    }
    const upFirst = Math.abs(high - before) < Math.abs(low - before);
    points.push({ x, y: upFirst ? high : low });
    if (low !== high) points.push({ x, y: upFirst ? low : high });
    before = upFirst ? low : high;
  });
  return points;
};

/** Whether so few columns carry values that a line alone would hide them: then each point is drawn. */
const isSparse = (points: readonly Point[]): boolean => points.filter((point) => !Number.isNaN(point.y)).length < 60;

/** One sensor over time. */
export const trendChart = (columns: SeriesColumns, around: Surroundings, colour: string): LineChart => {
  const points = pointsOf(columns, (position) => toX(around.axis, position));
  return {
    type: 'line',
    data: { datasets: [{ label: columns.name, data: points, borderColor: colour, borderWidth: 1.6, pointRadius: isSparse(points) ? 2.5 : 0, pointBackgroundColor: colour }] },
    options: optionsOf(around, { unit: columns.unit }),
  };
};
