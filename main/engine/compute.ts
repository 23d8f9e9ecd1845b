import { createMultiplexer, type Multiplexer } from '../channel/multiplex.ts';
import type { PortEnd } from '../channel/port.ts';
import { relayPorts } from '../channel/relay.ts';

/** Opens a port to the hidden window that computes on the graphics card; null where there is no window app around this engine. */
export type OpenCompute = (() => PortEnd) | null;

/** The argument that tells a trainer that its ports lead to the hidden window. */
export const computeArgs = (open: OpenCompute): string[] => (open === null ? [] : ['--window']);

/** Ports of a trainer, each joined to one of the hidden window: bytes are relayed and never read. */
export const relayCompute = (send: (message: object) => void, open: OpenCompute): Multiplexer =>
  createMultiplexer(send, (port) => {
    if (open === null) port.end();
    else relayPorts(port, open());
  });
