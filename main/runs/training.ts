import type { TrainingConfig } from '../../ml/documents/config.ts';
import type { EpochRecord } from '../../ml/documents/history.ts';
import type { Evaluation } from '../../ml/documents/metrics.ts';
import { AppError } from '../contract/errors.ts';
import type { TrainerCommand, TrainerMessage } from '../contract/trainer.ts';

/** Starts a trainer in a process of its own; `exit` comes once, when it is gone, whatever the reason. */
export type StartTrainer = (on: { message(message: TrainerMessage): void; exit(why: string): void }) => { send(command: TrainerCommand): void; kill(): void; readonly pid: number };

/** A cancelled trainer stops after the batch it is in; one that does not is ended. */
const CANCEL_MS = 15_000;

export interface TrainingHooks {
  readonly signal: AbortSignal;
  ready(backend: string): void;
  epoch(record: EpochRecord): void;
  evaluating(): void;
}

export interface Trained {
  readonly bestEpoch: number;
  readonly evaluation: Evaluation;
}

export interface TrainingTask {
  readonly folder: string;
  /** Id of the model to be. */
  readonly model: string;
  readonly config: TrainingConfig;
  readonly resume: boolean;
}

/**
 * One training in a trainer of its own, from its first message to its last.
 * @throws AppError('cancelled'); 'run-cut' when the process ended before it had said how the run ended; what the trainer says failed
 */
export const trainIn = (start: StartTrainer, { folder, model, config, resume }: TrainingTask, hooks: TrainingHooks): Promise<Trained> =>
  new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | null = null;
    let over = false;
    const end = (settle: () => void): void => {
      if (over) return;
      over = true;
      if (timer !== null) clearTimeout(timer);
      hooks.signal.removeEventListener('abort', cancel);
      settle();
    };
    const hear = (message: TrainerMessage): void => {
      switch (message.kind) {
        case 'ready':
          hooks.ready(message.backend);
          break;
        case 'started':
          break;
        case 'epoch':
          hooks.epoch(message.record);
          break;
        case 'evaluating':
          hooks.evaluating();
          break;
        case 'done':
          end(() => resolve({ bestEpoch: message.bestEpoch, evaluation: message.evaluation }));
          break;
        case 'cancelled':
          end(() => reject(hooks.signal.aborted ? AppError.of(hooks.signal.reason) : new AppError('cancelled', `the training stopped after ${message.epochsDone} epochs; it can go on from there`)));
          break;
        case 'failed':
          end(() => reject(AppError.fromDocument(message.error)));
          break;
      }
    };
    const trainer = start({
      message: hear,
      exit: (why) => end(() => reject(hooks.signal.aborted ? AppError.of(hooks.signal.reason) : new AppError('run-cut', `the trainer ended (${why}) before the run did; the run can go on from its last checkpoint`, { why }))),
    });
    const cancel = (): void => {
      trainer.send({ kind: 'cancel' });
      timer = setTimeout(() => trainer.kill(), CANCEL_MS);
    };
    hooks.signal.addEventListener('abort', cancel);
    trainer.send({ kind: 'train', folder, model, config, resume });
    if (hooks.signal.aborted) cancel();
  });
