import { AppError } from '../../main/contract/errors.ts';
import type { EngineState } from '../../main/contract/host.ts';
import { CONTRACT_VERSION, type Hello } from '../../main/contract/system.ts';
import { appErrorOf } from './appError.ts';
import type { Bridge } from './bridge.ts';
import { clientOver, type Client } from './client.ts';
import { pause } from './pause.ts';

/** How things stand between window and engine. */
export type Link =
  | { readonly state: 'connecting' }
  | { readonly state: 'open'; readonly hello: Hello }
  | { readonly state: 'lost'; readonly reason: string | null; readonly restarts: number }
  | { readonly state: 'refused'; readonly error: AppError };

interface OpenLink {
  readonly client: Client;
  /** Aborts when the port is gone, so that no call waits for an answer that can't come. */
  readonly signal: AbortSignal;
}

const HELLO_MS = 10_000;
const PORT_MS = 5_000;
const PATIENT_ATTEMPTS = 5;

/**
 * The one way to the engine. Keeps a port open for as long as the window lives: asks the bridge for a fresh one whenever the
 * engine was started again or the port closed, and says so to its listeners.
 */
export class Connection {
  readonly #bridge: Bridge;
  readonly #listeners = new Set<(link: Link) => void>();
  #link: Link = { state: 'connecting' };
  #open: OpenLink | null = null;
  #cut: ((reason: string | null) => void) | null = null;
  #wake: (() => void) | null = null;
  #restarts = 0;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  get link(): Link {
    return this.#link;
  }

  /** Hears every change of the link from now on; returns the function that ends it. */
  onLink(listener: (link: Link) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Opens the link and keeps it open until the window closes or the engine's contract is refused. */
  async run(): Promise<void> {
    this.#bridge.onEngineState((state) => this.#engineIs(state));
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.#serveOnePort();
        attempt = 0;
      } catch (thrown) {
        const error = appErrorOf(thrown);
        if (error.code === 'version-mismatch') return this.#become({ state: 'refused', error });
        // The first start of an engine takes a moment: that alone is no loss.
        if (this.#link.state === 'lost' || attempt >= PATIENT_ATTEMPTS) this.#lose(error.message);
      }
      await Promise.race([pause(attempt), new Promise<void>((resolve) => (this.#wake = resolve))]);
    }
  }

  /**
   * One call to the engine. Rejects with an AppError always: 'engine-unreachable' while there is no engine.
   * During the first connecting it waits.
   */
  async ask<T>(call: (client: Client, signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#link.state === 'connecting') await this.whenOpen(signal);
    const open = this.#open;
    if (open === null) throw new AppError('engine-unreachable', 'The engine is not running; it is being started again.');
    const both = signal === undefined ? open.signal : AbortSignal.any([signal, open.signal]);
    try {
      return await call(open.client, both);
    } catch (thrown) {
      if (open.signal.aborted && signal?.aborted !== true) throw new AppError('engine-unreachable', 'The engine ended before it answered.', {}, thrown);
      throw appErrorOf(thrown);
    }
  }

  /** Resolves once the link is open. Rejects when the signal aborts or the engine's contract is refused. */
  whenOpen(signal?: AbortSignal): Promise<void> {
    if (this.#link.state === 'open') return Promise.resolve();
    return new Promise((resolve, reject) => {
      const stop = this.onLink((link) => {
        if (link.state === 'open') done(resolve);
        if (link.state === 'refused') done(() => reject(link.error));
      });
      const done = (end: () => void): void => {
        stop();
        signal?.removeEventListener('abort', aborted);
        end();
      };
      const aborted = (): void => done(() => reject(new AppError('cancelled', 'The call was given up.')));
      signal?.addEventListener('abort', aborted);
    });
  }

  /** Serves one port from its arrival to its end. */
  async #serveOnePort(): Promise<void> {
    const port = await this.#freshPort();
    const gone = new AbortController();
    const ended = new Promise<string | null>((resolve) => {
      this.#cut = resolve;
      port.addEventListener('close', () => resolve(null));
    });
    void ended.then(() => gone.abort());
    port.start();
    const client = clientOver(port);
    try {
      const hello = await client.system.hello({ contract: CONTRACT_VERSION }, { signal: AbortSignal.any([gone.signal, AbortSignal.timeout(HELLO_MS)]) });
      this.#open = { client, signal: gone.signal };
      this.#become({ state: 'open', hello });
      this.#portEnded(await ended);
    } finally {
      gone.abort();
      port.close();
    }
  }

  /**
   * An engine that opens its plant anew ends its ports and lives on: then the next port is asked for and calls wait for it.
   * Where the engine is gone, the main process says so; or no port is given, which tells as much.
   */
  #portEnded(reason: string | null): void {
    if (reason !== null || this.#link.state !== 'open') return this.#lose(reason);
    this.#open = null;
    this.#become({ state: 'connecting' });
  }

  /** Listens first, then asks: the port may arrive before `connect` resolves. */
  async #freshPort(): Promise<MessagePort> {
    const given = new AbortController();
    const arrived = new Promise<MessagePort>((resolve, reject) => {
      const hear = (event: MessageEvent<unknown>): void => {
        const port = event.ports[0];
        if (event.source === window && event.data === 'millwright-port' && port !== undefined) resolve(port);
      };
      window.addEventListener('message', hear, { signal: given.signal });
      AbortSignal.any([given.signal, AbortSignal.timeout(PORT_MS)]).addEventListener('abort', () =>
        reject(new AppError('engine-unreachable', 'No way to the engine was given in time.')),
      );
    });
    try {
      const [port] = await Promise.all([arrived, this.#bridge.connect()]);
      return port;
    } finally {
      given.abort();
    }
  }

  #engineIs(state: EngineState): void {
    this.#restarts = state.restarts;
    if (state.state === 'running') {
      // A port that was asked for while the engine was gone leads to none: its answer is not waited for.
      if (this.#link.state === 'lost') this.#cut?.(null);
      this.#wake?.();
    }
    if (state.state === 'refused' && state.error !== null) this.#become({ state: 'refused', error: AppError.fromDocument(state.error) });
    if (state.state === 'restarting' || state.state === 'ended') {
      // The port may take a while to close by itself; people are told at once.
      this.#cut?.(state.reason);
      this.#lose(state.reason);
    }
  }

  /** A refusal stays said until the engine answers after all. */
  #lose(reason: string | null): void {
    this.#open = null;
    if (this.#link.state === 'refused') return;
    // Why it was lost is told, not why it can't be reached since.
    const first = this.#link.state === 'lost' ? this.#link.reason : null;
    this.#become({ state: 'lost', reason: first ?? reason, restarts: this.#restarts });
  }

  #become(link: Link): void {
    this.#link = link;
    for (const listener of this.#listeners) listener(link);
  }
}
