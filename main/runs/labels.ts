import { FAILURES_NEEDED } from '../../ml/dataset/lives.ts';
import { minimumHistory } from '../../ml/dataset/windows.ts';
import type { Task } from '../../ml/documents/task.ts';
import { AppError } from '../contract/errors.ts';
import type { Feasibility } from '../contract/training.ts';
import { leftOutLabels } from './leftout.ts';
import { failedLives, machinesOf, type UnitStore } from './units.ts';

/** In words, how many failures there are and how many are needed. */
export const labelWords = (machineType: string, failures: number): string => {
  const known = failures === 0 ? 'no failure' : failures === 1 ? '1 failure' : `${failures} failures`;
  return `${known} of machines of type '${machineType}' known, ${FAILURES_NEEDED} needed`;
};

export const labelsMissing = (machineType: string, failures: number): AppError =>
  new AppError(failures === 0 ? 'no-labels' : 'too-little-data', `${labelWords(machineType, failures)}: record them as events (kind failure), or import them`, { machineType, failures, needed: FAILURES_NEEDED });

/** Failures are known, but too few of them have enough readings before them. @param window rows of one window */
export const tooShort = (machineType: string, known: number, long: number, window: number): AppError => {
  const rows = minimumHistory(window);
  return new AppError(
    'too-little-data',
    `${known} failures of machines of type '${machineType}' are known, but only ${long} have at least ${rows} rows of readings before them, ${FAILURES_NEEDED} needed: import longer histories${window > 4 ? `, or train with a smaller window than ${window}` : ''}`,
    { machineType, failures: long, needed: FAILURES_NEEDED, rows },
  );
};

const supported: readonly Task[] = ['rul', 'failure'];

/** What the labels of each machine type allow. */
export const feasibilityOf = (plant: UnitStore): Feasibility[] => {
  const types = [...new Set(plant.assets.machines().map((asset) => asset.machineType))];
  return types.map((machineType) => {
    const machines = machinesOf(plant, machineType);
    const failures = failedLives(machines).length;
    const tasks = (['rul', 'failure', 'fault', 'anomaly'] as const).map((task) => {
      if (!supported.includes(task)) return { task, possible: false, reason: 'this version does not learn this task' };
      return failures < FAILURES_NEEDED ? { task, possible: false, reason: labelWords(machineType, failures) } : { task, possible: true, reason: `${failures} failures known` };
    });
    return { machineType, machines: machines.length, failures, tasks, leftOut: leftOutLabels(plant, machineType, machines) };
  });
};

/**
 * The machine type that a request means: the one it names, else the one with the most failures.
 * @throws AppError('task-not-supported' | 'no-labels' | 'too-little-data' | 'not-found')
 */
export const machineTypeFor = (plant: UnitStore, task: Task, named: string | null): string => {
  if (!supported.includes(task)) throw new AppError('task-not-supported', `this version learns ${supported.join(' and ')}, not '${task}'; choose one of them`, { task });
  const known = feasibilityOf(plant);
  const chosen = named === null ? known.reduce<Feasibility | undefined>((best, one) => (best === undefined || one.failures > best.failures ? one : best), undefined) : known.find((one) => one.machineType === named);
  if (chosen === undefined && named !== null) throw new AppError('not-found', `there is no machine of type '${named}'; there are ${known.map((one) => one.machineType).join(', ') || 'none'}`, { machineType: named });
  if (chosen === undefined) throw new AppError('no-labels', 'there are no machines yet; import sensor logs and their failures first');
  if (chosen.failures < FAILURES_NEEDED) throw labelsMissing(chosen.machineType, chosen.failures);
  return chosen.machineType;
};
