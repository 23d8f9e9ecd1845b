import { FAILURES_OF_A_CLASS, MODES_NEEDED } from '../../../ml/dataset/faults.ts';
import { FAILURES_NEEDED, FAILURES_WANTED } from '../../../ml/dataset/lives.ts';
import { healthyParts, UNHEALTHY_SHARE } from '../../../ml/dataset/healthy.ts';
import { minimumHistory } from '../../../ml/dataset/windows.ts';
import { TrainingConfig } from '../../../ml/documents/config.ts';
import { medianOf } from '../../../ml/dataset/grid.ts';
import type { Criterion, FailureModeCount } from '../../contract/feasibility.ts';
import { failedLives, rowsOfLife, type MachineLives } from '../units.ts';
import { amountOf, amountWords, counted } from './counts.ts';
import type { ReadingsLook } from './readings.ts';

type Known = Pick<Criterion, 'code' | 'found' | 'needed' | 'unit' | 'message'> & Partial<Pick<Criterion, 'least' | 'mode' | 'details'>>;

const criterion = (verdict: Criterion['verdict'], known: Known): Criterion => ({ least: null, mode: null, details: {}, ...known, verdict });
const byCount = (known: Known): Criterion => criterion(known.found >= known.needed ? 'met' : known.found >= (known.least ?? known.needed) ? 'doubtful' : 'unmet', known);

/** Rows of healthy running that 'anomaly' is learned from. */
const HEALTHY_ROWS = 2000;
/** A failure is announced from so many readings on; three are the least that show a trend. */
const READINGS_OF_DEVELOPMENT = { least: 3, needed: 10 };
const SCORE = { least: 50, needed: 80 };
const SIGNIFICANT = 0.05;

/** What the criteria are judged by. */
export interface Ground {
  readonly machineType: string;
  readonly machines: readonly MachineLives[];
  readonly modes: readonly FailureModeCount[];
  /** Failures that were told, with or without readings. */
  readonly told: number;
  /** Sensors that all machines have. */
  readonly sensors: number;
  /** Step of the grid that training would choose, in axis units; null without failures. */
  readonly step: number | null;
  readonly look: ReadingsLook | null;
}

const readings = ({ machines, machineType }: Ground): Criterion =>
  byCount({ code: 'readings', found: machines.length, needed: 1, unit: 'machines', message: machines.length === 0 ? `no machine of type '${machineType}' has readings` : `${counted(machines.length, 'machine')} with readings` });

/** In words, how many failures there are and how many are needed. */
export const failureWords = (machineType: string, failures: number): string => {
  const known = `${counted(failures, 'failure')} of machines of type '${machineType}' known`;
  if (failures >= FAILURES_WANTED) return known;
  return failures < FAILURES_NEEDED ? `${known}, ${FAILURES_NEEDED} needed (${FAILURES_WANTED} for forecasts to rely on)` : `${known}, ${FAILURES_WANTED} needed for forecasts to rely on`;
};

const failures = ({ machines, machineType, told }: Ground): Criterion => {
  const found = failedLives(machines).length;
  if (found === 0 && told > 0) {
    const message = `${counted(told, 'failure')} of machines of type '${machineType}' ${told === 1 ? 'is' : 'are'} recorded, none with usable readings before it: import the machines' sensor logs; ${FAILURES_NEEDED} needed (${FAILURES_WANTED} for forecasts to rely on)`;
    return criterion('unmet', { code: 'failures', found, needed: FAILURES_WANTED, least: FAILURES_NEEDED, unit: 'failures', details: { machineType, told }, message });
  }
  const without = told > found ? `; ${counted(told - found, 'more has', 'more have')} no usable readings before ${told - found === 1 ? 'it' : 'them'}` : '';
  return byCount({ code: 'failures', found, needed: FAILURES_WANTED, least: FAILURES_NEEDED, unit: 'failures', details: { machineType, told }, message: `${failureWords(machineType, found)}${without}` });
};

/** A mode with few failures is told; the task is judged by all of them together. */
const failuresOfModes = ({ modes }: Ground): Criterion[] =>
  modes.map(({ mode, usable, failures: told, needed }) =>
    criterion(usable >= needed ? 'met' : 'doubtful', { code: 'failures-of-mode', found: usable, needed, unit: 'failures', mode, details: { told }, message: `${counted(usable, 'failure')} of '${mode}'${usable >= needed ? '' : `, ${needed} needed`}` }),
  );

const history = ({ machines, step }: Ground): Criterion[] => {
  const failed = machines.flatMap((machine) => machine.lives.filter(({ failureAt }) => failureAt !== null).map((life) => ({ machine, life })));
  const [first] = machines;
  if (step === null || first === undefined || failed.length === 0) return [];
  const { window } = TrainingConfig.parse({ task: 'rul' });
  const least = minimumHistory(window);
  const rows = failed.map(({ machine, life }) => rowsOfLife(machine.asset, life, step).rows);
  const [whole, some] = [rows.filter((count) => count >= window).length, rows.filter((count) => count >= least).length];
  const span = amountWords(amountOf(first.asset.axis, window * step));
  return [criterion(whole >= FAILURES_NEEDED ? 'met' : some >= FAILURES_NEEDED ? 'doubtful' : 'unmet', {
    code: 'history', found: whole, needed: FAILURES_NEEDED, unit: 'lives', details: { window, leastRows: least, livesWithLeast: some },
    message: `${counted(whole, 'failure')} with a whole window of readings (${window} rows, ${span}) before, ${counted(some, 'failure')} with at least ${least} rows`,
  })];
};

