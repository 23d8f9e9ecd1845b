import type { TrainerMessage } from '../contract/trainer.ts';
import type { TrainingConfig } from '../../ml/documents/config.ts';
import type { Dataset } from '../../ml/dataset/table.ts';
import type { TrainedModel } from '../../ml/training/train.ts';
import { AppError } from '../contract/errors.ts';
import { MlError } from '../../ml/errors.ts';
import { sha256 } from './runFolder.ts';
import type { ComputeWindow } from './window.ts';

export interface WindowTask {
  readonly dataset: Dataset;
  readonly model: string;
  readonly config: TrainingConfig;
  /** What the checkpoints belong to. */
  readonly owner: string;
  /** The checkpoint to go on from; empty: from the start. */
  readonly checkpoint: Uint8Array;
}

export interface WindowHooks {
  readonly signal: AbortSignal;
  tell(message: TrainerMessage): void;
  checkpoint(bytes: Uint8Array): Promise<void>;
}

/** How a training in the window ended: its model, or that the card was lost on the way. */
export type WindowEnd = { readonly trained: TrainedModel } | { readonly lost: string };

const bytesOf = (values: Float32Array): Uint8Array => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

const hear = async (window: ComputeWindow, { tell, checkpoint }: WindowHooks): Promise<WindowEnd> => {
  for (;;) {
    const { message, bytes } = await window.next();
    switch (message.kind) {
      case 'epoch':
        tell({ kind: 'epoch', record: message.record });
        break;
      case 'checkpoint':
        await checkpoint(bytes[0] ?? new Uint8Array());
        break;
      case 'evaluating':
        tell({ kind: 'evaluating' });
        break;
      case 'trained': {
        const weights = bytes[0] ?? new Uint8Array();
        return { trained: { document: { ...message.document, weightsSha256: sha256(weights) }, weights } };
      }
      case 'cancelled':
        throw new MlError('cancelled', `Training was cancelled after ${message.epochsDone} epochs.`, { epochsDone: message.epochsDone });
      case 'failed':
        // What the card could not do, the processor may; what is wrong with data or configuration would be wrong there too.
        if (message.error.code === 'internal') return { lost: message.error.message };
        throw AppError.fromDocument(message.error);
      case 'lost':
        return { lost: message.reason };
      case 'gone':
        return { lost: 'the window that computed on the graphics card has ended' };
      case 'opened':
      case 'probed':
      case 'measured':
        throw new Error(`The hidden window said '${message.kind}' while it should train.`);
    }
  }
};

/**
 * Trains in the hidden window; the files stay with this process.
 * @throws MlError 'cancelled'; AppError for what is wrong with data or configuration
 */
export const trainInWindow = async (window: ComputeWindow, { dataset, model, config, owner, checkpoint }: WindowTask, hooks: WindowHooks): Promise<WindowEnd> => {
  const cancel = (): void => window.send({ kind: 'cancel' });
  hooks.signal.addEventListener('abort', cancel, { once: true });
  try {
    window.send({ kind: 'train', model, document: dataset.document, config, owner }, bytesOf(dataset.values), checkpoint);
    if (hooks.signal.aborted) cancel();
    return await hear(window, hooks);
  } finally {
    hooks.signal.removeEventListener('abort', cancel);
    window.close();
  }
};
