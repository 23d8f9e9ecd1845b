import { z } from 'zod';
import { kinds, type MachineKind } from './kinds.ts';
import { Random, RandomState } from './random.ts';
import { setPoint, type Regime } from './regime.ts';

const hour = 3_600_000;
/** Wear speeds itself up (d' ~ 1 + 3d), so a life of H full-load hours needs this rate divided by H. */
const lifeIntegral = Math.log(4) / 3;
/** Share of lives that a planned overhaul ends before the machine breaks. */
const plannedShare = 0.14;

export interface MachinePlan {
  readonly name: string;
  readonly type: MachineKind['type'];
  readonly area: string;
  readonly line: string;
  readonly regime: Regime;
  /** Hours from the end of the history to the next failure, for machines with which the demo begins in trouble. */
  readonly failsAfterHours: number | null;
}

/** Everything a machine needs to go on: plain data, kept in state.json. */
export const MachineState = z.strictObject({
  random: RandomState,
  phase: z.enum(['in-service', 'failed', 'in-repair']),
  /** Milliseconds since 1970: end of the phase 'failed' or 'in-repair'. */
  phaseEnds: z.number(),
  repairStarted: z.number(),
  /** Wear of each part (0 new, 1 failed) and its rate an hour at full load. */
  wear: z.array(z.number()),
  rates: z.array(z.number()),
  lifeStart: z.number(),
  /** Planned overhaul, or null. */
  overhaulAt: z.number().nullable(),
  /** Which part broke last, -1: none, a planned overhaul. */
  brokenPart: z.int(),
  slow: z.record(z.string(), z.number()),
});
export type MachineState = z.infer<typeof MachineState>;

/** An entry of events.csv; times in milliseconds since 1970. */
export interface PlantLogEntry {
  readonly asset: string;
  readonly kind: 'failure' | 'maintenance';
  readonly mode: string;
  readonly start: number;
  readonly end: number | null;
  readonly knownAt: number;
  readonly comment: string;
}

export interface StepResult {
  readonly readings: number[];
  readonly events: PlantLogEntry[];
}

/** One machine: its parts wear while it runs, it breaks or is overhauled, is repaired and starts its next life. */
export class SimulatedMachine {
  readonly plan: MachinePlan;
  readonly kind: MachineKind;
  #state: Omit<MachineState, 'random' | 'slow'>;
  #random: Random;
  #slow: Map<string, number>;

  constructor(plan: MachinePlan, state: MachineState) {
    const { random, slow, ...rest } = structuredClone(state);
    this.plan = plan;
    this.kind = kinds[plan.type];
    this.#state = rest;
    this.#random = new Random(random);
    this.#slow = new Map(Object.entries(slow));
  }

  /** A machine as the history finds it: somewhere within its first life. */
  static begin(plan: MachinePlan, seed: number, at: number): SimulatedMachine {
    const kind = kinds[plan.type];
    const random = Random.seeded(seed);
    const machine = new SimulatedMachine(plan, {
      random: random.state,
      phase: 'in-service',
      phaseEnds: at,
      repairStarted: at,
      wear: kind.parts.map(() => 0),
      rates: kind.parts.map(() => 0),
      lifeStart: at,
      overhaulAt: null,
      brokenPart: -1,
      slow: {},
    });
    machine.#newLife(at);
    const used = machine.#random.between(0, 0.4);
    machine.#state.wear = machine.#state.wear.map((wear) => wear + used);
    return machine;
  }

  get state(): MachineState {
    return structuredClone({ ...this.#state, random: this.#random.state, slow: Object.fromEntries(this.#slow) });
  }

  /** When its present life began, in milliseconds since 1970. */
  get lifeStart(): number {
    return this.#state.lifeStart;
  }

  get inService(): boolean {
    return this.#state.phase === 'in-service';
  }

  /** Advances by one step that ends at `at` (milliseconds since 1970); `wearSpeed` above 1 ages it faster than real time. */
  step(at: number, stepHours: number, wearSpeed: number): StepResult {
    const events: PlantLogEntry[] = [];
    this.#passPhase(at, events);
    const drive = this.inService ? setPoint(this.plan.regime, at) : 0;
    if (drive > 0) this.#wear(drive, stepHours * wearSpeed);
    const readings = this.kind.measure({ at, stepHours, drive, wear: this.#state.wear, slow: this.#slow, random: this.#random });
    if (this.inService) this.#breakOrOverhaul(at, events);
    return { readings, events };
  }

  #wear(drive: number, hours: number): void {
    const { wear, rates } = this.#state;
    // How hard the days are on it: no operator sees it, and it keeps the end of a life from being known exactly.
    const harshness = this.#random.wander(this.#slow.get('harshness') ?? 0, hours, 36, 0.3);
    this.#slow.set('harshness', harshness);
    const pace = Math.exp(harshness - 0.045) * drive ** 2;
    this.#state.wear = wear.map((worn, part) => Math.min(1, worn + hours * (rates[part] ?? 0) * pace * (1 + 3 * worn)));
  }

  #breakOrOverhaul(at: number, events: PlantLogEntry[]): void {
    const state = this.#state;
    const broken = state.wear.findIndex((worn) => worn >= 1);
    const part = this.kind.parts[broken];
    if (part !== undefined) {
      state.brokenPart = broken;
      state.phase = 'failed';
      state.phaseEnds = at + this.#random.between(0.5, 3) * hour;
      events.push({ asset: this.plan.name, kind: 'failure', mode: part.mode, start: at, end: null, knownAt: at, comment: part.finding });
    } else if (state.overhaulAt !== null && at >= state.overhaulAt) {
      state.brokenPart = -1;
      state.phase = 'in-repair';
      state.repairStarted = at;
      state.phaseEnds = at + this.#random.between(4, 8) * hour;
    }
  }

  #passPhase(at: number, events: PlantLogEntry[]): void {
    const state = this.#state;
    if (state.phase === 'failed' && at >= state.phaseEnds) {
      state.phase = 'in-repair';
      state.repairStarted = at;
      state.phaseEnds = at + this.#random.between(4, 11) * hour;
    } else if (state.phase === 'in-repair' && at >= state.phaseEnds) {
      const part = this.kind.parts[state.brokenPart];
      events.push({
        asset: this.plan.name,
        kind: 'maintenance',
        mode: part === undefined ? 'preventive' : 'corrective',
        start: state.repairStarted,
        end: at,
        knownAt: at,
        comment: part === undefined ? 'planned overhaul, wearing parts replaced' : part.repair,
      });
      this.#newLife(at);
    }
  }

  #newLife(at: number): void {
    const state = this.#state;
    state.phase = 'in-service';
    state.lifeStart = at;
    state.wear = this.kind.parts.map(() => this.#random.between(0, 0.04));
    state.rates = this.kind.parts.map(({ medianHours, spread }) => lifeIntegral / this.#random.logNormal(medianHours, spread));
    const planned = this.#random.uniform() < plannedShare;
    const calendarHours = Math.min(...this.kind.parts.map((part) => part.medianHours)) * this.#random.between(0.7, 1.2);
    state.overhaulAt = planned ? at + calendarHours * hour : null;
    this.#slow.delete('iron');
  }
}