const sensors = ({ sensors: common, look, machines }: Ground): Criterion[] => {
  if (machines.length === 0) return [];
  const found = common - (look?.silent.length ?? 0);
  return [byCount({ code: 'sensors', found, needed: 1, unit: 'sensors', message: found === 0 ? 'no sensor that all machines have and that varies' : `${counted(found, 'sensor')} that all machines have${look === null ? '' : ', and that vary'}` })];
};

const quality = ({ look }: Ground): Criterion[] => {
  const scores = [...(look?.quality.values() ?? [])];
  if (scores.length === 0) return [];
  const found = medianOf(scores);
  return [criterion(found >= SCORE.needed ? 'met' : 'doubtful', { code: 'quality', found, ...SCORE, unit: 'score', message: `the readings have a quality of ${found.toFixed(0)} of 100 (median over machines)` })];
};

const movement = ({ look, machines }: Ground): Criterion[] => {
  const found = look?.movement ?? null;
  const lives = failedLives(machines).length;
  if (found === null) return [];
  const moves = found.p < SIGNIFICANT;
  const p = found.p < 0.001 ? 'p < 0.001' : `p = ${found.p.toFixed(3)}`;
  const tooFew = 2 ** (1 - found.lives) >= SIGNIFICANT;
  const message = moves ? `'${found.sensor ?? ''}' moves before failures (${p}, ${counted(found.lives, 'life', 'lives')})` : tooFew ? `${counted(found.lives, 'life', 'lives')} are too few to tell whether any sensor moves before failures` : `no sensor is seen to move before failures (${p}, ${counted(found.lives, 'life', 'lives')})`;
  const first: Criterion = criterion(moves ? 'met' : 'doubtful', { code: 'movement', found: found.p, needed: SIGNIFICANT, unit: 'p', details: { sensor: found.sensor, lives: found.lives, failures: lives, tooFew }, message });
  if (!moves || found.readings === null || found.showsFor === null) return [first];
  const sampling = criterion(found.readings >= READINGS_OF_DEVELOPMENT.needed ? 'met' : 'doubtful', {
    code: 'sampling', found: found.readings, ...READINGS_OF_DEVELOPMENT, unit: 'readings', details: { showsFor: found.showsFor.value, showsForUnit: found.showsFor.unit },
    message: `failures show for ${amountWords(found.showsFor)}: ${counted(Math.round(found.readings), 'reading')} within that time`,
  });
  return [first, sampling];
};

const healthyRunning = ({ machines }: Ground): Criterion => {
  const { window, validationShare } = TrainingConfig.parse({ task: 'anomaly' });
  const stretches = machines.flatMap(({ lives, interval }) => lives.map(({ start, end, failureAt }) => ({ rows: Math.floor((end - start) / interval), end: failureAt === null ? ('censored' as const) : ('failure' as const) })));
  // As freezing cuts them: what is learned from, and what is judged on a window's gap behind it.
  const parts = stretches.flatMap(({ rows, end }) => healthyParts({ asset: '', offset: 0, rows, start: 0, end, failureAt: null }, window, validationShare, 1));
  const found = parts.reduce((sum, { rows }) => sum + rows, 0);
  const longest = Math.max(0, ...stretches.map(({ rows, end }) => Math.floor(end === 'failure' ? (1 - UNHEALTHY_SHARE) * rows : rows)));
  const known = { code: 'healthy-running' as const, found, needed: HEALTHY_ROWS, unit: 'rows' as const, details: { longest, window } };
  if (!parts.some(({ split }) => split === 'train') || !parts.some(({ split }) => split === 'validation'))
    return criterion('unmet', { ...known, message: `no machine ran for long enough away from failures: the longest stretch has about ${counted(longest, 'row')}, too few to learn from and judge on with windows of ${window} rows` });
  return criterion(found >= HEALTHY_ROWS ? 'met' : 'doubtful', { ...known, message: `about ${counted(found, 'row')} of running away from failures` });
};

const modesEnough = ({ modes }: Ground): Criterion => {
  const enough = modes.filter(({ usable }) => usable >= FAILURES_OF_A_CLASS);
  const names = enough.map(({ mode }) => `'${mode}'`).join(', ');
  const dependable = modes.filter(({ usable, needed }) => usable >= needed).length;
  const verdict = dependable >= MODES_NEEDED ? 'met' : enough.length >= MODES_NEEDED ? 'doubtful' : 'unmet';
  return criterion(verdict, { code: 'modes', found: enough.length, needed: MODES_NEEDED, unit: 'modes', details: { failuresOfAClass: FAILURES_OF_A_CLASS, dependable }, message: `${counted(enough.length, 'failure mode')} with ${FAILURES_OF_A_CLASS} failures or more${names === '' ? '' : ` (${names})`}, ${MODES_NEEDED} needed to tell kinds of faults apart${verdict === 'doubtful' ? `; ${FAILURES_WANTED} failures of each for faults named to rely on` : ''}` });
};

const notBuilt = (): Criterion => criterion('unmet', { code: 'not-built', found: 0, needed: 1, unit: 'modes', message: 'this version does not learn this task' });

/** The criteria of each task; whether this version learns it is for the caller to say. */
export const criteriaOf = (task: 'rul' | 'failure' | 'fault' | 'anomaly', ground: Ground, built: boolean): Criterion[] => {
  const read = [readings(ground), ...sensors(ground), ...quality(ground)];
  const all = task === 'anomaly' ? [...read, healthyRunning(ground)] : task === 'fault' ? [modesEnough(ground), ...failuresOfModes(ground), ...history(ground), ...read, ...movement(ground)] : [failures(ground), ...failuresOfModes(ground), ...history(ground), ...read, ...movement(ground)];
  const rank = { unmet: 0, doubtful: 1, met: 2 };
  return [...(built ? [] : [notBuilt()]), ...all].sort((a, b) => rank[a.verdict] - rank[b.verdict]);
};
