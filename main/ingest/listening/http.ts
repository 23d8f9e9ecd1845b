import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { AppError } from '../../contract/errors.ts';
import type { SourceReason } from '../../contract/sources.ts';
import type { Standing } from '../following/reasons.ts';
import { systemCode } from '../following/reasons.ts';
import { Bodies } from './bodies.ts';
import { type Link, type LinkParts, listenOn, peerOf } from './link.ts';

const unpack = promisify(gunzip);

/** Seconds after which a sender that was turned away may come again. */
const comeAgain = 5;
/** Bytes of all bodies that are in memory at a time. */
const mostInMemory = 64 << 20;
/** A request that isn't whole after so long is given up. Milliseconds. */
const longestRequest = 60_000;

/** It stands in a file's name. */
const mostAssetBytes = 60;

/** What a request is answered with when it isn't taken. */
class Refusal extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const isAuthorized = (header: string | undefined, token: string | null): boolean => {
  const [, given] = /^Bearer\s+(\S+)\s*$/i.exec(header ?? '') ?? [];
  return token !== null && given !== undefined && timingSafeEqual(digest(given), digest(token));
};

/** POST /?asset=pump_1: the machine that lines which name none are about. */
const assetOf = (request: IncomingMessage): string | null => {
  // Not the whole address as a URL: a path like // is none, and only what is asked behind it counts.
  const [, asked = ''] = (request.url ?? '').split('?', 2);
  const asset = new URLSearchParams(asked).get('asset') ?? '';
  if (Buffer.byteLength(asset) > mostAssetBytes) throw new Refusal(400, `the name of an asset has at most ${mostAssetBytes} bytes`);
  return asset === '' ? null : asset;
};

const answer = (response: ServerResponse, status: number, document: Record<string, unknown>, headers: Record<string, string> = {}): void => {
  const body = `${JSON.stringify(document)}\n`;
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)), ...headers });
  response.end(body);
};

/**
 * Bodies of POST requests. 200 says that the body is on the disk, whole; whoever doesn't get one sends it again, and what was kept already is
 * counted as a duplicate.
 */
export class HttpListener implements Link {
  trouble: Standing | null = null;
  note: SourceReason | null = null;
  private readonly parts: LinkParts;
  private readonly ending = new AbortController();
  private readonly bodies: Bodies;
  private server: Server | null = null;
  private open = 0;
  private inMemory = 0;
  private readonly work = new Set<Promise<void>>();

  constructor(parts: LinkParts) {
    this.parts = parts;
    this.bodies = new Bodies(parts.spool, (thrown) => parts.onTrouble(systemCode(thrown) || 'EIO'));
  }

  get connections(): number {
    return this.open;
  }

  start(): void {
    const server = createServer({ requestTimeout: longestRequest, headersTimeout: longestRequest / 2, maxHeaderSize: 16 << 10 }, (request, response) => {
      const work = this.serve(request, response).finally(() => this.work.delete(work));
      this.work.add(work);
    });
    server.on('connection', (socket) => {
      this.open++;
      socket.on('close', () => this.open--);
    });
    listenOn(server, this.parts, this, this.ending.signal, () => this.start());
    this.server = server;
  }

  async stop(): Promise<void> {
    this.ending.abort();
    this.server?.close();
    this.server?.closeAllConnections();
    await Promise.all(this.work);
    await this.bodies.end();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let held = 0;
    try {
      this.check(request);
      const asset = assetOf(request);
      const bytes = await this.bodyOf(request, (added) => {
        held += added;
        this.inMemory += added;
        if (this.inMemory > 2 * mostInMemory) throw new Refusal(503, 'too much is being sent at once; send this again later', { 'retry-after': String(comeAgain), connection: 'close' });
      });
      await this.bodies.keep(bytes, peerOf(request.socket.remoteAddress), asset);
      this.parts.onTrouble(null);
      answer(response, 200, { bytes: bytes.length });
    } catch (thrown) {
      this.refuse(response, thrown);
    } finally {
      this.inMemory -= held;
    }
  }

  private check(request: IncomingMessage): void {
    const { options, spool, token } = this.parts;
    const peer = peerOf(request.socket.remoteAddress);
    if (options.peers.length > 0 && !options.peers.includes(peer)) {
      this.note = { code: 'peer-not-allowed', details: { peer } };
      throw new Refusal(403, `${peer} may not send here`, { connection: 'close' });
    }
    if (request.method !== 'POST') throw new Refusal(405, 'lines of CSV are expected as the body of a POST request', { allow: 'POST' });
    if (!isAuthorized(request.headers.authorization, token())) throw new Refusal(401, "the source's token is expected in the header 'Authorization: Bearer TOKEN'", { 'www-authenticate': 'Bearer', connection: 'close' });
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > options.mostBodyBytes) throw new Refusal(413, `a body of at most ${options.mostBodyBytes} bytes is expected`, { connection: 'close' });
    if (spool.isFull) throw new Refusal(429, 'what was sent before is not stored yet; send this again later', { 'retry-after': String(comeAgain) });
    if (this.inMemory + announced > mostInMemory) throw new Refusal(503, 'too much is being sent at once; send this again later', { 'retry-after': String(comeAgain) });
  }

  private async bodyOf(request: IncomingMessage, onBytes: (count: number) => void): Promise<Buffer> {
    const { mostBodyBytes } = this.parts.options;
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of request) {
      if (!Buffer.isBuffer(chunk)) continue;
      length += chunk.length;
      onBytes(chunk.length);
      if (length > mostBodyBytes) throw new Refusal(413, `a body of at most ${mostBodyBytes} bytes is expected`, { connection: 'close' });
      chunks.push(chunk);
    }
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding === 'identity') return Buffer.concat(chunks);
    if (encoding !== 'gzip') throw new Refusal(415, `the body is encoded as ${encoding}; plain or gzip was expected`);
    return await unpack(Buffer.concat(chunks), { maxOutputLength: mostBodyBytes }).catch(() => {
      throw new Refusal(400, `the body is no gzip file of at most ${mostBodyBytes} bytes unpacked`);
    });
  }

  private refuse(response: ServerResponse, thrown: unknown): void {
    if (response.destroyed) return;
    if (thrown instanceof Refusal) {
      answer(response, thrown.status, { error: thrown.message }, thrown.headers);
      return;
    }
    const system = systemCode(thrown);
    if (system === 'ECONNRESET' || system === 'ERR_STREAM_PREMATURE_CLOSE') return;
    this.parts.onTrouble(system === '' ? 'EIO' : system);
    this.parts.log.error('a body could not be kept', { address: this.parts.address.text, reason: AppError.of(thrown).message });
    answer(response, 503, { error: 'the body could not be kept; send it again later' }, { 'retry-after': String(comeAgain) });
  }
}
