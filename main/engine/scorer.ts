import type { Prediction } from '../../ml/documents/prediction.ts';
import { AppError } from '../contract/errors.ts';
import { ScorerMessage, type Slice } from '../contract/scorer.ts';
import type { ProcessStatus } from '../contract/system.ts';
import { startFileOf } from '../host/places.ts';
import { startWatched, type Watched } from '../host/watched.ts';
import type { Log } from './log.ts';
import { quietTensorFlow } from './tensorFlowLog.ts';

export interface Scorer {
  /** Starts its process ahead of the first question. */
  warm(): void;
  /** Predictions by asset. Rejects AppError('process-ended') when the scorer dies before it answers. */
  ask(modelFolder: string, slices: Slice[]): Promise<Map<number, Prediction>>;
  stop(): Promise<void>;
}

interface Question {
  resolve(predictions: Map<number, Prediction>): void;
  reject(error: AppError): void;
}

/** The scorer's process, started when it is warmed or first asked: a plant without a model needs none. */
export const createScorer = (log: Log, onStatus: (status: ProcessStatus) => void): Scorer => {
  let watched: Watched | null = null;
  let next = 1;
  const waiting = new Map<number, Question>();

  const hear = (raw: unknown): void => {
    const message = ScorerMessage.parse(raw);
    if (message.kind === 'ready') {
      watched?.ready();
      return;
    }
    const question = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.kind === 'scored') question?.resolve(new Map(message.predictions.map(({ asset, prediction }) => [asset, prediction])));
    else question?.reject(AppError.fromDocument(message.error));
  };

  const start = (): Watched =>
    startWatched({
      name: 'scorer',
      node: process.execPath,
      program: 'scorer',
      file: startFileOf('scorer'),
      env: quietTensorFlow,
      onMessage: hear,
      onStatus,
      onLine: (line) => log.info('scorer', { line }),
      onEnded: (why) => {
        const asked = [...waiting.values()];
        waiting.clear();
        for (const question of asked) question.reject(new AppError('process-ended', `the scorer ended (${why}) before it answered; it is being started again`, { why }));
      },
    });

  return {
    warm: () => {
      watched ??= start();
    },
    ask: (modelFolder, slices) =>
      new Promise((resolve, reject) => {
        watched ??= start();
        const id = next;
        next += 1;
        waiting.set(id, { resolve, reject });
        if (!watched.send({ kind: 'score', id, modelFolder, slices })) {
          waiting.delete(id);
          reject(new AppError('process-ended', 'the scorer is being started again; the forecast follows with the next tick'));
        }
      }),
    stop: async () => {
      await watched?.stop();
      watched = null;
    },
  };
};
