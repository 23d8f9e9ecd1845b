import { agesOf, type Points } from './points.ts';

export interface AgeBin {
  readonly upTo: number;
  readonly mean: number;
}

const BINS = 20;

/** Mean label by age, in bins with as many windows each: all that the age alone can tell. */
export const fitAgeOnly = (points: Points): AgeBin[] => {
  const ages = agesOf(points);
  const order = [...ages.keys()].sort((a, b) => (ages[a] ?? 0) - (ages[b] ?? 0));
  const bins: AgeBin[] = [];
  const count = Math.min(BINS, order.length);
  for (let bin = 0; bin < count; bin++) {
    const own = order.slice(Math.round((bin * order.length) / count), Math.round(((bin + 1) * order.length) / count));
    const sum = own.reduce((total, at) => total + (points.windows.labels[at] ?? 0), 0);
    bins.push({ upTo: ages[own[own.length - 1] ?? 0] ?? 0, mean: sum / own.length });
  }
  return bins;
};

/** The mean label of each window's age. */
export const byAge = (bins: readonly AgeBin[], points: Points): Float32Array =>
  agesOf(points).map((age) => (bins.find(({ upTo }) => age <= upTo) ?? bins[bins.length - 1])?.mean ?? Number.NaN);
