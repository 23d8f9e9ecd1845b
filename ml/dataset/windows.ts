import type { DatasetDocument } from '../documents/dataset.ts';

/**
 * Windows as row indexes; their cells are gathered only when a batch needs them. Window i ends at row `ends[i]` and may look
 * back to `firsts[i]`, the first row of its unit: a longer window is padded on the left with the mean of its first rows, never dropped.
 */
export interface Windows {
  readonly ends: Int32Array;
  readonly firsts: Int32Array;
  /** Index of the unit of each window. */
  readonly units: Int32Array;
  readonly labels: Float32Array;
}

/** Rows a unit must have behind it before it says anything: an eighth of the window. */
export const minimumHistory = (window: number): number => Math.max(2, Math.ceil(window / 8));

/**
 * Every labelled window of the given units, `stride` rows apart, counted back from each unit's last labelled row, so that
 * the rows nearest to the failure are always among them.
 * @param labels [rows], NaN where there is none
 * @param history rows that must lie at or before a window's end within its unit
 */
export const windowsOf = (document: DatasetDocument, units: readonly number[], labels: Float32Array, stride: number, history: number): Windows => {
  const ends: number[] = [];
  const firsts: number[] = [];
  const owners: number[] = [];
  for (const index of units) {
    const unit = document.units[index];
    if (unit === undefined) continue;
    const found: number[] = [];
    let last = unit.rows - 1;
    while (last >= 0 && Number.isNaN(labels[unit.offset + last] ?? Number.NaN)) last--;
    for (let row = last; row >= history - 1; row -= stride) if (!Number.isNaN(labels[unit.offset + row] ?? Number.NaN)) found.push(unit.offset + row);
    for (const end of found.reverse()) {
      ends.push(end);
      firsts.push(unit.offset);
      owners.push(index);
    }
  }
  const endRows = Int32Array.from(ends);
  return { ends: endRows, firsts: Int32Array.from(firsts), units: Int32Array.from(owners), labels: Float32Array.from(endRows, (end) => labels[end] ?? Number.NaN) };
};

/** The windows at `chosen`, in that order. */
export const selectWindows = (windows: Windows, chosen: ArrayLike<number>): Windows => ({
  ends: Int32Array.from(chosen, (index) => windows.ends[index] ?? 0),
  firsts: Int32Array.from(chosen, (index) => windows.firsts[index] ?? 0),
  units: Int32Array.from(chosen, (index) => windows.units[index] ?? 0),
  labels: Float32Array.from(chosen, (index) => windows.labels[index] ?? Number.NaN),
});

/** Positions in `windows` of each unit's windows, by unit index. */
export const windowsByUnit = (windows: Windows): Map<number, number[]> => {
  const byUnit = new Map<number, number[]>();
  windows.units.forEach((unit, position) => {
    const list = byUnit.get(unit);
    if (list === undefined) byUnit.set(unit, [position]);
    else list.push(position);
  });
  return byUnit;
};
