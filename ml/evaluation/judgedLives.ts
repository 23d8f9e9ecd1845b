import { stepsToFailure } from '../dataset/table.ts';
import { windowsByUnit } from '../dataset/windows.ts';
import type { Points } from './baselines/points.ts';

/** The judged windows of one life, in the order of time. */
export interface JudgedLife {
  /** Positions among the judged windows. */
  readonly windows: readonly number[];
  /** Steps to the failure at each of them, not capped; null for a life that was cut off. */
  readonly left: readonly number[] | null;
  /** Length of the life in steps; null where it was cut off. */
  readonly steps: number | null;
  /** Steps between the first and the last judged window. */
  readonly span: number;
}

/** The judged windows life by life. */
export const judgedLives = ({ document, windows }: Points): JudgedLife[] =>
  [...windowsByUnit(windows)].flatMap(([index, own]) => {
    const unit = document.units[index];
    if (unit === undefined) return [];
    const ordered = own.toSorted((a, b) => (windows.ends[a] ?? 0) - (windows.ends[b] ?? 0));
    const rows = ordered.map((at) => (windows.ends[at] ?? 0) - unit.offset);
    const left = rows.map((row) => stepsToFailure(unit, row, document.step));
    const known = left.flatMap((steps) => steps ?? []);
    return [{ windows: ordered, left: known.length === left.length ? known : null, steps: stepsToFailure(unit, 0, document.step), span: (rows.at(-1) ?? 0) - (rows[0] ?? 0) }];
  });
