import { chooseStep } from '../../ml/dataset/grid.ts';
import { FAILURES_NEEDED } from '../../ml/dataset/lives.ts';
import { minimumHistory } from '../../ml/dataset/windows.ts';
import { TrainingConfig } from '../../ml/documents/config.ts';
import type { PlantEvent } from '../contract/data.ts';
import type { LeftOutLabel } from '../contract/feasibility.ts';
import { failedLives, lifeLength, rowsOfLife, type MachineLives, type UnitStore } from './units.ts';

const reasons: Readonly<Record<LeftOutLabel['code'], string>> = {
  'no-readings': 'its machine has no readings',
  'before-readings': 'there are no readings before it',
  'in-downtime': 'the machine was down already, by another failure or its repair',
  'behind-end': 'another failure ends the record before it',
  'too-few-rows': 'the life before it is too short to learn from',
};

const leftOut = ({ id, asset, assetName, mode, start }: PlantEvent, code: LeftOutLabel['code'], detail = ''): LeftOutLabel => ({ event: id, asset, assetName, mode, start, code, reason: `${reasons[code]}${detail}` });

/** Rows that a life has on the grid that training would choose, beside those that a window of usual size needs; null where training isn't possible yet. */
const rowsNeeded = (machines: readonly MachineLives[]): { step: number; least: number } | null => {
  const failed = failedLives(machines);
  const [first] = machines;
  if (first === undefined || failed.length < FAILURES_NEEDED) return null;
  const { axis } = first.asset;
  const step = chooseStep(axis, failed.map(lifeLength), axis === 'time' ? Math.min(...machines.map(({ interval }) => interval)) : null);
  return { step, least: minimumHistory(TrainingConfig.parse({ task: 'rul' }).window) };
};

const ofMachine = (events: readonly PlantEvent[], { asset, lives }: MachineLives, first: number, grid: ReturnType<typeof rowsNeeded>): LeftOutLabel[] => {
  const lastKnown = lives.findLast(({ failureAt }) => failureAt !== null)?.failureAt ?? Infinity;
  return events.flatMap((event) => {
    const life = lives.find(({ failureAt }) => failureAt === event.start);
    if (life === undefined) return [leftOut(event, event.start <= first ? 'before-readings' : event.start > lastKnown ? 'behind-end' : 'in-downtime')];
    const rows = grid === null ? Infinity : rowsOfLife(asset, life, grid.step).rows;
    return grid !== null && rows < grid.least ? [leftOut(event, 'too-few-rows', `: ${rows} rows, ${grid.least} needed`)] : [];
  });
};

/** The failures of a machine type that training leaves out, and why. @param machines those of the type that have readings */
export const leftOutLabels = (plant: UnitStore, machineType: string, machines: readonly MachineLives[]): LeftOutLabel[] => {
  const grid = rowsNeeded(machines);
  return plant.assets.machines().filter((asset) => asset.machineType === machineType).flatMap((asset) => {
    const failures = plant.events.list({ asset: asset.id, kind: 'failure' });
    const machine = machines.find((one) => one.asset.id === asset.id);
    if (machine === undefined) return failures.map((event) => leftOut(event, 'no-readings'));
    const firsts = plant.series.infos(asset.id).flatMap(({ first }) => first ?? []);
    return ofMachine(failures, machine, Math.min(...firsts), grid);
  });
};
