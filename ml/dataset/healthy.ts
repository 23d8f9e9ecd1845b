import type { DatasetUnit } from '../documents/dataset.ts';

/** What comes before a failure belongs to it: this share of a failed life is not taken for healthy. */
export const UNHEALTHY_SHARE = 0.2;
/** Windows that a part must hold at least, to be learnt from or judged on. */
const FEWEST_WINDOWS = 2;

/**
 * The healthy running of one life: the earlier part to learn from, the later one to judge on, a window's gap between them so that
 * no row is seen on both sides. A life too short for both is learnt from; one shorter than that is left out.
 * @param unit a life, up to its failure or cut off before one
 * @param window rows of one window @param validationShare of the rows, for the later part @param step axis units of a row
 */
export const healthyParts = (unit: Omit<DatasetUnit, 'split'>, window: number, validationShare: number, step: number): DatasetUnit[] => {
  const rows = unit.end === 'failure' ? Math.floor((1 - UNHEALTHY_SHARE) * unit.rows) : unit.rows;
  const least = FEWEST_WINDOWS * window;
  const later = Math.floor(validationShare * rows);
  const part = (from: number, count: number, split: DatasetUnit['split']): DatasetUnit => ({
    asset: unit.asset, offset: unit.offset + from, rows: count, start: unit.start + from * step, end: 'censored', failureAt: null, split,
  });
  if (rows < least) return [];
  const earlier = rows - later - window;
  if (later < least || earlier < least) return [part(0, rows, 'train')];
  return [part(0, earlier, 'train'), part(rows - later, later, 'validation')];
};
