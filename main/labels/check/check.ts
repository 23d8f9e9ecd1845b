import { AppError } from '../../contract/errors.ts';
import type { FailureMode, LabelFinding } from '../../contract/labels.ts';
import type { AssetId } from '../../contract/values.ts';
import { contradictions } from './contradiction.ts';
import { coverageFindings } from './coverage.ts';
import { entryFindings } from './entries.ts';
import { machineOf, type CheckedMachine, type CheckStore } from './machine.ts';
import { modeFindings } from './modes.ts';

const gravity = { error: 0, warning: 1, note: 2 } as const;

/** What makes events doubtful as labels, gravest first; nothing is changed. Machines are looked at one by one, with a turn for others between. */
export const checkLabels = async (plant: CheckStore, modes: readonly FailureMode[], asset: AssetId | null, signal?: AbortSignal): Promise<LabelFinding[]> => {
  const found: LabelFinding[] = [];
  const machines: CheckedMachine[] = [];
  const turn = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted === true) throw AppError.of(signal.reason);
  };
  for (const one of plant.assets.machines().filter(({ id }) => asset === null || id === asset)) {
    const machine = machineOf(plant, one);
    if (machine.events.length === 0) continue;
    machines.push(machine);
    found.push(...entryFindings(machine), ...coverageFindings(plant, machine), ...(await contradictions(plant, machine, turn)));
    await turn();
  }
  found.push(...modeFindings(machines, modes));
  return found.sort((a, b) => gravity[a.severity] - gravity[b.severity] || a.asset - b.asset || a.start - b.start);
};
