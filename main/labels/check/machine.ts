import type { PlantEvent } from '../../contract/data.ts';
import type { LabelFinding } from '../../contract/labels.ts';
import type { Asset } from '../../contract/plant.ts';
import type { Plant } from '../../store/plant.ts';

export type CheckStore = Pick<Plant, 'assets' | 'sensors' | 'series' | 'events'>;

/** A machine with its events, in order, and where its readings lie. */
export interface CheckedMachine {
  readonly asset: Asset;
  readonly events: readonly PlantEvent[];
  /** First and last reading of any of its sensors, and the step of the fastest one; null when there is none. */
  readonly extent: { readonly first: number; readonly last: number; readonly interval: number } | null;
}

export const machineOf = (plant: CheckStore, asset: Asset): CheckedMachine => {
  const known = plant.series.infos(asset.id).flatMap(({ points, first, last }) => (first === null || last === null ? [] : [{ points, first, last }]));
  const extent = {
    first: Math.min(...known.map(({ first }) => first)),
    last: Math.max(...known.map(({ last }) => last)),
    interval: Math.min(...known.map(({ points, first, last }) => (last - first) / Math.max(1, points - 1))),
  };
  return { asset, events: plant.events.list({ asset: asset.id }), extent: known.length === 0 ? null : extent };
};

/** A finding about an event: its place is the event's. */
export const about = (event: PlantEvent, code: LabelFinding['code'], severity: LabelFinding['severity'], message: string, details: LabelFinding['details'] = {}, other: PlantEvent | null = null): LabelFinding => ({
  code, severity, event: event.id, other: other?.id ?? null, asset: event.asset, assetName: event.assetName, kind: event.kind, mode: event.mode, start: event.start, details, message,
});

/** A stretch of the axis as people say it: '3.5 hours', '12 cycles'. */
export const lengthWords = (axis: Asset['axis'], length: number): string => {
  const rounded = (value: number): number => Number(value.toPrecision(3));
  if (axis === 'cycle') return `${rounded(length)} cycles`;
  const hours = length / 3600e6;
  if (hours < 1) return `${rounded(hours * 60)} minutes`;
  return hours < 72 ? `${rounded(hours)} hours` : `${rounded(hours / 24)} days`;
};
