import type { ProcessStatus } from '../contract/system.ts';
import { microsOf } from '../contract/values.ts';
import { startChild, type Child, type ChildOptions } from './child.ts';

export interface WatchedOptions extends Omit<ChildOptions, 'onExit'> {
  readonly name: ProcessStatus['name'];
  onStatus(status: ProcessStatus): void;
  /** Before each restart: what was asked of the dead one is lost. */
  onEnded?(why: string): void;
}

export interface Watched {
  send(message: unknown): boolean;
  status(): ProcessStatus;
  /** Ends it for good. Resolves when the process is gone. */
  stop(): Promise<void>;
  /** The child said that it is ready for work. */
  ready(): void;
}

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 30_000;
/** A process that lived this long starts with the shortest delay again. */
const STEADY_MS = 60_000;

/** A child that is started again whenever it ends, with growing delays while it keeps ending soon. */
export const startWatched = (options: WatchedOptions): Watched => {
  let child: Child | null = null;
  let stopping = false;
  let restarts = 0;
  let delay = FIRST_DELAY_MS;
  let timer: NodeJS.Timeout | null = null;
  let onGone: (() => void) | null = null;
  let status: ProcessStatus = { name: options.name, state: 'starting', pid: null, restarts: 0, lastEnd: null, since: microsOf(Date.now()) };

  const tell = (state: ProcessStatus['state'], lastEnd: string | null): void => {
    status = { name: options.name, state, pid: child?.pid ?? null, restarts, lastEnd, since: microsOf(Date.now()) };
    options.onStatus(status);
  };

  const start = (): void => {
    const startedAt = Date.now();
    child = startChild({
      ...options,
      onExit: (why) => {
        child = null;
        options.onEnded?.(why);
        if (stopping) {
          tell('ended', why);
          onGone?.();
          return;
        }
        if (Date.now() - startedAt > STEADY_MS) delay = FIRST_DELAY_MS;
        tell('restarting', why);
        timer = setTimeout(() => {
          restarts += 1;
          start();
        }, delay);
        delay = Math.min(delay * 2, LONGEST_DELAY_MS);
      },
    });
    tell('starting', status.lastEnd);
  };
  start();

  return {
    send: (message) => child?.send(message) ?? false,
    status: () => status,
    ready: () => tell('running', status.lastEnd),
    stop: () =>
      new Promise((resolve) => {
        stopping = true;
        if (timer !== null) clearTimeout(timer);
        if (child === null) {
          resolve();
          return;
        }
        onGone = resolve;
        child.stop();
      }),
  };
};
