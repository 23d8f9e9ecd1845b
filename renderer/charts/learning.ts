import type { EpochRecord } from '../../ml/documents/history.ts';
import { optionsOf, type Surroundings } from './axes.ts';
import type { LineChart } from './canvas.svelte.ts';

/** One curve of a training run over its epochs. */
export interface Curve {
  readonly label: string;
  readonly history: readonly EpochRecord[];
  readonly of: (record: EpochRecord) => number | null;
  readonly colour: string;
  readonly dashed: boolean;
}

/** Losses or a metric over epochs, of one run or of two to be compared. The x axis is the epoch. */
export const learningChart = (curves: readonly Curve[], around: Omit<Surroundings, 'axis' | 'markers'>, unit: string | null, logarithmic: boolean): LineChart => {
  const options = optionsOf({ ...around, axis: 'cycle', markers: [] }, { unit, logarithmic });
  return {
    type: 'line',
    data: {
      datasets: curves.map((curve) => ({
        label: curve.label,
        data: curve.history.map((record) => ({ x: record.epoch, y: curve.of(record) ?? Number.NaN })),
        borderColor: curve.colour,
        backgroundColor: curve.colour,
        borderDash: curve.dashed ? [6, 4] : [],
        borderWidth: 2,
        pointRadius: curve.history.length < 2 ? 3 : 0,
      })),
    },
    options,
  };
};
