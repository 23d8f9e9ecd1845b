import { chooseStep } from '../../../ml/dataset/grid.ts';
import type { Task } from '../../../ml/documents/task.ts';
import type { Feasibility, FeasibilityRequest, MachineFeasibility, TaskFeasibility } from '../../contract/feasibility.ts';
import { AppError } from '../../contract/errors.ts';
import type { Asset } from '../../contract/plant.ts';
import { leftOutLabels } from '../leftout.ts';
import { commonSensors } from '../sensors.ts';
import { failedLives, lifeLength, machinesOf, type MachineLives, type UnitStore } from '../units.ts';
import { amountOf, benefitOf, failuresOf, livesOfType, modesOf } from './counts.ts';
import type { Ground } from './criteria.ts';
import { lookAtReadings, type QualityOf, type ReadingsLook } from './readings.ts';
import { proposalOf, tasksOf } from './tasks.ts';

/** Tasks that this version learns. */
export const learned: readonly Task[] = ['rul', 'failure', 'fault', 'anomaly'];
/** Below this median score of its sensors a machine's forecasts are refused more often than made. */
const POOR_QUALITY = 50;

const stepOf = (machines: readonly MachineLives[]): number | null => {
  const failed = failedLives(machines);
  const [first] = machines;
  if (first === undefined || failed.length === 0) return null;
  const { axis } = first.asset;
  return chooseStep(axis, failed.map(lifeLength), axis === 'time' ? Math.min(...machines.map(({ interval }) => interval)) : null);
};

/** Names that most machines of the type have. */
const usualSensors = (machines: readonly MachineLives[]): string[] => {
  const counts = new Map<string, number>();
  for (const { sensors } of machines) for (const { name } of sensors) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].filter(([, count]) => 2 * count > machines.length).map(([name]) => name);
};

const machineOf = (asset: Asset, failures: number, machine: MachineLives | undefined, usual: readonly string[], tasks: readonly TaskFeasibility[], quality: number | null): MachineFeasibility => {
  const bare = { asset: asset.id, name: asset.name, failures, quality };
  if (machine === undefined) return { ...bare, censored: 0, history: null, interval: null, sensors: 0, missingSensors: [], tasks: [], code: 'no-readings', reason: 'it has no readings' };
  const { lives, sensors, interval } = machine;
  const missing = usual.filter((name) => !sensors.some((sensor) => sensor.name === name));
  const known = { ...bare, censored: lives.filter(({ ended }) => ended !== 'failure').length, history: amountOf(asset.axis, lives.reduce((sum, { start, end }) => sum + end - start, 0)), interval, sensors: sensors.length, missingSensors: missing };
  const possible = tasks.filter((one) => one.possible).map(({ task }) => task);
  if (possible.length === 0) return { ...known, tasks: [], code: 'type-impossible', reason: 'no task can be learned for its type yet' };
  if (missing.length > 0) return { ...known, tasks: possible, code: 'sensors-missing', reason: `it lacks ${missing.join(', ')}, which most machines of its type have: they can't be learned from` };
  if (quality !== null && quality < POOR_QUALITY) return { ...known, tasks: possible, code: 'poor-quality', reason: `its readings have a quality of ${quality.toFixed(0)} of 100: forecasts will often be refused` };
  return { ...known, tasks: possible, code: 'ok', reason: 'its forecasts come from the model of its type' };
};

const typeOf = (plant: UnitStore, machineType: string, machines: readonly MachineLives[], look: ReadingsLook | null): Feasibility => {
  const failures = failuresOf(plant, machineType);
  const { sensors, leftOut } = commonSensors(machines);
  const modes = modesOf(plant, machineType, machines);
  const ground: Ground = { machineType, machines, modes, told: failures.length, sensors: sensors.length, step: stepOf(machines), look };
  const tasks = tasksOf(ground, learned);
  const usual = usualSensors(machines);
  const assets = plant.assets.machines().filter((asset) => asset.machineType === machineType);
  return {
    machineType, tasks, modes,
    machines: machines.length,
    failures: failedLives(machines).length,
    leftOut: leftOutLabels(plant, machineType, machines),
    depth: look === null ? 'labels' : 'readings',
    step: ground.step === null ? null : amountOf(machines[0]?.asset.axis ?? 'time', ground.step),
    proposal: proposalOf(ground, tasks),
    lives: livesOfType(machines),
    perMachine: assets.map((asset) => machineOf(asset, failures.filter((event) => event.asset === asset.id).length, machines.find((one) => one.asset.id === asset.id), usual, tasks, look?.quality.get(asset.id) ?? null)),
    sensors: look?.sensors ?? sensors.map(({ name, unit }) => ({ name, unit, coverage: null, quality: null, movement: null, p: null })),
    sensorsLeftOut: [...leftOut, ...(look?.silent ?? [])],
    movement: look?.movement ?? null,
    benefit: benefitOf(plant, machineType, machines),
  };
};

const typesOf = (plant: UnitStore): string[] => [...new Set(plant.assets.machines().map((asset) => asset.machineType))];

/** What the labels of each machine type allow, the readings not looked at. */
export const feasibilityOf = (plant: UnitStore): Feasibility[] => typesOf(plant).map((machineType) => typeOf(plant, machineType, machinesOf(plant, machineType), null));

/**
 * Feasibility analysis (after GB/T 40571) of the machine types of a plant, or of one.
 * @throws AppError('not-found') for a type that no machine has
 */
export const analyse = async (plant: UnitStore, { depth, machineType: wanted }: FeasibilityRequest, qualityOf: QualityOf, signal?: AbortSignal): Promise<Feasibility[]> => {
  const types = typesOf(plant);
  if (wanted !== null && !types.includes(wanted)) throw new AppError('not-found', `there is no machine of type '${wanted}'; there are ${types.join(', ') || 'none'}`, { machineType: wanted });
  const found: Feasibility[] = [];
  for (const machineType of types) {
    if (wanted !== null && machineType !== wanted) continue;
    const machines = machinesOf(plant, machineType);
    const look = depth === 'labels' ? null : await lookAtReadings(plant, machines, commonSensors(machines).sensors, qualityOf, signal);
    found.push(typeOf(plant, machineType, machines, look));
  }
  return found;
};
