import { FAILURES_NEEDED, FAILURES_WANTED } from '../../../ml/dataset/lives.ts';
import { medianOf } from '../../../ml/dataset/grid.ts';
import { Task } from '../../../ml/documents/task.ts';
import type { Amount, Criterion, HorizonFeasibility, Proposal, TaskFeasibility } from '../../contract/feasibility.ts';
import { failedLives, medianLife } from '../units.ts';
import { amountOf, amountWords, counted } from './counts.ts';
import { criteriaOf, type Ground } from './criteria.ts';

const day = 86_400e6;
/** Horizons that people plan by, in days; on a cycle axis in cycles. */
const HORIZONS = { time: [1, 7, 30], cycle: [10, 30, 100] } as const;
/** Readings that lie within a horizon at least. */
const FEWEST_READINGS = 2;
/** With a longer horizon nearly every window is 'fails soon'. */
const MOST_OF_LIFE = 0.5;
/** Horizon of `failure` where none is asked for, as a share of the median life: 30 of C-MAPSS's 199 cycles. */
export const HORIZON_SHARE = 0.15;

const horizonOf = ({ machines }: Ground, length: number): HorizonFeasibility => {
  const axis = machines[0]?.asset.axis ?? 'time';
  const horizon: Amount = axis === 'cycle' ? { value: length, unit: 'cycles' } : { value: length / day, unit: 'days' };
  const failed = failedLives(machines);
  const words = amountWords(horizon);
  if (failed.length < FAILURES_NEEDED) return { horizon, possible: false, code: 'too-few-failures', message: `${counted(failed.length, 'failure')}, ${FAILURES_NEEDED} needed` };
  const interval = medianOf(machines.map((machine) => machine.interval));
  const life = medianLife(failed);
  if (length < FEWEST_READINGS * interval) return { horizon, possible: false, code: 'too-short', message: `fewer than ${FEWEST_READINGS} readings lie within ${words}` };
  if (length > MOST_OF_LIFE * life) return { horizon, possible: false, code: 'too-long', message: `${words} are more than half of a life (median ${amountWords(amountOf(axis, life))})` };
  return { horizon, possible: true, code: 'possible', message: `about ${Math.round(length / interval)} readings lie within ${words}` };
};

const horizonsOf = (ground: Ground): HorizonFeasibility[] => {
  const [first] = ground.machines;
  if (first === undefined) return [];
  const { axis } = first.asset;
  return HORIZONS[axis].map((one) => horizonOf(ground, axis === 'cycle' ? one : one * day));
};

/** A mode that is rare makes no task doubtful for the others. */
const decides = ({ code }: Criterion): boolean => code !== 'failures-of-mode';

const taskOf = (task: Task, ground: Ground, built: boolean): TaskFeasibility => {
  const criteria = criteriaOf(task, ground, built);
  const deciding = criteria.filter(decides);
  const verdict = deciding.some((one) => one.verdict === 'unmet') ? 'impossible' : deciding.some((one) => one.verdict === 'doubtful') ? 'preliminary' : 'ready';
  const reason = verdict === 'ready' ? (deciding.find(({ code }) => code === 'failures' || code === 'modes' || code === 'healthy-running')?.message ?? '') : (deciding[0]?.message ?? '');
  return { task, verdict, possible: verdict !== 'impossible', reason, criteria, horizons: task === 'failure' ? horizonsOf(ground) : [] };
};

/** What each task lacks, in the order of `Task`. @param built those that this version learns */
export const tasksOf = (ground: Ground, built: readonly Task[]): TaskFeasibility[] => Task.options.map((task) => taskOf(task, ground, built.includes(task)));

/** Failures in words, by mode where there are few modes: "3 failures of 'BRD', 12 needed". */
const lacking = ({ modes, machines, machineType }: Ground): string => {
  const found = failedLives(machines).length;
  const few = modes.filter(({ usable, needed }) => usable < needed).slice(0, 3);
  if (found >= FAILURES_WANTED || machines.length === 0) return '';
  if (few.length === 0 || modes.length > 3) return `${counted(found, 'failure')} of '${machineType}', ${FAILURES_WANTED} needed`;
  return few.map(({ mode, usable, needed }) => `${counted(usable, 'failure')} of '${mode}', ${needed} needed`).join('; ');
};

/** What tells most comes first; what can be relied on comes before what can be tried, and that before what needs no failures. */
const preference: readonly Task[] = ['rul', 'failure', 'fault', 'anomaly'];

/** The one task that should be learned now. */
export const proposalOf = (ground: Ground, tasks: readonly TaskFeasibility[]): Proposal => {
  const of = (verdict: TaskFeasibility['verdict'], supervised: boolean): TaskFeasibility | undefined =>
    preference.flatMap((task) => tasks.find((one) => one.task === task) ?? []).find((one) => one.verdict === verdict && (one.task !== 'anomaly') === supervised);
  const chosen = of('ready', true) ?? of('preliminary', true) ?? of('ready', false) ?? of('preliminary', false);
  const lack = lacking(ground);
  if (chosen === undefined) {
    const blocked = tasks.find(({ task }) => task === 'rul')?.reason ?? '';
    return { task: null, verdict: 'impossible', horizon: null, message: lack === '' ? blocked : lack };
  }
  const horizon = chosen.task === 'failure' ? (chosen.horizons.find(({ possible }) => possible)?.horizon ?? null) : null;
  const doubt = chosen.verdict === 'preliminary' && chosen.task !== 'anomaly' ? `${chosen.reason}; it can be tried` : chosen.reason;
  const message = chosen.task === 'anomaly' ? `${lack === '' ? (tasks.find(({ task }) => task === 'rul')?.reason ?? '') : lack}; meanwhile: anomaly` : `${chosen.task}: ${doubt}`;
  return { task: chosen.task, verdict: chosen.verdict, horizon, message };
};
