import type { Mapping } from '../../contract/data.ts';
import type { Plant } from '../../store/plant.ts';
import { microsPerHour } from '../times/civil.ts';
import { WallClock } from '../times/zone.ts';
import type { IntakeState } from './intake.ts';

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/**
 * What the order of the rows tells about the two passes of a repeated hour: whether the newest row stands first, and how far apart rows are
 * (0 where that varies). `positions`: of the sample's rows, as they stand in the file.
 */
export const orderOfRows = (positions: readonly number[]): { isDescending: boolean; rowStep: number } => {
  const steps = positions.slice(1).map((at, i) => at - (positions[i] ?? NaN)).filter((step) => step !== 0);
  const back = steps.filter((step) => step < 0).length;
  const usual = median(steps.map(Math.abs));
  const even = steps.filter((step) => Math.abs(step) === usual).length;
  return { isDescending: steps.length > 2 && back > steps.length / 2 && (positions.at(-1) ?? 0) < (positions[0] ?? 0), rowStep: even >= steps.length * 0.5 ? usual : 0 };
};

/**
 * The newest reading of the machine where this file goes on from it within a repeated hour: one log ends with the first pass, the next begins with the
 * second. Null where the first row's time isn't repeated, or doesn't follow one step behind that reading.
 */
export const passBefore = (plant: Plant, { mapping, asset, state }: { mapping: Mapping; asset: string; state: IntakeState }, first: number | undefined): number | null => {
  if (first === undefined || mapping.axis !== 'time' || state.rowStep === 0 || state.isDescending) return null;
  const wall = new WallClock(mapping.timestamp.zone);
  const later = first + microsPerHour;
  if (!wall.hasChanges || wall.toLocal(first) !== wall.toLocal(later)) return null;
  const machine = plant.assets.machines().find((one) => one.name === asset && one.axis === mapping.axis);
  if (!machine) return null;
  const last = Math.max(...plant.series.infos(machine.id).map((info) => info.last ?? -Infinity));
  return last >= first && last < later && later - last <= 2 * state.rowStep ? last : null;
};
