import { constants, setPriority } from 'node:os';
import { setImmediate as breathe } from 'node:timers/promises';
import type { TrainerCommand, TrainerMessage } from '../contract/trainer.ts';
import { MlError } from '../../ml/errors.ts';
import { search } from '../../ml/search/search.ts';
import { appErrorOf } from './errors.ts';
import { readDataset, readSearch, writeSearch } from './runFolder.ts';

type SearchCommand = Extract<TrainerCommand, { kind: 'search' }>;

const runTrials = async ({ folder, config, minutes }: SearchCommand, signal: AbortSignal, tell: (message: TrainerMessage) => void): Promise<TrainerMessage> => {
  const dataset = await readDataset(folder);
  const report = await search(dataset, config, minutes, {
    trial: async (trial, soFar) => {
      await writeSearch(folder, soFar);
      tell({ kind: 'trial', trial, chosen: soFar.chosen, elapsedMs: soFar.elapsedMs });
    },
    breathe: () => breathe(),
    signal,
    now: () => performance.now(),
  }, (await readSearch(folder)) ?? undefined);
  await writeSearch(folder, report);
  return { kind: 'searched', report };
};

/**
 * Does one search, or goes on with it after the trials that its run's folder holds, and tells how it goes. It may take a night: whatever else
 * the machine has to do, readings to take in above all, comes first.
 * @returns the last message: searched, cancelled or failed; never throws
 */
export const runSearch = async (command: SearchCommand, signal: AbortSignal, tell: (message: TrainerMessage) => void): Promise<TrainerMessage> => {
  try {
    setPriority(constants.priority.PRIORITY_LOW);
    return await runTrials(command, signal, tell);
  } catch (thrown) {
    if (thrown instanceof MlError && thrown.code === 'cancelled') return { kind: 'cancelled', epochsDone: 0 };
    return { kind: 'failed', error: appErrorOf(thrown).toDocument() };
  }
};
