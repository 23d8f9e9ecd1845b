import { createServer, connect, type Server, type Socket } from 'node:net';
import { AppError } from '../contract/errors.ts';
import { createPort, type PortEnd } from './port.ts';

const HEADER_BYTES = 5;
const TEXT = 0;
const BYTES = 1;
/** No message of the contract comes near this; a longer one is a stranger on the socket. */
const MAX_FRAME_BYTES = 256 * 1024 * 1024;

/** Frame on a stream: u32 length (little-endian), u8 kind (0 text, 1 bytes), body. */
const frameOf = (data: unknown): Buffer => {
  const text = typeof data === 'string';
  const body = text ? Buffer.from(data, 'utf8') : data instanceof Uint8Array ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : data instanceof ArrayBuffer ? Buffer.from(data) : null;
  if (body === null) throw new AppError('internal', `a port carries text or bytes; received ${typeof data}`);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  frame.writeUInt32LE(body.length, 0);
  frame.writeUInt8(text ? TEXT : BYTES, 4);
  body.copy(frame, HEADER_BYTES);
  return frame;
};

/** A port over a stream socket; the socket's end is the port's end and the other way round. */
export const portOfSocket = (socket: Socket): PortEnd => {
  const port = createPort((data) => socket.write(frameOf(data)));
  let pending: Buffer = Buffer.alloc(0);
  socket.on('data', (piece: Buffer) => {
    pending = pending.length === 0 ? piece : Buffer.concat([pending, piece]);
    for (;;) {
      if (pending.length < HEADER_BYTES) return;
      const length = pending.readUInt32LE(0);
      if (length > MAX_FRAME_BYTES) {
        socket.destroy();
        return;
      }
      if (pending.length < HEADER_BYTES + length) return;
      const body = pending.subarray(HEADER_BYTES, HEADER_BYTES + length);
      const data = pending.readUInt8(4) === TEXT ? body.toString('utf8') : new Uint8Array(body);
      pending = pending.subarray(HEADER_BYTES + length);
      port.receive(data);
    }
  });
  socket.on('close', () => port.end());
  // 'close' follows every 'error'; the port's end is how it is told.
  socket.on('error', () => undefined);
  port.on('close', () => socket.destroy());
  return port;
};

/** Listens on a local socket and hands each connection's port to `accept`. Rejects AppError('engine-unreachable') when it cannot. */
export const listen = (path: string, accept: (port: PortEnd) => void): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => accept(portOfSocket(socket)));
    server.once('error', (cause) => reject(new AppError('engine-unreachable', `no local socket could be opened at ${path}`, { path }, cause)));
    server.listen(path, () => resolve(server));
  });

/** Connects to an engine's local socket. Rejects AppError('engine-unreachable'). */
export const connectTo = (path: string): Promise<PortEnd> =>
  new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('error', (cause) => reject(new AppError('engine-unreachable', `the engine does not answer at ${path}; is the window still running?`, { path }, cause)));
    socket.once('connect', () => resolve(portOfSocket(socket)));
  });
