import type { Health } from '../../main/contract/plant.ts';
import { optionsOf, toX, type Surroundings } from './axes.ts';
import type { LineChart } from './canvas.svelte.ts';
import { faded } from './palette.ts';

/** The health index, 0 to 100; each stretch in the colour of its state. */
export const healthChart = (history: readonly Health[], around: Surroundings, label: string): LineChart => {
  const { axis, palette } = around;
  const colourAt = (index: number): string => palette.states[history[index]?.state ?? 'unknown'];
  return {
    type: 'line',
    data: {
      datasets: [
        {
          label,
          data: history.map((health) => ({ x: toX(axis, health.at), y: health.index ?? Number.NaN })),
          borderWidth: 2.5,
          borderColor: palette.states.normal,
          segment: { borderColor: (segment) => colourAt(segment.p1DataIndex), backgroundColor: (segment) => faded(colourAt(segment.p1DataIndex), 0.14) },
          fill: 'origin',
          pointRadius: history.length < 40 ? 3 : 0,
          pointBackgroundColor: history.map((_, index) => colourAt(index)),
          pointBorderWidth: 0,
        },
      ],
    },
    options: optionsOf(around, { unit: null, min: 0, max: 100 }),
  };
};
