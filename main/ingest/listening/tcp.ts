import { connect, createServer, type Server, type Socket } from 'node:net';
import { AppError } from '../../contract/errors.ts';
import type { SourceReason } from '../../contract/sources.ts';
import type { Standing } from '../following/reasons.ts';
import { systemCode } from '../following/reasons.ts';
import { Feed, LineTooLong } from './feed.ts';
import { connectTrouble, type Link, type LinkParts, listenOn, peerOf } from './link.ts';

/** A dead peer is noticed so soon, though it says nothing. Milliseconds. */
const keepAlive = 30_000;
/** The shortest and longest wait between tries to connect. Milliseconds. */
const firstWait = 1000;
const longestWait = 60_000;
/** A sender that asks for no answer and reads none must not fill our memory with them. */
const mostUnreadAnswers = 64 * 1024;

/** Takes everything that a socket sends. A slow disk or a full queue slows the reading, and with it the sender. Ends with the connection. */
const receive = async (socket: Socket, feed: Feed): Promise<string> => {
  let lost = '';
  try {
    for await (const chunk of socket) if (Buffer.isBuffer(chunk)) await feed.write(chunk);
  } catch (thrown) {
    lost = thrown instanceof LineTooLong ? 'line-too-long' : systemCode(thrown) || 'ECONNRESET';
  } finally {
    socket.destroy();
  }
  await feed.end(lost === '');
  return lost;
};

const acknowledged = (socket: Socket, isWanted: boolean): ((bytes: number) => void) | null =>
  isWanted
    ? (bytes) => {
        if (socket.writable && socket.writableLength < mostUnreadAnswers) socket.write(`OK ${bytes}\n`);
      }
    : null;

/** Loggers and PLCs connect here and push lines. */
export class TcpListener implements Link {
  trouble: Standing | null = null;
  note: SourceReason | null = null;
  private readonly parts: LinkParts;
  private readonly sockets = new Set<Socket>();
  private readonly work = new Set<Promise<void>>();
  private readonly ending = new AbortController();
  private server: Server | null = null;

  constructor(parts: LinkParts) {
    this.parts = parts;
  }

  get connections(): number {
    return this.sockets.size;
  }

  start(): void {
    const { address, options } = this.parts;
    // Half open: what is acknowledged after the sender's last line still reaches it.
    const server = createServer({ keepAlive: true, keepAliveInitialDelay: keepAlive, noDelay: true, allowHalfOpen: options.acknowledge }, (socket) => {
      const work = this.serve(socket)
        .catch((thrown: unknown) => this.parts.log.error('a connection failed', { address: address.text, reason: AppError.of(thrown).message }))
        .finally(() => this.work.delete(work));
      this.work.add(work);
    });
    listenOn(server, this.parts, this, this.ending.signal, () => this.start());
    this.server = server;
  }

  async stop(): Promise<void> {
    this.ending.abort();
    this.server?.close();
    for (const socket of this.sockets) socket.destroy();
    this.parts.spool.release();
    await Promise.all(this.work);
  }

  private async serve(socket: Socket): Promise<void> {
    const { options, spool, onTrouble } = this.parts;
    const peer = peerOf(socket.remoteAddress);
    // What becomes of the socket is told by the reading of it.
    socket.on('error', () => undefined);
    if (options.peers.length > 0 && !options.peers.includes(peer)) {
      this.note = { code: 'peer-not-allowed', details: { peer } };
      socket.destroy();
      return;
    }
    this.sockets.add(socket);
    const feed = new Feed({ spool, signal: this.ending.signal, onTrouble }, peer, acknowledged(socket, options.acknowledge));
    try {
      const lost = await receive(socket, feed);
      if (lost === 'line-too-long') this.note = { code: 'line-too-long', details: { peer } };
    } finally {
      this.sockets.delete(socket);
    }
  }
}

/** Keeps up a connection to a host that sends lines. */
export class TcpConnector implements Link {
  trouble: Standing | null = null;
  note: SourceReason | null = null;
  private readonly parts: LinkParts;
  private readonly ending = new AbortController();
  private socket: Socket | null = null;
  private isOpen = false;
  private timer: NodeJS.Timeout | null = null;
  private wait = firstWait;
  private work: Promise<void> = Promise.resolve();

  constructor(parts: LinkParts) {
    this.parts = parts;
  }

  get connections(): number {
    return this.isOpen ? 1 : 0;
  }

  start(): void {
    this.work = this.serve().catch((thrown: unknown) => this.parts.log.error('a connection failed', { address: this.parts.address.text, reason: AppError.of(thrown).message }));
  }

  async stop(): Promise<void> {
    this.ending.abort();
    if (this.timer) clearTimeout(this.timer);
    this.socket?.destroy();
    this.parts.spool.release();
    await this.work;
  }

  private async serve(): Promise<void> {
    const { address, options, spool, onTrouble } = this.parts;
    const socket = connect({ host: address.host, port: address.port, keepAlive: true, keepAliveInitialDelay: keepAlive, noDelay: true });
    this.socket = socket;
    socket.setTimeout(longestWait, () => {
      if (!this.isOpen) socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }));
    });
    socket.on('error', () => undefined);
    socket.on('connect', () => {
      socket.setTimeout(0);
      this.isOpen = true;
      this.trouble = null;
      this.wait = firstWait;
    });
    const lost = await receive(socket, new Feed({ spool, signal: this.ending.signal, onTrouble }, address.host, acknowledged(socket, options.acknowledge)));
    this.isOpen = false;
    if (this.ending.signal.aborted) return;
    if (lost === 'line-too-long') this.note = { code: 'line-too-long', details: { peer: address.host } };
    this.trouble = connectTrouble(address.text, lost === 'line-too-long' ? '' : lost);
    // Spread, so that many that lost one host don't all come back in the same moment.
    this.timer = setTimeout(() => this.start(), this.wait * (0.75 + Math.random() / 2));
    this.wait = Math.min(longestWait, this.wait * 2);
  }
}
