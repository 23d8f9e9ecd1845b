import { existsSync } from 'node:fs';
import { append, clearFolder, eventRow, eventsHeader, logHeader, logRow, manifestOf, mendLastLine, pathsOf, readState, writeLog, writeState, writeWhole } from './files.ts';
import { historyStep, simulateHistory } from './history.ts';
import { kinds } from './kinds.ts';
import { SimulatedMachine, type PlantLogEntry } from './machine.ts';
import { plan } from './plan.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** A row each ten seconds while it runs live. */
export const liveStep = 10_000;
/** A pause longer than this leaves a hole in the logs instead of rows. */
const longestFill = 30 * day;

export interface PlantOptions {
  readonly folder: string;
  readonly seed: number;
  readonly historyDays: number;
  /** How many times faster than real time the machines wear while it runs live; their clocks stay real. */
  readonly wearSpeed: number;
}

const byTimeKnown = (a: PlantLogEntry, b: PlantLogEntry): number => a.knownAt - b.knownAt;

const writeHistory = ({ folder, seed, historyDays }: PlantOptions, now: number): void => {
  const paths = pathsOf(folder);
  clearFolder(folder);
  const to = Math.floor(now / liveStep) * liveStep;
  const from = to - Math.round((historyDays * day) / historyStep) * historyStep;
  const events: PlantLogEntry[] = [];
  const machines: Record<string, SimulatedMachine['state']> = {};
  for (const [i, machine] of plan.entries()) {
    const history = simulateHistory(machine, seed * 104_729 + i * 7919, from, to);
    const kind = kinds[machine.type];
    writeLog(paths.log(machine.name), logHeader(kind) + history.rows.map((row) => logRow(kind, row.at, row.readings)).join(''));
    events.push(...history.events);
    machines[machine.name] = history.machine.state;
  }
  writeLog(paths.events, eventsHeader + events.sort(byTimeKnown).map(eventRow).join(''));
  writeState(folder, { version: 1, at: to, machines });
  writeWhole(paths.manifest, `${JSON.stringify(manifestOf(plan, (machine) => kinds[machine.type], seed), null, 2)}\n`);
};

/** The plant in its folder: opened with its history, then moved on to whatever time it is. */
export class DemoPlant {
  readonly #options: PlantOptions;
  readonly #machines: SimulatedMachine[];
  #at: number;

  /** Opens the plant, and writes its history first where there is none yet. `now` in milliseconds since 1970. */
  constructor(options: PlantOptions, now: number) {
    const paths = pathsOf(options.folder);
    if (!existsSync(paths.manifest)) writeHistory(options, now);
    const state = readState(options.folder);
    const machines = plan.flatMap((machine) => {
      const known = state.machines[machine.name];
      return known === undefined ? [] : [new SimulatedMachine(machine, known)];
    });
    this.#options = options;
    this.#machines = machines;
    // Rows may be newer than the state: it is written after them. Their time is not written a second time.
    const ends = machines.map(({ plan: { name } }) => Date.parse(mendLastLine(paths.log(name))?.split(',')[0] ?? ''));
    mendLastLine(paths.events);
    this.#at = Math.max(state.at, ...ends.filter(Number.isFinite));
  }

  get at(): number {
    return this.#at;
  }

  /** Writes the rows that are due by `now`: ten-minute rows over a pause, ten-second rows at the end. Returns how many steps. */
  advance(now: number): number {
    const due = now - this.#at;
    if (due < liveStep) return 0;
    if (due > longestFill) this.#at = now - longestFill;
    const rows = new Map(this.#machines.map((machine) => [machine, '']));
    const events: PlantLogEntry[] = [];
    let steps = 0;
    while (now - this.#at >= liveStep) {
      const step = now - this.#at > 2 * historyStep ? historyStep : liveStep;
      this.#at += step;
      steps++;
      for (const machine of this.#machines) {
        const result = machine.step(this.#at, step / hour, this.#options.wearSpeed);
        events.push(...result.events);
        rows.set(machine, (rows.get(machine) ?? '') + logRow(machine.kind, this.#at, result.readings));
      }
    }
    this.#write(rows, events);
    return steps;
  }

  #write(rows: ReadonlyMap<SimulatedMachine, string>, events: PlantLogEntry[]): void {
    const paths = pathsOf(this.#options.folder);
    for (const [machine, text] of rows) append(paths.log(machine.plan.name), text);
    if (events.length > 0) append(paths.events, events.sort(byTimeKnown).map(eventRow).join(''));
    writeState(this.#options.folder, {
      version: 1,
      at: this.#at,
      machines: Object.fromEntries(this.#machines.map((machine) => [machine.plan.name, machine.state])),
    });
  }
}
