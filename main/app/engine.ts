import type { MessagePortMain } from 'electron';
import { createMultiplexer } from '../channel/multiplex.ts';
import type { PortEnd } from '../channel/port.ts';
import { EngineMessage, type EngineState } from '../contract/host.ts';
import { startWatched } from '../host/watched.ts';

export interface EngineProcess {
  state(): EngineState;
  /** Joins a page's port to a fresh port of the engine. */
  join(port: MessagePortMain): void;
  stop(): Promise<void>;
}

export interface EngineProcessOptions {
  readonly node: string;
  readonly file: string;
  readonly plantFolder: string;
  /** A plant that holds nothing yet becomes the demo plant at once. */
  readonly demo: boolean;
  /** The engine asks for the hidden window that computes: its end of the port, which is closed when there is no such window. */
  compute(port: PortEnd): void;
  onState(state: EngineState): void;
  onLine(line: string): void;
}

/** The engine as a watched child; relays bytes and never reads them. */
export const startEngineProcess = (options: EngineProcessOptions): EngineProcess => {
  let state: EngineState = { state: 'starting', reason: null, error: null, restarts: 0 };
  const tell = (next: EngineState): void => {
    state = next;
    options.onState(next);
  };
  const ports = createMultiplexer((message) => watched.send(message), options.compute);

  const watched = startWatched({
    name: 'engine',
    node: options.node,
    program: 'engine',
    file: options.file,
    args: ['--plant', options.plantFolder, ...(options.demo ? ['--demo'] : [])],
    onLine: options.onLine,
    onMessage: (message) => {
      if (ports.take(message)) return;
      const told = EngineMessage.safeParse(message);
      if (!told.success) return;
      if (told.data.kind === 'ready') watched.ready();
      else tell({ state: 'refused', reason: told.data.error.message, error: told.data.error, restarts: state.restarts });
    },
    onEnded: () => ports.endAll(),
    onStatus: (status) => {
      // A refusal stays on the screen: the next start will most likely be refused too, and says so itself if not.
      if (state.state === 'refused' && status.state !== 'running') return;
      tell({ state: status.state, reason: status.lastEnd, error: null, restarts: status.restarts });
    },
  });

  return {
    state: () => state,
    join: (page) => {
      const engine = ports.open();
      page.on('message', (event) => engine.postMessage(event.data));
      page.on('close', () => engine.end());
      engine.on('message', (event) => page.postMessage(event?.data));
      engine.on('close', () => page.close());
      page.start();
    },
    stop: () => watched.stop(),
  };
};
