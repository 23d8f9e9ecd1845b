import { setImmediate as breathe } from 'node:timers/promises';
import type { Multiplexer } from '../channel/multiplex.ts';
import type { TrainerCommand, TrainerMessage } from '../contract/trainer.ts';
import type { LoadedBackend } from '../../ml/backend/probeLoaded.ts';
import type { TrainingConfig } from '../../ml/documents/config.ts';
import type { ModelDocument } from '../../ml/documents/model.ts';
import { MlError } from '../../ml/errors.ts';
import { sizeOf } from '../../ml/models/layout.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../ml/training/checkpoint.ts';
import { prepare, type Prepared } from '../../ml/training/prepare.ts';
import type { FitState } from '../../ml/training/state.ts';
import { train, type TrainedModel } from '../../ml/training/train.ts';
import { verifyStored } from '../../ml/predictor/verify.ts';
import { trainForAnomaly } from './anomaly.ts';
import { chooseForRun } from './chooseForRun.ts';
import { appErrorOf } from './errors.ts';
import { withHonesty } from './honesty.ts';
import { readCheckpoint, readDataset, readFinishedModel, sha256, writeCheckpoint, writeModel } from './runFolder.ts';
import { trainInWindow } from './trainInWindow.ts';
import type { ComputeWindow } from './window.ts';

type TrainCommand = Extract<TrainerCommand, { kind: 'train' }>;

/** What a run finds in its process. */
export interface RunContext {
  readonly backend: LoadedBackend;
  /** Ports to the engine, by which the hidden window is reached; null in a process without a channel. */
  readonly ports: Multiplexer | null;
  /** A backend to be taken without measuring, by its name; empty: the faster one. */
  readonly wish: string;
  readonly signal: AbortSignal;
  tell(message: TrainerMessage): void;
}

const doneMessage = ({ bestEpoch, evaluation, fingerprint, parameters }: ModelDocument): TrainerMessage => ({ kind: 'done', bestEpoch, evaluation, fingerprint, parameters });

/** A checkpoint belongs to one dataset and one configuration. */
const ownerOf = (fingerprint: string, config: TrainingConfig): string => `${fingerprint} ${JSON.stringify(config)}`;

const stateOf = (bytes: Uint8Array | null, owner: string): FitState | undefined => (bytes === null ? undefined : (decodeCheckpoint(bytes, owner) ?? undefined));

/** A run between its frozen data and its model. */
interface Started {
  readonly command: TrainCommand;
  readonly prepared: Prepared;
  readonly owner: string;
  readonly context: RunContext;
}

const trainInProcess = async ({ command: { folder, model }, prepared, owner, context: { backend, signal, tell } }: Started, from: FitState | undefined): Promise<TrainedModel> =>
  train(prepared, { model, backend: backend.name, versions: backend.versions, sha256 }, {
    epoch: (record) => tell({ kind: 'epoch', record }),
    checkpoint: (state) => writeCheckpoint(folder, encodeCheckpoint(state, owner)),
    breathe: () => breathe(),
    evaluating: () => tell({ kind: 'evaluating' }),
    signal,
    now: () => performance.now(),
  }, from);

/** In the window; when the card is lost, from the last checkpoint on in this process. */
const trainOnCard = async (started: Started, window: ComputeWindow, from: Uint8Array | null): Promise<TrainedModel> => {
  const { command, prepared, owner, context } = started;
  const { folder, model } = command;
  const task = { dataset: prepared.dataset, model, config: prepared.config, owner, checkpoint: from ?? new Uint8Array() };
  const end = await trainInWindow(window, task, { signal: context.signal, tell: context.tell, checkpoint: (bytes) => writeCheckpoint(folder, bytes) });
  if ('trained' in end) return end.trained;
  const last = stateOf(await readCheckpoint(folder), owner);
  const afterEpoch = last?.history.length ?? 0;
  context.tell({ kind: 'backend', backend: context.backend.name, afterEpoch, why: 'lost', reason: `webgpu was lost (${end.lost}); the run goes on from ${afterEpoch === 0 ? 'its start' : `its checkpoint after epoch ${afterEpoch}`} on ${context.backend.name}` });
  return trainInProcess(started, last);
};

const runTraining = async (command: TrainCommand, context: RunContext): Promise<TrainerMessage> => {
  const { folder, config, resume } = command;
  const finished = resume ? await readFinishedModel(folder) : null;
  if (finished !== null) return doneMessage(finished);
  if (config.task === 'anomaly') {
    const detector = await trainForAnomaly(command, context, { signal: context.signal, breathe: () => breathe() });
    await writeModel(folder, detector);
    return doneMessage(detector.document);
  }
  const prepared = prepare(await readDataset(folder), config);
  const owner = ownerOf(prepared.dataset.document.fingerprint, prepared.config);
  const checkpoint = resume ? await readCheckpoint(folder) : null;
  const from = stateOf(checkpoint, owner);
  const epochsDone = from?.history.length ?? 0;
  context.tell({ kind: 'started', parameters: sizeOf(prepared.network.parameters), windows: prepared.training.ends.length, epochsDone });
  const { window, why, reason } = await chooseForRun(prepared, context.backend.name, context.ports, context.wish);
  context.tell({ kind: 'backend', backend: window === null ? context.backend.name : 'webgpu', afterEpoch: epochsDone, why, reason });
  const started = { command, prepared, owner, context };
  const trained = await withHonesty(prepared, window === null ? await trainInProcess(started, from) : await trainOnCard(started, window, from === undefined ? null : checkpoint));
  await verifyStored(trained, prepared);
  await writeModel(folder, trained);
  return doneMessage(trained.document);
};

/**
 * Does one training and tells how it goes.
 * @returns the last message: done, cancelled or failed; never throws
 */
export const runTrain = async (command: TrainCommand, context: RunContext): Promise<TrainerMessage> => {
  try {
    return await runTraining(command, context);
  } catch (thrown) {
    if (thrown instanceof MlError && thrown.code === 'cancelled') return { kind: 'cancelled', epochsDone: Number(thrown.details['epochsDone'] ?? 0) };
    return { kind: 'failed', error: appErrorOf(thrown).toDocument() };
  }
};
