import { untrack } from 'svelte';
import type { AppError } from '../../../main/contract/errors.ts';
import { appErrorOf } from '../../engine/appError.ts';
import type { Client } from '../../engine/client.ts';
import type { Connection } from '../../engine/connection.ts';
import { pause } from '../../engine/pause.ts';
import { Pace } from './pace.ts';
import type { Standing } from './resource.svelte.ts';

export type Ask<T> = (client: Client, signal: AbortSignal) => Promise<T>;

/** One answer of the engine: asked for at once, again by `refresh`, and again by itself when the engine was away. */
export class Query<T> {
  status = $state<Standing>('loading');
  error = $state.raw<AppError | null>(null);
  value = $state.raw<T | undefined>(undefined);

  readonly #connection: Connection;
  readonly #ask: Ask<T>;
  #running = new AbortController();

  /** `before` is shown, as stale, until the answer is there; `waits` is over when it is to be asked. */
  constructor(connection: Connection, ask: Ask<T>, before?: T, waits?: (signal: AbortSignal) => Promise<void>) {
    this.#connection = connection;
    this.#ask = ask;
    this.value = before;
    void this.#run(this.#running.signal, waits);
  }

  /** Asks again; what was there stays until the answer comes. */
  refresh(): Promise<void> {
    this.#running.abort();
    this.#running = new AbortController();
    return this.#run(this.#running.signal);
  }

  close(): void {
    this.#running.abort();
  }

  async #run(signal: AbortSignal, waits?: (signal: AbortSignal) => Promise<void>): Promise<void> {
    await waits?.(signal);
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        const value = await this.#connection.ask(this.#ask, signal);
        if (!signal.aborted) this.#answered(value);
        return;
      } catch (thrown) {
        if (signal.aborted) return;
        const error = appErrorOf(thrown);
        this.error = error;
        this.status = this.value === undefined ? 'failed' : 'stale';
        if (!error.traits.retry) return;
        await pause(attempt, signal);
        if (error.code === 'engine-unreachable') await this.#connection.whenOpen(signal).catch(() => undefined);
      }
    }
  }

  #answered(value: T): void {
    this.value = value;
    this.status = 'live';
    this.error = null;
  }
}

/**
 * The query that belongs to a key, for `$derived`: the same key gives the same query, another key closes it and asks anew,
 * showing the old answer until the new one is there. Keys that follow each other quickly (a wheel that turns) are asked for at a pace.
 */
export class KeyedQuery<T> {
  readonly #connection: Connection;
  #key: string | null = null;
  #current: Query<T> | null = null;
  readonly #pace = new Pace();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  at(key: string, ask: Ask<T>): Query<T> {
    if (this.#current !== null && this.#key === key) return this.#current;
    const before = this.#current;
    before?.close();
    this.#key = key;
    // Untracked: a derived that asks for a query must not depend on what the query happens to read.
    this.#current = untrack(() => new Query(this.#connection, ask, before?.value, this.#waits()));
    return this.#current;
  }

  close(): void {
    this.#current?.close();
  }

  #waits(): ((signal: AbortSignal) => Promise<void>) | undefined {
    const wait = this.#pace.wait(performance.now());
    if (wait === 0) return undefined;
    return async (signal) => {
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (!signal.aborted) this.#pace.asked(performance.now());
    };
  }
}
