import { medianOf } from '../../../ml/dataset/grid.ts';
import type { DatasetCleaning, SensorCleaning, SettledCleaning } from '../../../ml/documents/cleaning.ts';
import type { Sensor } from '../../contract/plant.ts';
import type { CleaningRecipe } from '../../contract/quality.ts';
import type { ScanRules } from '../scan/rules.ts';

/** The recipe that does nothing. */
export const noCleaning: CleaningRecipe = { version: 1, mask: [], spans: [], fill: { how: 'none', longest: null }, resample: null };

/** Steps that a value is held, or a hole that is bridged, when nobody says. */
const USUAL_STEPS = 16;

export const doesNothing = ({ mask, spans, fill, resample }: CleaningRecipe): boolean => mask.length === 0 && spans.length === 0 && fill.how === 'none' && resample === null;

/** A recipe's masks for one sensor, as numbers. */
export const sensorCleaning = ({ mask }: CleaningRecipe, rules: ScanRules): SensorCleaning => {
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const isRanged = mask.includes('out-of-range');
  return {
    // Where a sensor mostly stands still, nothing tells a spike from a move.
    spikeSigmas: mask.includes('spike') && rules.sigma > 0 ? rules.spikeSigmas : null,
    sigma: rules.sigma,
    flatReadings: mask.includes('flat') ? rules.flatReadings : null,
    low: isRanged ? finite(rules.limits.low) : null,
    high: isRanged ? finite(rules.limits.high) : null,
    interval: rules.interval !== null && rules.interval > 0 ? rules.interval : null,
  };
};

/** How long a fill reaches, in axis units. @param step of what is filled */
export const reachOf = ({ fill }: CleaningRecipe, step: number): number => fill.longest ?? USUAL_STEPS * step;

export interface CleanedMachine {
  /** Names from the site down, joined with '/'. */
  readonly path: string;
  readonly recipe: CleaningRecipe;
  /** Rules: null where the recipe masks nothing by them. */
  readonly sensors: readonly { readonly sensor: Sensor; readonly rules: ScanRules | null }[];
}

const settledOf = ({ recipe, sensors }: CleanedMachine, step: number): SettledCleaning => ({
  sensors: Object.fromEntries(sensors.flatMap(({ sensor, rules }) => (rules === null ? [] : [[sensor.name, sensorCleaning(recipe, rules)]]))),
  resample: recipe.resample,
  // What looks ahead is for the eye: a model must never see it.
  hold: recipe.fill.how === 'hold' ? reachOf(recipe, step) : null,
});

/** The rule of a sensor on a machine that nobody has seen yet: the median of those that were seen. */
const usualRule = (rules: readonly SensorCleaning[]): SensorCleaning => {
  const median = (values: readonly (number | null)[]): number | null => {
    const known = values.filter((value) => value !== null);
    return known.length * 2 > values.length ? medianOf(known) : null;
  };
  const flat = median(rules.map(({ flatReadings }) => flatReadings));
  return {
    spikeSigmas: median(rules.map(({ spikeSigmas }) => spikeSigmas)),
    sigma: median(rules.map(({ sigma }) => sigma)) ?? 0,
    flatReadings: flat === null ? null : Math.ceil(flat),
    low: median(rules.map(({ low }) => low)),
    high: median(rules.map(({ high }) => high)),
    interval: median(rules.map(({ interval }) => interval)),
  };
};

/** What most machines do with resampling and holding. */
const mostCommon = <T>(values: readonly T[]): T | undefined => {
  const counts = new Map<string, { value: T; count: number }>();
  for (const value of values) counts.set(JSON.stringify(value), { value, count: (counts.get(JSON.stringify(value))?.count ?? 0) + 1 });
  return [...counts.values()].sort((a, b) => b.count - a.count)[0]?.value;
};

/** The recipes of the machines of a dataset, settled; null where none does anything. @param step of the dataset's grid */
export const settle = (machines: readonly CleanedMachine[], step: number): DatasetCleaning | null => {
  if (machines.every(({ recipe }) => doesNothing(recipe))) return null;
  const settled = machines.map((machine) => ({ machine, cleaning: settledOf(machine, step) }));
  const names = new Set(settled.flatMap(({ cleaning }) => Object.keys(cleaning.sensors)));
  const rulesNamed = (name: string): SensorCleaning[] => settled.flatMap(({ cleaning }) => cleaning.sensors[name] ?? []);
  return {
    version: 1,
    machines: Object.fromEntries(settled.map(({ machine, cleaning }) => [machine.path, { ...cleaning, spans: spansOf(machine) }])),
    otherwise: {
      sensors: Object.fromEntries([...names].map((name) => [name, usualRule(rulesNamed(name))])),
      resample: mostCommon(settled.map(({ cleaning }) => cleaning.resample)) ?? null,
      hold: mostCommon(settled.map(({ cleaning }) => cleaning.hold)) ?? null,
    },
  };
};

/** Spans with the sensors by name; one of a sensor that is gone says nothing any more. */
export const spansOf = ({ recipe, sensors }: { readonly recipe: CleaningRecipe; readonly sensors: readonly { readonly sensor: Sensor }[] }): { sensor: string | null; from: number; to: number }[] =>
  recipe.spans.flatMap(({ sensor: id, from, to }) => {
    const name = id === null ? null : sensors.find(({ sensor }) => sensor.id === id)?.sensor.name;
    return name === undefined ? [] : [{ sensor: name, from, to }];
  });
