import { z } from 'zod';
import { createPort, type PortEnd } from './port.ts';

/**
 * Many ports over one channel between two processes (a child's IPC). Both sides open some and number their own from 1 on: a message names a
 * port of its sender's by its number, one of its receiver's by the negative of it.
 */
export const PortMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('port-open'), port: z.int() }),
  z.strictObject({ kind: z.literal('port-data'), port: z.int(), data: z.union([z.string(), z.instanceof(Uint8Array), z.instanceof(ArrayBuffer)]) }),
  z.strictObject({ kind: z.literal('port-close'), port: z.int() }),
]);
export type PortMessage = z.infer<typeof PortMessage>;

export interface Multiplexer {
  /** Opens a port whose other end appears at the peer. */
  open(): PortEnd;
  /** Takes what came over the channel; false when it is no message of a port. */
  take(message: unknown): boolean;
  /** The channel is gone: every port ends. */
  endAll(): void;
}

/** @param send puts one message on the channel. @param accept is called with each port that the peer opens. */
export const createMultiplexer = (send: (message: PortMessage) => void, accept: (port: PortEnd) => void = () => undefined): Multiplexer => {
  /** By number; those that the peer opened by the negative of it. */
  const ports = new Map<number, PortEnd>();
  let next = 1;

  const make = (number: number): PortEnd => {
    const port = createPort((data) => {
      const message = PortMessage.safeParse({ kind: 'port-data', port: number, data });
      if (message.success) send(message.data);
    });
    ports.set(number, port);
    port.on('close', () => {
      if (ports.delete(number)) send({ kind: 'port-close', port: number });
    });
    return port;
  };

  return {
    open: () => {
      const number = next;
      next += 1;
      send({ kind: 'port-open', port: number });
      return make(number);
    },
    take: (raw) => {
      const parsed = PortMessage.safeParse(raw);
      if (!parsed.success) return false;
      const message = { ...parsed.data, port: -parsed.data.port };
      if (message.kind === 'port-open') accept(make(message.port));
      else if (message.kind === 'port-data') ports.get(message.port)?.receive(message.data);
      else {
        const port = ports.get(message.port);
        ports.delete(message.port);
        port?.end();
      }
      return true;
    },
    endAll: () => {
      const all = [...ports.values()];
      ports.clear();
      for (const port of all) port.end();
    },
  };
};
