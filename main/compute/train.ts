import type { LoadedBackend } from '../../ml/backend/probeLoaded.ts';
import { datasetOf } from '../../ml/dataset/table.ts';
import { MlError } from '../../ml/errors.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../ml/training/checkpoint.ts';
import { prepare } from '../../ml/training/prepare.ts';
import { train } from '../../ml/training/train.ts';
import type { ComputeCommand, ComputeMessage } from '../contract/compute.ts';

type TrainCommand = Extract<ComputeCommand, { kind: 'train' }>;

/** Tells the trainer something, with bytes beside it. */
export type Tell = (message: ComputeMessage, ...bytes: Uint8Array[]) => void;

/** Gives way to messages without the pause that timers of a hidden window get. */
const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });

const floatsOf = (bytes: Uint8Array): Float32Array => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.byteLength >> 2 }, (_, at) => view.getFloat32(4 * at, true));
};

/** The trainer writes the file and knows its hash. */
const leftToTheTrainer = (): string => '';

const run = async ({ model, document, config, owner }: TrainCommand, data: Uint8Array, checkpoint: Uint8Array, backend: LoadedBackend, signal: AbortSignal, tell: Tell): Promise<void> => {
  const prepared = prepare(datasetOf(document, floatsOf(data)), config);
  const from = checkpoint.length === 0 ? undefined : (decodeCheckpoint(checkpoint, owner) ?? undefined);
  const hooks = {
    epoch: (record: Extract<ComputeMessage, { kind: 'epoch' }>['record']) => tell({ kind: 'epoch', record }),
    checkpoint: (state: Parameters<typeof encodeCheckpoint>[0]) => Promise.resolve(tell({ kind: 'checkpoint' }, encodeCheckpoint(state, owner))),
    breathe,
    evaluating: () => tell({ kind: 'evaluating' }),
    signal,
    now: () => performance.now(),
  };
  const trained = await train(prepared, { model, backend: backend.name, versions: backend.versions, sha256: leftToTheTrainer }, hooks, from);
  tell({ kind: 'trained', document: trained.document }, trained.weights);
};

/** One training from its frozen data to its model; tells how it goes, and last how it ended. Never throws. */
export const trainHere = async (command: TrainCommand, [data = new Uint8Array(), checkpoint = new Uint8Array()]: readonly Uint8Array[], backend: LoadedBackend, signal: AbortSignal, tell: Tell): Promise<void> => {
  try {
    await run(command, data, checkpoint, backend, signal, tell);
  } catch (thrown) {
    if (thrown instanceof MlError && thrown.code === 'cancelled') tell({ kind: 'cancelled', epochsDone: Number(thrown.details['epochsDone'] ?? 0) });
    else if (thrown instanceof MlError) tell({ kind: 'failed', error: { code: thrown.code, message: thrown.message, details: { ...thrown.details } } });
    else tell({ kind: 'failed', error: { code: 'internal', message: `Training on the graphics card failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`, details: {} } });
  }
};
