import { SimulatedMachine, type MachinePlan, type MachineState, type PlantLogEntry } from './machine.ts';

const hour = 3_600_000;
/** A row each ten minutes. */
export const historyStep = 600_000;

export interface MachineHistory {
  /** The machine at the end of its history. */
  readonly machine: SimulatedMachine;
  /** Rows in order: end of the step in milliseconds since 1970, one reading a sensor. */
  readonly rows: { readonly at: number; readonly readings: readonly number[] }[];
  readonly events: PlantLogEntry[];
}

interface Recording extends MachineHistory {
  /** The machine as its newest life began, and how many rows and events there were by then. */
  readonly newestLife: { readonly state: MachineState; readonly at: number; readonly rows: number; readonly events: number };
}

const record = (plan: MachinePlan, begin: MachineState, from: number, to: number): Recording => {
  const machine = new SimulatedMachine(plan, begin);
  const rows: MachineHistory['rows'] = [];
  const events: PlantLogEntry[] = [];
  let newestLife: Recording['newestLife'] = { state: begin, at: from, rows: 0, events: 0 };
  for (let at = from + historyStep; at <= to; at += historyStep) {
    const before = machine.lifeStart;
    const result = machine.step(at, historyStep / hour, 1);
    rows.push({ at, readings: result.readings });
    events.push(...result.events);
    if (machine.lifeStart !== before) newestLife = { state: machine.state, at, rows: rows.length, events: events.length };
  }
  return { machine, rows, events, newestLife };
};

/** When a machine that goes on from `state` at `from` breaks, by ten-minute steps; Infinity when not until `limit`. */
const breaksAt = (plan: MachinePlan, state: MachineState, from: number, limit: number): number => {
  const machine = new SimulatedMachine(plan, state);
  for (let at = from + historyStep; at <= limit; at += historyStep) {
    if (machine.step(at, historyStep / hour, 1).events.some((event) => event.kind === 'failure')) return at;
  }
  return Infinity;
};

/** The same life with all its rates of wear multiplied, and no overhaul planned in it. */
const paced = (state: MachineState, factor: number): MachineState => ({ ...state, overhaulAt: null, rates: state.rates.map((rate) => rate * factor) });

/** The pace of its newest life with which the machine breaks at `target`: found by halving, since a faster life ends sooner. */
const paceToBreakAt = (plan: MachinePlan, state: MachineState, from: number, target: number): number => {
  let [slow, fast] = [0.05, 20];
  for (let i = 0; i < 40; i++) {
    const middle = Math.sqrt(slow * fast);
    if (breaksAt(plan, paced(state, middle), from, target + historyStep) > target) slow = middle;
    else fast = middle;
  }
  return fast;
};

/**
 * The history of one machine from `from` to `to`. Where its plan wants it in trouble at the end, the pace of its newest life is set so
 * that it breaks at the wanted time; of several seeds that one is taken whose newest life has a natural pace, near 1.
 */
export const simulateHistory = (plan: MachinePlan, seed: number, from: number, to: number): MachineHistory => {
  if (plan.failsAfterHours === null) return record(plan, SimulatedMachine.begin(plan, seed, from).state, from, to);
  const target = to + plan.failsAfterHours * hour;
  let best: { recording: Recording; pace: number } | null = null;
  for (let attempt = 0; attempt < 16; attempt++) {
    const recording = record(plan, SimulatedMachine.begin(plan, seed + attempt * 1009, from).state, from, to);
    const pace = paceToBreakAt(plan, recording.newestLife.state, recording.newestLife.at, target);
    if (best === null || Math.abs(Math.log(pace)) < Math.abs(Math.log(best.pace))) best = { recording, pace };
    if (Math.abs(Math.log(pace)) < 0.1) break;
  }
  if (best === null) throw new Error('no history was simulated');
  const { newestLife, rows, events } = best.recording;
  const tail = record(plan, paced(newestLife.state, best.pace), newestLife.at, to);
  return { machine: tail.machine, rows: [...rows.slice(0, newestLife.rows), ...tail.rows], events: [...events.slice(0, newestLife.events), ...tail.events] };
};
