import { z } from 'zod';
import { Micros, SourceId } from './values.ts';

/**
 * file, folder: read where they lie. tcp-listen: loggers and PLCs connect here and push lines. tcp-connect: lines of a host that this
 * machine connects to. http-listen: bodies of POST requests. What comes over a network is kept in the plant's folder until it is stored.
 */
export const SourceKind = z.enum(['file', 'folder', 'tcp-listen', 'tcp-connect', 'http-listen']);
export type SourceKind = z.infer<typeof SourceKind>;

/**
 * following: rows come in, or are looked for. waiting: nothing to read yet. unreachable: tried again by itself. held: the plant can't store
 * at the moment; positions stay, it goes on by itself. stopped: by somebody. failed: somebody has to do something.
 */
export const SourceState = z.enum(['following', 'waiting', 'unreachable', 'held', 'stopped', 'failed']);
export type SourceState = z.infer<typeof SourceState>;

/** Why a source is in its state, as a code; the window words it with the details. */
export const SourceReasonCode = z.enum([
  // waiting
  'not-begun', 'no-connection', 'form-undecided',
  // unreachable; details: path or address, system (the system's own code)
  'not-there', 'in-use', 'not-permitted', 'no-answer', 'host-unknown', 'connection-refused', 'connection-lost', 'share-lost',
  // held
  'disk-full', 'folder-read-only', 'plant-locked', 'plant-damaged', 'storage-failed',
  // following, with something to say; details: file or peer, count
  'files-not-understood', 'backlog', 'line-too-long', 'connections-at-limit', 'peer-not-allowed',
  // failed; details: file, address, profile
  'file-not-understood', 'mapping-invalid', 'profile-missing', 'port-in-use', 'address-not-here', 'port-not-permitted', 'internal',
]);
export type SourceReasonCode = z.infer<typeof SourceReasonCode>;

export const SourceReason = z.strictObject({ code: SourceReasonCode, details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}) });
export type SourceReason = z.infer<typeof SourceReason>;

/** Limits and rules of a source that lines are pushed to. */
export const LinkOptions = z.strictObject({
  /** Addresses that may connect (10.1.2.3); empty: whoever reaches the port. */
  peers: z.array(z.string().min(1)).max(100).default([]),
  /** tcp: after every write to the disk the sender hears 'OK <bytes kept on this connection>'. */
  acknowledge: z.boolean().default(false),
  connections: z.int().min(1).max(1000).default(64),
  /** Bytes kept and not stored yet above which senders are made to wait. */
  mostWaitingBytes: z.int().min(1 << 16).default(64 << 20),
  /** http: a larger body is refused. */
  mostBodyBytes: z.int().min(1 << 10).default(32 << 20),
});
export type LinkOptions = z.infer<typeof LinkOptions>;

/** How a source is followed, beside where it is. */
export const SourceOptions = z.strictObject({
  /** 'auto', or the name of a stored profile. */
  profile: z.string().default('auto'),
  /** Whether the folders in a folder are read too: a folder a machine. */
  subfolders: z.boolean().default(true),
  /** Told as silent when nothing has come for so long; null: by how often it usually comes. */
  silentAfterSeconds: z.number().positive().nullable().default(null),
  link: LinkOptions.prefault({}),
});
export type SourceOptions = z.infer<typeof SourceOptions>;

export const Source = z.strictObject({
  id: SourceId,
  /** A followed file or folder, or an address: tcp-listen://HOST:PORT, tcp-connect://HOST:PORT, http-listen://HOST:PORT. */
  path: z.string(),
  kind: SourceKind,
  state: SourceState,
  reason: SourceReason.nullable(),
  /** The reason as a sentence, in English. */
  message: z.string().nullable(),
  /** Bytes stored of those there are, over all its files. */
  position: z.int(),
  size: z.int(),
  rowsStored: z.int(),
  quarantined: z.int(),
  /** Rows that came after newer ones; readings that were there already; readings that took another value's place. */
  counts: z.strictObject({ late: z.int(), duplicates: z.int(), replaced: z.int() }),
  /** When rows came in last. */
  lastRowAt: Micros.nullable(),
  /** Since when nothing has come, where something should have; null: rows come as they usually do. */
  silentSince: Micros.nullable(),
  /** Open connections; null for files and folders. */
  connections: z.int().nullable(),
  site: z.string().nullable(),
  asset: z.string().nullable(),
  options: SourceOptions,
});
export type Source = z.infer<typeof Source>;

/** What a sender has to be told to push to this source. */
export const SourceAccess = z.strictObject({
  /** tcp://HOST:PORT or http://HOST:PORT/ */
  address: z.string(),
  /** http: to be sent as 'Authorization: Bearer TOKEN'; null: none is asked for. */
  token: z.string().nullable(),
  /** A command that sends one line, for a try. */
  example: z.string(),
});
export type SourceAccess = z.infer<typeof SourceAccess>;
