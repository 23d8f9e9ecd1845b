import { AppError } from '../../../main/contract/errors.ts';
import type { ResourceMessage } from '../../../main/contract/resource.ts';
import { reduce, type Collection, type Id } from './reduce.ts';

export interface StreamSource<T> {
  /** Opens the stream; rejects with an AppError. */
  open(signal: AbortSignal): Promise<AsyncIterable<ResourceMessage<T>>>;
  idOf(item: T): Id;
  /** Waits before the attempt of this number; ends at once when the signal aborts. */
  pause(attempt: number, signal: AbortSignal): Promise<void>;
  errorOf(thrown: unknown): AppError;
}

export interface StreamReader<T> {
  /** The resource after a message. */
  received(collection: Collection<T>): void;
  /** The stream ended or failed; it will be opened again. */
  lost(error: AppError): void;
}

/**
 * Reads a resource stream for ever: opens it, hands on what it tells, and opens it again with growing pauses when it ends,
 * fails or leaves a hole. Resolves when the signal aborts.
 */
export const follow = async <T>(source: StreamSource<T>, reader: StreamReader<T>, signal: AbortSignal): Promise<void> => {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      let collection: Collection<T> | null = null;
      for await (const message of await source.open(signal)) {
        collection = reduce(collection, message, source.idOf);
        if (collection === null) break;
        attempt = 0;
        reader.received(collection);
      }
      reader.lost(new AppError('engine-unreachable', 'The stream of changes ended.'));
    } catch (thrown) {
      if (!signal.aborted) reader.lost(source.errorOf(thrown));
    }
    await source.pause(attempt, signal);
  }
};
