import { AppError } from '../../../main/contract/errors.ts';
import type { ResourceMessage } from '../../../main/contract/resource.ts';
import { appErrorOf } from '../../engine/appError.ts';
import type { Client } from '../../engine/client.ts';
import type { Connection } from '../../engine/connection.ts';
import { pause } from '../../engine/pause.ts';
import { follow } from './follow.ts';
import { NOTHING, type Id } from './reduce.ts';

/** loading: nothing yet. live: as the engine has it. stale: what was last heard, the stream is being opened again. failed: nothing, and an error. */
export type Standing = 'loading' | 'live' | 'stale' | 'failed';

export type Open<T> = (client: Client, signal: AbortSignal) => Promise<AsyncIterable<ResourceMessage<T>>>;

/** Milliseconds in which changes are gathered before the screen hears of them. */
const GATHER_MS = 60;

/** A stream that nobody closed here was cut off with the link. */
const lossOf = (thrown: unknown): AppError => {
  const error = appErrorOf(thrown);
  return error.code === 'cancelled' ? new AppError('engine-unreachable', 'The engine ended before the stream did.', {}, thrown) : error;
};

/** One resource of the engine, followed for as long as the window lives (or until `close`). */
export class Resource<T> {
  status = $state<Standing>('loading');
  error = $state.raw<AppError | null>(null);
  items = $state.raw<readonly T[]>([]);
  byId = $state.raw<ReadonlyMap<Id, T>>(NOTHING);

  readonly #closing = new AbortController();
  #latest: ReadonlyMap<Id, T> | null = null;
  #heard = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(connection: Connection, open: Open<T>, idOf: (item: T) => Id) {
    const source = {
      // The link must stand before a stream is opened: a failed attempt would only show an error that is known already.
      open: async (signal: AbortSignal) => {
        await connection.whenOpen(signal);
        return connection.ask(open, signal);
      },
      idOf,
      pause,
      errorOf: lossOf,
    };
    const reader = {
      received: (collection: { items: ReadonlyMap<Id, T> }) => this.#gather(collection.items),
      lost: (error: AppError) => this.#lost(error),
    };
    void follow(source, reader, this.#closing.signal);
  }

  close(): void {
    this.#closing.abort();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #gather(items: ReadonlyMap<Id, T>): void {
    this.#latest = items;
    this.#timer ??= setTimeout(() => this.#publish(), this.status === 'live' ? GATHER_MS : 0);
  }

  /** Hears each change that the screen hears, for resources that tell people of some; the first snapshot has no `before`. */
  protected changed(_before: ReadonlyMap<Id, T>, _after: ReadonlyMap<Id, T>): void {}

  #publish(): void {
    this.#timer = null;
    if (this.#latest === null) return;
    if (this.#heard) this.changed(this.byId, this.#latest);
    this.#heard = true;
    this.byId = this.#latest;
    this.items = [...this.#latest.values()];
    this.status = 'live';
    this.error = null;
  }

  #lost(error: AppError): void {
    this.#publish();
    this.error = error;
    this.status = this.#latest === null ? 'failed' : 'stale';
  }
}
