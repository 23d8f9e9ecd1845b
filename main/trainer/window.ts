import { packFrame, unpackFrame } from '../channel/frames.ts';
import type { Multiplexer } from '../channel/multiplex.ts';
import { ComputeMessage, type ComputeCommand } from '../contract/compute.ts';

/** The hidden window takes this long to open at most; a card that takes longer is of no use. */
const OPEN_MS = 20_000;

/** What the window said, with the bytes beside it; 'gone' when the conversation has ended without a last word. */
export type Heard = { readonly message: ComputeMessage; readonly bytes: readonly Uint8Array[] } | { readonly message: { readonly kind: 'gone' }; readonly bytes: readonly [] };

/** A window that has opened a graphics card. */
export interface ComputeWindow {
  readonly device: string;
  send(command: ComputeCommand, ...bytes: Uint8Array[]): void;
  /** The next message, in their order. After 'gone' there is none. */
  next(): Promise<Heard>;
  close(): void;
}

const gone: Heard = { message: { kind: 'gone' }, bytes: [] };

/** Messages one after the other, to who asks for the next. */
const createQueue = () => {
  const heard: Heard[] = [];
  let ask: ((next: Heard) => void) | null = null;
  return {
    put: (next: Heard): void => {
      if (ask === null) heard.push(next);
      else ask(next);
      ask = null;
    },
    next: (): Promise<Heard> =>
      new Promise((resolve) => {
        const first = heard.shift();
        if (first === undefined) ask = resolve;
        else resolve(first);
      }),
  };
};

/**
 * Asks for the hidden window over a port of the channel to the engine.
 * @returns the window, or why there is none
 */
export const openComputeWindow = async (ports: Multiplexer): Promise<ComputeWindow | string> => {
  const port = ports.open();
  const queue = createQueue();
  port.on('message', (event) => {
    const { document, bytes } = unpackFrame(event?.data);
    queue.put({ message: ComputeMessage.parse(document), bytes });
  });
  port.on('close', () => queue.put(gone));
  const timer = setTimeout(() => port.end(), OPEN_MS);
  const { message } = await queue.next();
  clearTimeout(timer);
  if (message.kind === 'opened' && message.device !== null)
    return { device: message.device, send: (command, ...bytes) => port.postMessage(packFrame(command, bytes)), next: queue.next, close: () => port.end() };
  port.end();
  if (message.kind === 'opened') return message.reason;
  return 'there is no window here that could compute: the app is not open, or this system has no graphics card';
};
