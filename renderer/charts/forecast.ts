import type { Forecast } from '../../main/contract/plant.ts';
import { optionsOf, toX, type Surroundings } from './axes.ts';
import type { LineChart } from './canvas.svelte.ts';
import { faded } from './palette.ts';

export interface ForecastLabels {
  readonly median: string;
  readonly low: string;
  readonly high: string;
  readonly unit: string;
}

/** Remaining life as it was forecast over time: the median and its 90 % interval. Broken where there was no forecast. */
export const lifeChart = (history: readonly Forecast[], around: Surroundings, labels: ForecastLabels): LineChart => {
  const { axis, palette } = around;
  const colour = palette.series[0] ?? palette.text;
  const line = (of: (rul: NonNullable<Forecast['rul']>) => number): { x: number; y: number }[] =>
    history.map((forecast) => ({ x: toX(axis, forecast.asOf), y: forecast.rul === null ? Number.NaN : of(forecast.rul) }));
  const pointRadius = history.length < 40 ? 3 : 0;
  const edge = { borderColor: faded(colour, 0.45), borderWidth: 1, pointRadius: 0 };
  return {
    type: 'line',
    data: {
      datasets: [
        { label: labels.high, data: line((rul) => rul.high), ...edge },
        { label: labels.low, data: line((rul) => rul.low), ...edge, fill: '-1', backgroundColor: faded(colour, 0.16) },
        { label: labels.median, data: line((rul) => rul.median), borderColor: colour, borderWidth: 2.5, pointRadius, pointBackgroundColor: colour },
      ],
    },
    options: optionsOf(around, { unit: labels.unit, min: 0 }),
  };
};

/** Probability of failure within the model's horizon, as it was forecast over time, in percent. */
export const probabilityChart = (history: readonly Forecast[], around: Surroundings, label: string): LineChart => {
  const { axis, palette } = around;
  const colour = palette.series[0] ?? palette.text;
  const data = history.map((forecast) => ({ x: toX(axis, forecast.asOf), y: (forecast.failureProbability[0]?.p ?? Number.NaN) * 100 }));
  return {
    type: 'line',
    data: { datasets: [{ label, data, borderColor: colour, borderWidth: 2.5, fill: 'origin', backgroundColor: faded(colour, 0.12), pointRadius: history.length < 40 ? 3 : 0, pointBackgroundColor: colour }] },
    options: optionsOf(around, { unit: '%', min: 0, max: 100 }),
  };
};
