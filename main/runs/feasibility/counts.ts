import { FAILURES_WANTED } from '../../../ml/dataset/lives.ts';
import { medianOf } from '../../../ml/dataset/grid.ts';
import type { PlantEvent } from '../../contract/data.ts';
import type { Amount, Benefit, FailureModeCount } from '../../contract/feasibility.ts';
import { failedLives, medianLife, type MachineLives, type UnitStore } from '../units.ts';

const hour = 3600e6;
const day = 24 * hour;
const year = 365.25 * day;

/** A length on an axis as people read it: days from four days on, hours below, cycles. */
export const amountOf = (axis: 'time' | 'cycle', length: number): Amount => {
  if (axis === 'cycle') return { value: length, unit: 'cycles' };
  return length >= 4 * day ? { value: length / day, unit: 'days' } : { value: length / hour, unit: 'hours' };
};

const digits = (value: number): string => (Math.abs(value) >= 10 ? String(Math.round(value)) : Number(value.toPrecision(2)).toString());
export const amountWords = ({ value, unit }: Amount): string => `${digits(value)} ${value === 1 ? unit.slice(0, -1) : unit}`;
export const counted = (count: number, one: string, many = `${one}s`): string => `${count === 0 ? 'no' : count} ${count === 1 ? one : many}`;

/** The failures of a machine type as they were told, those of machines without readings among them. */
export const failuresOf = (plant: UnitStore, machineType: string): PlantEvent[] =>
  plant.assets.machines().filter((asset) => asset.machineType === machineType).flatMap(({ id }) => plant.events.list({ asset: id, kind: 'failure' }));

/** Mode of the failure that ended a life. */
export const modeAt = (plant: UnitStore, { asset }: MachineLives, failureAt: number): string => plant.events.list({ asset: asset.id, kind: 'failure' }).find(({ start }) => start === failureAt)?.mode ?? '';

/** How often each mode was told, and how many of them end a life with readings; the most frequent first. */
export const modesOf = (plant: UnitStore, machineType: string, machines: readonly MachineLives[]): FailureModeCount[] => {
  const told = new Map<string, number>();
  const usable = new Map<string, number>();
  for (const { mode } of failuresOf(plant, machineType)) told.set(mode, (told.get(mode) ?? 0) + 1);
  for (const machine of machines)
    for (const { failureAt } of machine.lives) {
      if (failureAt === null) continue;
      const mode = modeAt(plant, machine, failureAt);
      usable.set(mode, (usable.get(mode) ?? 0) + 1);
    }
  return [...told].map(([mode, failures]) => ({ mode, failures, usable: usable.get(mode) ?? 0, needed: FAILURES_WANTED })).sort((a, b) => b.failures - a.failures || a.mode.localeCompare(b.mode));
};

export const livesOfType = (machines: readonly MachineLives[]): { failed: number; censored: number; goingOn: number; median: Amount | null } => {
  const lives = machines.flatMap((machine) => machine.lives);
  const failed = failedLives(machines);
  const axis = machines[0]?.asset.axis ?? 'time';
  return {
    failed: failed.length,
    censored: lives.filter(({ ended }) => ended === 'maintenance').length,
    goingOn: lives.filter(({ ended }) => ended === 'not-yet').length,
    median: failed.length === 0 ? null : amountOf(axis, medianLife(failed)),
  };
};

/** Hours from each failure to the end of its repair, where the machine came back. */
const downtimes = (machines: readonly MachineLives[]): number[] =>
  machines.flatMap(({ lives }) =>
    lives.flatMap(({ failureAt }, at) => {
      const back = lives[at + 1]?.start;
      return failureAt !== null && back !== undefined && back > failureAt ? [(back - failureAt) / hour] : [];
    }),
  );

/** What failures cost in time. */
export const benefitOf = (plant: UnitStore, machineType: string, machines: readonly MachineLives[]): Benefit => {
  const failures = failuresOf(plant, machineType);
  const onTime = machines.every(({ asset }) => asset.axis === 'time');
  const span = machines.flatMap(({ lives }) => lives).reduce((sum, { start, end }) => sum + end - start, 0);
  const machineYears = onTime && span > 0 ? span / year : null;
  const downs = onTime ? downtimes(machines) : [];
  const downtimeHours = downs.length > 0 ? medianOf(downs) : null;
  const read = machines.reduce((sum, { lives }) => sum + lives.filter(({ failureAt }) => failureAt !== null).length, 0);
  const failuresAMachineYear = machineYears === null ? null : read / machineYears;
  return { failures: failures.length, machineYears, failuresAMachineYear, downtimeHours, downtimeHoursAYear: failuresAMachineYear === null || downtimeHours === null ? null : failuresAMachineYear * machines.length * downtimeHours };
};
