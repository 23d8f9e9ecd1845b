import type { TrainingConfig } from '../../ml/documents/config.ts';
import type { EpochRecord } from '../../ml/documents/history.ts';
import type { Evaluation } from '../../ml/documents/metrics.ts';
import { AppError } from '../contract/errors.ts';
import type { Run } from '../contract/training.ts';
import type { TrainerCommand, TrainerMessage } from '../contract/trainer.ts';

/** Starts a trainer in a process of its own; `exit` comes once, when it is gone, whatever the reason. */
export type StartTrainer = (on: { message(message: TrainerMessage): void; exit(why: string): void }) => { send(command: TrainerCommand): void; kill(): void; readonly pid: number };

/** A cancelled trainer stops after the batch it is in; one that does not is ended. */
const CANCEL_MS = 15_000;

export interface TrainingHooks {
  readonly signal: AbortSignal;
  ready(backend: string): void;
  /** Where it computes from here on, and why: at its start, and when a backend is lost. */
  backend(use: Run['backends'][number]): void;
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

/** Hears what a trainer says on its way; `end` is called with its result. */
type Hear<T> = (message: TrainerMessage, end: (result: T) => void) => void;

/**
 * One command in a trainer of its own, from its first message to its last.
 * @throws AppError('cancelled'); 'run-cut' when the process ended before it had said how the work ended; what the trainer says failed
 */
export const converse = <T>(start: StartTrainer, command: TrainerCommand, signal: AbortSignal, hear: Hear<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | null = null;
    let over = false;
    const end = (settle: () => void): void => {
      if (over) return;
      over = true;
      if (timer !== null) clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      settle();
    };
    const ended = (otherwise: AppError): void => end(() => reject(signal.aborted ? AppError.of(signal.reason) : otherwise));
    const trainer = start({
      message: (message) => {
        if (message.kind === 'cancelled') ended(new AppError('cancelled', `the training stopped after ${message.epochsDone} epochs; it can go on from there`));
        else if (message.kind === 'failed') end(() => reject(AppError.fromDocument(message.error)));
        else hear(message, (result) => end(() => resolve(result)));
      },
      exit: (why) => ended(new AppError('run-cut', `the trainer ended (${why}) before the run did; the run can go on from where it was`, { why })),
    });
    const cancel = (): void => {
      trainer.send({ kind: 'cancel' });
      timer = setTimeout(() => trainer.kill(), CANCEL_MS);
    };
    signal.addEventListener('abort', cancel);
    trainer.send(command);
    if (signal.aborted) cancel();
  });

/** One training. @throws as `converse` does */
export const trainIn = (start: StartTrainer, task: TrainingTask, hooks: TrainingHooks): Promise<Trained> =>
  converse(start, { kind: 'train', ...task }, hooks.signal, (message, end) => {
    if (message.kind === 'ready') hooks.ready(message.backend);
    if (message.kind === 'backend') hooks.backend({ backend: message.backend, afterEpoch: message.afterEpoch, why: message.why, reason: message.reason });
    if (message.kind === 'epoch') hooks.epoch(message.record);
    if (message.kind === 'evaluating') hooks.evaluating();
    if (message.kind === 'done') end({ bestEpoch: message.bestEpoch, evaluation: message.evaluation });
  });
