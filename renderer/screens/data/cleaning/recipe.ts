import type { SensorQuality } from '../../../../main/contract/data.ts';
import type { CleaningRecipe } from '../../../../main/contract/quality.ts';

export type MaskKind = CleaningRecipe['mask'][number];
export const MASKS = ['spike', 'flat', 'out-of-range'] as const satisfies readonly MaskKind[];

/** The recipe that changes nothing. */
export const NO_CLEANING: CleaningRecipe = { version: 1, mask: [], spans: [], fill: { how: 'none', longest: null }, resample: null };

/** The recipe with one kind of reading left out, or let in again; the kinds stay in their order. */
export const withMask = (recipe: CleaningRecipe, kind: MaskKind, isOut: boolean): CleaningRecipe => ({ ...recipe, mask: MASKS.filter((one) => (one === kind ? isOut : recipe.mask.includes(one))) });

const COUNT = { spike: 'spikes', flat: 'flat', 'out-of-range': 'outOfRange' } as const;

/** How many readings of how many sensors a kind touches, by what is known of their quality. */
export const touchedBy = (qualities: readonly SensorQuality[], kind: MaskKind): { readonly count: number; readonly sensors: number } => {
  const counts = qualities.map((one) => one[COUNT[kind]]).filter((count) => count > 0);
  return { count: counts.reduce((sum, count) => sum + count, 0), sensors: counts.length };
};

/** The sensor of which most readings could be left out; undefined where there are none. */
export const mostTouched = (qualities: readonly SensorQuality[]): SensorQuality['sensor'] | undefined => {
  const countOf = (one: SensorQuality): number => one.spikes + one.flat + one.outOfRange;
  return qualities.toSorted((a, b) => countOf(b) - countOf(a))[0]?.sensor;
};

/** Whether two recipes do the same. */
export const isSameRecipe = (a: CleaningRecipe, b: CleaningRecipe): boolean => JSON.stringify(a) === JSON.stringify(b);
