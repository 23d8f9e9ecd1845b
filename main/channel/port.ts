/** What one message of the wire is: text, or bytes where a call carries a file. */
export type Frame = string | Uint8Array;

/**
 * One conversation between a face and the engine, over whatever carries it. The form is that of Electron's MessagePortMain,
 * which the RPC library takes as it is.
 */
export interface Port {
  postMessage(data: unknown): void;
  on(event: string, listener: (event?: { data: unknown }) => void): void;
}

/** A port whose other end is in this code's hands: what carries the frames calls `receive` and `end`. */
export interface PortEnd extends Port {
  receive(data: unknown): void;
  end(): void;
}

/** A port that hands outgoing frames to `send`. After `end` nothing is sent and nothing is heard. */
export const createPort = (send: (data: unknown) => void): PortEnd => {
  const listeners = { message: new Set<(event?: { data: unknown }) => void>(), close: new Set<(event?: { data: unknown }) => void>() };
  let open = true;
  return {
    postMessage: (data) => {
      if (open) send(data);
    },
    on: (event, listener) => {
      if (event === 'message' || event === 'close') listeners[event].add(listener);
    },
    receive: (data) => {
      if (open) for (const listener of listeners.message) listener({ data });
    },
    end: () => {
      if (!open) return;
      open = false;
      for (const listener of listeners.close) listener();
    },
  };
};

/** Two ports joined back to back, for a face that lives in the engine's own process. Delivery is asynchronous, as on any wire. */
export const createPortPair = (): [PortEnd, PortEnd] => {
  const first: PortEnd = createPort((data) => queueMicrotask(() => second.receive(data)));
  const second: PortEnd = createPort((data) => queueMicrotask(() => first.receive(data)));
  return [first, second];
};
