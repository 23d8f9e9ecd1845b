import { describe, expect, it } from 'vitest';
import { AppError } from '../../../main/contract/errors.ts';
import type { ResourceMessage } from '../../../main/contract/resource.ts';
import { follow } from './follow.ts';
import { reduce, type Collection } from './reduce.ts';

interface Thing {
  readonly id: number;
  readonly name: string;
}
const idOf = (thing: Thing): number => thing.id;
const snapshot = (seq: number, ...items: Thing[]): ResourceMessage<Thing> => ({ kind: 'snapshot', seq, items });
const upsert = (seq: number, item: Thing): ResourceMessage<Thing> => ({ kind: 'upsert', seq, item });
const remove = (seq: number, id: number): ResourceMessage<Thing> => ({ kind: 'remove', seq, id });
const pump = { id: 1, name: 'pump' };
const fan = { id: 2, name: 'fan' };

const namesAfter = (...messages: ResourceMessage<Thing>[]): string[] | null => {
  let collection: Collection<Thing> | null = null;
  for (const message of messages) {
    collection = reduce(collection, message, idOf);
    if (collection === null) return null;
  }
  return [...(collection?.items.values() ?? [])].map((thing) => thing.name);
};

describe('a resource', () => {
  it('is its snapshot and the changes after it', () => {
    expect(namesAfter(snapshot(0, pump), upsert(1, fan), upsert(2, { id: 1, name: 'pump, repaired' }), remove(3, 2))).toEqual(['pump, repaired']);
  });

  it('is not told by changes before a snapshot, nor across a hole', () => {
    expect(namesAfter(upsert(1, fan))).toBeNull();
    expect(namesAfter(snapshot(0, pump), upsert(2, fan))).toBeNull();
    expect(namesAfter(snapshot(5, pump), upsert(5, fan))).toBeNull();
  });

  it('begins anew with any snapshot', () => {
    expect(namesAfter(snapshot(0, pump), snapshot(9, fan), upsert(10, pump))).toEqual(['fan', 'pump']);
  });
});

describe('following a stream', () => {
  /** Opens the given streams one after the other, then ends the following. */
  const run = async (streams: readonly (() => AsyncIterable<ResourceMessage<Thing>>)[]): Promise<{ heard: string[]; attempts: number[] }> => {
    const heard: string[] = [];
    const attempts: number[] = [];
    const ending = new AbortController();
    let opened = 0;
    await follow<Thing>(
      {
        open: () => {
          const stream = streams[opened++];
          return stream === undefined ? Promise.reject(new AppError('engine-unreachable', 'gone')) : Promise.resolve(stream());
        },
        idOf,
        pause: (attempt) => {
          attempts.push(attempt);
          if (attempts.length >= streams.length) ending.abort();
          return Promise.resolve();
        },
        errorOf: AppError.of,
      },
      {
        received: (collection) => heard.push([...collection.items.values()].map((thing) => thing.name).join('+')),
        lost: (error) => heard.push(`lost: ${error.code}`),
      },
      ending.signal,
    );
    return { heard, attempts };
  };

  async function* saying(...messages: ResourceMessage<Thing>[]): AsyncIterable<ResourceMessage<Thing>> {
    for (const message of messages) yield await Promise.resolve(message);
  }
  async function* breaking(): AsyncIterable<ResourceMessage<Thing>> {
    yield await Promise.resolve(snapshot(0, pump));
    throw new AppError('process-ended', 'killed');
  }

  it('opens it again when it ends, fails or leaves a hole', async () => {
    const { heard } = await run([() => saying(snapshot(0, pump)), breaking, () => saying(snapshot(0, pump), upsert(7, fan)), () => saying(snapshot(3, fan))]);
    expect(heard).toEqual(['pump', 'lost: engine-unreachable', 'pump', 'lost: process-ended', 'pump', 'lost: engine-unreachable', 'fan', 'lost: engine-unreachable']);
  });

  it('waits longer after each attempt that brought nothing, and shortly after one that did', async () => {
    const failing = (): AsyncIterable<ResourceMessage<Thing>> => {
      throw new AppError('engine-unreachable', 'not yet');
    };
    const { attempts } = await run([failing, failing, failing, () => saying(snapshot(0, pump)), failing]);
    expect(attempts).toEqual([0, 1, 2, 0, 1]);
  });
});
