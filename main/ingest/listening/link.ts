import type { Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { LinkOptions, SourceReason } from '../../contract/sources.ts';
import { systemCode, type Standing } from '../following/reasons.ts';
import type { Log } from '../../engine/log.ts';
import type { Address } from './address.ts';
import type { Spool } from './spool.ts';

/** What a listener, or a connection that is kept up, works with. */
export interface LinkParts {
  address: Address;
  options: LinkOptions;
  spool: Spool;
  log: Log;
  /** Asked anew for each request: it can be renewed. */
  token(): string | null;
  /** What the disk says when it takes nothing; null once it does again. */
  onTrouble(code: string | null): void;
}

/** A socket that is listened on, or a connection that is kept up. */
export interface Link {
  readonly connections: number;
  /** What keeps it from receiving, or null. */
  readonly trouble: Standing | null;
  /** Something to be told though it receives; the newest. */
  readonly note: SourceReason | null;
  start(): void;
  stop(): Promise<void>;
}

const listenSentences: Partial<Record<string, [NonNullable<SourceReason>['code'], string]>> = {
  EADDRINUSE: ['port-in-use', 'is in use by another program'],
  EADDRNOTAVAIL: ['address-not-here', 'is no address of this machine'],
  EACCES: ['port-not-permitted', 'may not be used by this user; ports below 1024 belong to the system'],
  ENOTFOUND: ['host-unknown', "is a name that isn't known"],
};

/** Why a port can't be listened on. It is tried again: the other program may end. */
const listenTrouble = (address: string, system: string): Standing => {
  const [code, sentence] = listenSentences[system] ?? ['internal', `can't be listened on (${system})`];
  return { state: 'failed', reason: { code, details: { address, system } }, message: `${address} ${sentence}` };
};

const connectSentences: Partial<Record<string, [NonNullable<SourceReason>['code'], string]>> = {
  ECONNREFUSED: ['connection-refused', 'refuses the connection'],
  ECONNRESET: ['connection-lost', 'has cut the connection'],
  ENOTFOUND: ['host-unknown', "is a name that isn't known"],
  EAI_AGAIN: ['host-unknown', "is a name that isn't known now"],
};

/** Why a host can't be connected to, or isn't any more. */
export const connectTrouble = (address: string, system: string): Standing => {
  const [code, sentence] = connectSentences[system] ?? (system === '' ? ['connection-lost', 'has closed the connection'] : ['no-answer', `doesn't answer (${system})`]);
  return { state: 'unreachable', reason: { code, details: { address, system } }, message: `${address} ${sentence}; it is tried again` };
};

/** Addresses as people write them: without the prefix that IPv4 has on a socket of IPv6. */
export const peerOf = (address: string | undefined): string => (address ?? 'unknown').replace(/^::ffff:/, '');

/** What a listener tells of itself while it listens. */
interface Listening {
  trouble: Standing | null;
  note: SourceReason | null;
}

/** Milliseconds between tries to listen. */
const listenAgain = 5000;

/** Listens where the parts say, tells in `link` what keeps it, and calls `again` after a while until `signal`: the port may become free. */
export const listenOn = (server: Server, { address, options }: LinkParts, link: Listening, signal: AbortSignal, again: () => void): void => {
  server.maxConnections = options.connections;
  server.on('drop', () => {
    link.note = { code: 'connections-at-limit', details: { count: options.connections } };
  });
  server.on('listening', () => {
    link.trouble = null;
  });
  server.on('error', (thrown) => {
    link.trouble = listenTrouble(address.text, systemCode(thrown));
    server.close();
    // Rejected by the signal alone: then nobody listens any more.
    delay(listenAgain, undefined, { signal }).then(again, () => undefined);
  });
  server.listen(address.port, address.host);
};
