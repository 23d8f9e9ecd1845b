import type { BackendReport } from '../documents/backend.ts';
import { measurePrediction, measureTraining } from './measure.ts';
import { graphState } from './program.ts';
import { selfCheck } from './selfCheck.ts';

export type BackendName = BackendReport['name'];

/** What a probe finds; who is chosen is decided when all are known. */
export type Probed = Omit<BackendReport, 'chosen'>;

/** A backend that loads and is set, by the name that documents carry. */
export interface LoadedBackend {
  readonly name: string;
  readonly versions: Record<string, string>;
}

const BUDGET_MS = 800;

/** The report of a backend that can't be used here. */
export const absent = (name: BackendName, device: string, reason: string): Probed => ({ name, device, available: false, reason, selfCheck: 'not-run', predictWindowsPerSecond: null, trainMsPerEpoch: null });

/** Self-check, then speed, of the backend that this process has set. @param trains false where training is known not to be worth measuring */
export const probeLoaded = async (name: BackendName, device: string, trains = true): Promise<Probed> => {
  const { forward, gradient } = await selfCheck();
  if (forward !== null) return { ...absent(name, device, `its self-check failed: ${forward}`), selfCheck: 'failed' };
  const predictWindowsPerSecond = await measurePrediction(BUDGET_MS);
  const trainMsPerEpoch = trains && gradient === null ? await measureTraining(BUDGET_MS) : null;
  const { problem } = graphState();
  const graphs = problem === null ? '' : `; operation by operation, as its graph can't be used: ${problem}`;
  const reason = !trains ? 'predicts; training takes over a thousand times as long as natively' : gradient === null ? `loads, and its self-check passed${graphs}` : `predicts, but can't train: ${gradient}`;
  return { name, device, available: true, reason, selfCheck: 'passed', predictWindowsPerSecond, trainMsPerEpoch };
};
