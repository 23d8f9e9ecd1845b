import { FAILURES_OF_A_CLASS, MODES_NEEDED } from '../../ml/dataset/faults.ts';
import { FAILURES_NEEDED } from '../../ml/dataset/lives.ts';
import { minimumHistory } from '../../ml/dataset/windows.ts';
import type { Task } from '../../ml/documents/task.ts';
import { AppError, type ErrorDetails } from '../contract/errors.ts';
import type { Feasibility } from '../contract/feasibility.ts';
import { failureWords } from './feasibility/criteria.ts';
import { feasibilityOf, learned } from './feasibility/feasibility.ts';
import type { UnitStore } from './units.ts';

export const labelsMissing = (machineType: string, failures: number, details: ErrorDetails = {}): AppError =>
  new AppError(failures === 0 ? 'no-labels' : 'too-little-data', `${failureWords(machineType, failures)}${typeof details['unusable'] === 'string' ? details['unusable'] : ''}: record them as events (kind failure), or import them${meanwhile(details)}`, { machineType, failures, needed: FAILURES_NEEDED, ...details });

/** What can be learned instead, where there is something. */
const meanwhile = ({ proposed }: ErrorDetails): string => (typeof proposed === 'string' ? `; meanwhile: ${proposed}` : '');

/** Failures are known, but too few of them have enough readings before them. @param window rows of one window */
export const tooShort = (machineType: string, known: number, long: number, window: number): AppError => {
  const rows = minimumHistory(window);
  return new AppError(
    'too-little-data',
    `${known} failures of machines of type '${machineType}' are known, but only ${long} have at least ${rows} rows of readings before them, ${FAILURES_NEEDED} needed: import longer histories${window > 4 ? `, or train with a smaller window than ${window}` : ''}`,
    { machineType, failures: long, needed: FAILURES_NEEDED, rows },
  );
};

/** Failures that are recorded and can't be used, and why: "; 6 more are recorded and can't be used (its machine has no readings)". */
const unusableWords = ({ leftOut }: Feasibility): ErrorDetails => {
  if (leftOut.length === 0) return {};
  const reasons = [...new Set(leftOut.map(({ reason }) => reason.split(':')[0] ?? reason))].join('; ');
  return { unusable: `; ${leftOut.length} more ${leftOut.length === 1 ? 'is' : 'are'} recorded and can't be used (${reasons})` };
};

/** What is proposed instead of a task, as details of an error. */
const proposedBy = ({ proposal }: Feasibility): ErrorDetails => (proposal.task === null ? {} : { proposed: proposal.task });

/** Why a task can't be learned of a type of machines, and what can. */
const refusal = (task: Task, chosen: Feasibility, reason: string): AppError => {
  const { machineType, failures } = chosen;
  if (task === 'rul' || task === 'failure') {
    if (failures < FAILURES_NEEDED) return labelsMissing(machineType, failures, { ...proposedBy(chosen), ...unusableWords(chosen) });
  }
  const details = { machineType, failures, task, ...proposedBy(chosen) };
  return new AppError('too-little-data', `'${task}' can't be learned of machines of type '${machineType}': ${reason}${meanwhile(details)}`, details);
};

/**
 * The machine type that a request means: the one it names, else the one with the most failures for which the task can be learned.
 * @throws AppError('task-not-supported' | 'no-labels' | 'too-little-data' | 'not-found'), with the task that is proposed instead
 */
export const machineTypeFor = (plant: UnitStore, task: Task, named: string | null): string => {
  if (!learned.includes(task)) throw new AppError('task-not-supported', `this version learns ${learned.join(' and ')}, not '${task}'; choose one of them`, { task });
  const known = feasibilityOf(plant);
  const taskIn = (one: Feasibility): Feasibility['tasks'][number] | undefined => one.tasks.find((entry) => entry.task === task);
  const rank = (one: Feasibility): number => (taskIn(one)?.possible === true ? 1e9 : 0) + one.failures;
  const chosen = named === null ? known.reduce<Feasibility | undefined>((best, one) => (best === undefined || rank(one) > rank(best) ? one : best), undefined) : known.find((one) => one.machineType === named);
  if (chosen === undefined && named !== null) throw new AppError('not-found', `there is no machine of type '${named}'; there are ${known.map((one) => one.machineType).join(', ') || 'none'}`, { machineType: named });
  if (chosen === undefined) throw new AppError('no-labels', 'there are no machines yet; import sensor logs and their failures first');
  const found = taskIn(chosen);
  if (found?.possible === false && found.criteria.some(({ code, verdict }) => verdict === 'unmet' && code !== 'history')) throw refusal(task, chosen, found.reason);
  return chosen.machineType;
};

/** Failure modes are known, but too few of them have enough failures with readings before them to be told apart. */
export const tooFewModes = (machineType: string, modes: readonly string[]): AppError =>
  new AppError(
    'too-little-data',
    `kinds of faults of machines of type '${machineType}' can't be told apart: ${MODES_NEEDED} failure modes need ${FAILURES_OF_A_CLASS} failures each with readings before them, ${modes.length === 0 ? 'none has' : `only '${modes.join("', '")}' has`}: record the mode of each failure, or train 'failure' instead`,
    { machineType, modes: modes.length, needed: MODES_NEEDED },
  );
