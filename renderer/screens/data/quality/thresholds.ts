import type { QualityThresholds } from '../../../../main/contract/quality.ts';
import type { Axis } from '../../../../main/contract/values.ts';
import { numberOf } from '../../../format/entry.ts';

export const FIELDS = ['low', 'high', 'gapFactor', 'flatReadings', 'spikeSigmas', 'interval'] as const;
export type ThresholdName = (typeof FIELDS)[number];
/** What stands in the fields; an empty one means: as learned. */
export type Texts = Readonly<Record<ThresholdName, string>>;

export type Fault = { readonly kind: 'number' } | { readonly kind: 'least'; readonly least: number } | { readonly kind: 'order' };

/** Axis units in the unit that people type: microseconds in a second, cycles in a cycle. */
export const unitFactor = (axis: Axis): number => (axis === 'time' ? 1e6 : 1);

const textOf = (value: number | null): string => (value === null ? '' : String(value));

export const textsOf = (chosen: QualityThresholds, axis: Axis): Texts => ({
  interval: textOf(chosen.interval === null ? null : chosen.interval / unitFactor(axis)),
  gapFactor: textOf(chosen.gapFactor),
  flatReadings: textOf(chosen.flatReadings),
  spikeSigmas: textOf(chosen.spikeSigmas),
  low: textOf(chosen.low),
  high: textOf(chosen.high),
});

/** Thresholds of texts that have no fault. */
export const chosenOf = (texts: Texts, axis: Axis): QualityThresholds => {
  const interval = numberOf(texts.interval);
  const flat = numberOf(texts.flatReadings);
  return {
    interval: interval === null ? null : interval * unitFactor(axis),
    gapFactor: numberOf(texts.gapFactor),
    flatReadings: flat === null ? null : Math.round(flat),
    spikeSigmas: numberOf(texts.spikeSigmas),
    low: numberOf(texts.low),
    high: numberOf(texts.high),
  };
};

const LEAST: Readonly<Partial<Record<ThresholdName, number>>> = { gapFactor: 1.5, flatReadings: 3, spikeSigmas: 0.1, interval: 1e-6 };

/** What is wrong with the texts, by field. */
export const faultOf = (texts: Texts): Readonly<Partial<Record<ThresholdName, Fault>>> => {
  const faults: Partial<Record<ThresholdName, Fault>> = {};
  for (const field of FIELDS) {
    const value = numberOf(texts[field]);
    const least = LEAST[field];
    if (value === null) continue;
    if (Number.isNaN(value)) faults[field] = { kind: 'number' };
    else if (least !== undefined && value < least) faults[field] = { kind: 'least', least };
  }
  const low = numberOf(texts.low);
  const high = numberOf(texts.high);
  if (low !== null && high !== null && low > high) faults.high = { kind: 'order' };
  return faults;
};
