import { setImmediate as breathe } from 'node:timers/promises';
import type { TrainerCommand, TrainerMessage } from '../contract/trainer.ts';
import type { LoadedBackend } from '../../ml/backend/tfjs.ts';
import type { TrainingConfig } from '../../ml/documents/config.ts';
import type { ModelDocument } from '../../ml/documents/model.ts';
import { MlError } from '../../ml/errors.ts';
import { sizeOf } from '../../ml/models/layout.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../ml/training/checkpoint.ts';
import { prepare } from '../../ml/training/prepare.ts';
import type { FitState } from '../../ml/training/state.ts';
import { train } from '../../ml/training/train.ts';
import { appErrorOf } from './errors.ts';
import { readCheckpoint, readDataset, readFinishedModel, sha256, writeCheckpoint, writeModel } from './runFolder.ts';

type TrainCommand = Extract<TrainerCommand, { kind: 'train' }>;

const doneMessage = ({ bestEpoch, evaluation, fingerprint, parameters }: ModelDocument): TrainerMessage => ({ kind: 'done', bestEpoch, evaluation, fingerprint, parameters });

/** A checkpoint belongs to one dataset and one configuration. */
const ownerOf = (fingerprint: string, config: TrainingConfig): string => `${fingerprint} ${JSON.stringify(config)}`;

const lastState = async (folder: string, owner: string): Promise<FitState | undefined> => {
  const bytes = await readCheckpoint(folder);
  return bytes === null ? undefined : (decodeCheckpoint(bytes, owner) ?? undefined);
};

const runTraining = async ({ folder, model, config, resume }: TrainCommand, backend: LoadedBackend, signal: AbortSignal, tell: (message: TrainerMessage) => void): Promise<TrainerMessage> => {
  const finished = resume ? await readFinishedModel(folder) : null;
  if (finished !== null) return doneMessage(finished);
  const dataset = await readDataset(folder);
  const prepared = prepare(dataset, config);
  const owner = ownerOf(dataset.document.fingerprint, prepared.config);
  const from = resume ? await lastState(folder, owner) : undefined;
  tell({ kind: 'started', parameters: sizeOf(prepared.network.parameters), windows: prepared.training.ends.length, epochsDone: from?.history.length ?? 0 });
  const identity = { model, backend: backend.name, versions: backend.versions, sha256 };
  const trained = await train(prepared, identity, {
    epoch: (record) => tell({ kind: 'epoch', record }),
    checkpoint: (state) => writeCheckpoint(folder, encodeCheckpoint(state, owner)),
    breathe: () => breathe(),
    evaluating: () => tell({ kind: 'evaluating' }),
    signal,
    now: () => performance.now(),
  }, from);
  await writeModel(folder, trained);
  return doneMessage(trained.document);
};

/**
 * Does one training and tells how it goes.
 * @returns the last message: done, cancelled or failed; never throws
 */
export const runTrain = async (command: TrainCommand, backend: LoadedBackend, signal: AbortSignal, tell: (message: TrainerMessage) => void): Promise<TrainerMessage> => {
  try {
    return await runTraining(command, backend, signal, tell);
  } catch (thrown) {
    if (thrown instanceof MlError && thrown.code === 'cancelled') return { kind: 'cancelled', epochsDone: Number(thrown.details['epochsDone'] ?? 0) };
    return { kind: 'failed', error: appErrorOf(thrown).toDocument() };
  }
};
