import type { ResourceMessage } from '../contract/resource.ts';

/** A published list: its documents now, and each change as the whole document. */
export interface Topic<T> {
  publish(item: T): void;
  remove(id: string | number): void;
  /** Snapshot, then changes, until the signal; a slow reader gets the newest document of each id, never a backlog. */
  stream(signal: AbortSignal | undefined): AsyncGenerator<ResourceMessage<T>, void, void>;
}

interface Reader<T> {
  pending: Map<string | number, { kind: 'upsert'; item: T } | { kind: 'remove' }>;
  wake: (() => void) | null;
}

/** @param list what the snapshot holds. @param idOf what tells two documents apart. */
export const createTopic = <T>(list: () => readonly T[], idOf: (item: T) => string | number): Topic<T> => {
  const readers = new Set<Reader<T>>();

  const tell = (id: string | number, change: { kind: 'upsert'; item: T } | { kind: 'remove' }): void => {
    for (const reader of readers) {
      // Deleted first so that a document changed again goes to the end of the queue.
      reader.pending.delete(id);
      reader.pending.set(id, change);
      reader.wake?.();
    }
  };

  async function* stream(signal: AbortSignal | undefined): AsyncGenerator<ResourceMessage<T>, void, void> {
    const reader: Reader<T> = { pending: new Map(), wake: null };
    const wake = (): void => reader.wake?.();
    readers.add(reader);
    signal?.addEventListener('abort', wake);
    try {
      let seq = 0;
      yield { kind: 'snapshot', seq, items: [...list()] };
      const over = (): boolean => signal?.aborted ?? false;
      while (!over()) {
        for (const [id, change] of reader.pending) {
          reader.pending.delete(id);
          seq += 1;
          yield change.kind === 'upsert' ? { kind: 'upsert', seq, item: change.item } : { kind: 'remove', seq, id };
        }
        if (reader.pending.size > 0 || over()) continue;
        await new Promise<void>((resolve) => {
          reader.wake = resolve;
        });
        reader.wake = null;
      }
    } finally {
      readers.delete(reader);
      signal?.removeEventListener('abort', wake);
    }
  }

  return { publish: (item) => tell(idOf(item), { kind: 'upsert', item }), remove: (id) => tell(id, { kind: 'remove' }), stream };
};
