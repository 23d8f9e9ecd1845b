import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../contract/errors.ts';

export interface FetchHooks {
  readonly signal: AbortSignal;
  /** Bytes that are there, from the start of the file on. */
  progress(bytes: number): void;
}

/** What is fetched, and how it is known to be it. */
export interface Wanted {
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
}

const ATTEMPTS = 4;
const PAUSE_MS = 500;

/** SHA-256 of a file, hexadecimal. */
export const sha256OfFile = async (file: string, signal: AbortSignal): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash, { signal });
  return hash.digest('hex');
};

const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0);

/** One attempt: goes on behind what is there already, where the server allows. */
const attempt = async ({ url, bytes }: Wanted, part: string, { signal, progress }: FetchHooks): Promise<void> => {
  const there = sizeOf(part);
  if (there >= bytes) return;
  const response = await fetch(url, { signal, headers: there > 0 ? { range: `bytes=${there}-` } : {} });
  if (!response.ok || response.body === null) throw new Error(`the server answered ${response.status}`);
  const goesOn = response.status === 206;
  let come = goesOn ? there : 0;
  const handle = await open(part, goesOn ? 'a' : 'w');
  try {
    // Piece by piece, so that all that came before a line is cut is there.
    for await (const piece of response.body) {
      await handle.appendFile(piece);
      progress((come += piece.length));
    }
  } finally {
    await handle.close();
  }
};

const cancelled = (signal: AbortSignal): AppError => AppError.of(signal.reason);

/**
 * Fetches one file whole: in pieces if it has to be, and only under its name once its hash is right.
 * @throws AppError('engine-unreachable') when the server can't be reached; 'file-unreadable' when it gives something else; 'cancelled'
 */
export const fetchFile = async (wanted: Wanted, file: string, hooks: FetchHooks): Promise<void> => {
  const part = `${file}.part`;
  mkdirSync(dirname(file), { recursive: true });
  let problem = '';
  for (let count = 1; count <= ATTEMPTS; count++) {
    if (count > 1) await pause(PAUSE_MS * 2 ** (count - 2));
    try {
      await attempt(wanted, part, hooks);
    } catch (thrown) {
      if (hooks.signal.aborted) throw cancelled(hooks.signal);
      // The line was cut: the next attempt goes on from here.
      problem = thrown instanceof Error ? `${thrown.message}${thrown.cause instanceof Error ? ` (${thrown.cause.message})` : ''}` : String(thrown);
      continue;
    }
    if (sizeOf(part) < wanted.bytes) {
      problem = `it ended after ${sizeOf(part)} of ${wanted.bytes} bytes`;
      continue;
    }
    const found = await sha256OfFile(part, hooks.signal);
    if (found === wanted.sha256) return renameSync(part, file);
    rmSync(part);
    throw new AppError('file-unreadable', `what ${wanted.url} gives is not the file that was chosen: expected SHA-256 ${wanted.sha256}, received ${found}. It was deleted; nothing of it was used.`, { url: wanted.url, expected: wanted.sha256, received: found });
  }
  throw new AppError('engine-unreachable', `${wanted.url} can't be fetched: ${problem}. What has come is kept; start again when the network is there, or bring the files by hand (--from).`, { url: wanted.url });
};
