import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import { AppError } from '../../contract/errors.ts';
import { insideArchive, isZipHead, membersOf, sizeOfMember, streamOfMember } from './archive.ts';
import { detectEncoding } from './encoding.ts';

const chunkBytes = 1 << 20;

/** How many bytes of a file's start are read to find its form. */
export const sampleBytes = 256 * 1024;

/** How many bytes of a file's start tell one file from another; shorter while the file is shorter. */
export const identityBytes = 4096;

const isFolder = (cause: unknown): boolean => cause instanceof Error && 'code' in cause && cause.code === 'EISDIR';

const unreadable = (path: string, cause: unknown): AppError =>
  isFolder(cause)
    ? new AppError('file-unreadable', `${path} is a folder; name the files in it, or follow the folder`, { path }, cause)
    : new AppError('file-unreadable', `${path} can't be read (${cause instanceof Error ? cause.message : String(cause)}); check that it exists and that this user may read it`, { path }, cause);

/** True where the file is compressed by gzip: by its first two bytes, never by its name. */
export const isGzip = async (path: string): Promise<boolean> => {
  const head = await readHead(path, 2);
  return head[0] === 0x1f && head[1] === 0x8b;
};

/** The first bytes of a file as they lie on the disk, or in its archive. Throws file-unreadable. */
export const readHead = async (path: string, count: number): Promise<Buffer> => {
  const inside = insideArchive(path);
  if (inside) return await headOf(await streamOfMember(inside.archive, inside.name), path, count);
  try {
    const file = await open(path, 'r');
    try {
      const bytes = Buffer.alloc(count);
      const { bytesRead } = await file.read(bytes, 0, count, 0);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
};

const headOf = async (stream: Readable, path: string, count: number): Promise<Buffer> => {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      if (!Buffer.isBuffer(chunk)) continue;
      parts.push(chunk);
      length += chunk.length;
      if (length >= count) break;
    }
  } catch (cause) {
    throw unreadable(path, cause);
  } finally {
    stream.destroy();
  }
  return Buffer.concat(parts).subarray(0, count);
};

/** The files themselves, and in the place of each zip archive the files in it. What can't be opened stays as it is: reading it says why. */
export const withMembers = async (paths: readonly string[]): Promise<string[]> => {
  const all: string[] = [];
  for (const path of paths) {
    const isArchive = await readHead(path, 4).then(isZipHead, () => false);
    const members = isArchive ? await membersOf(path).catch(() => null) : null;
    all.push(...(members?.map((member) => member.path) ?? [path]));
  }
  return all;
};

/** Size of the file in bytes, on the disk, or unpacked where it lies in an archive. Throws file-unreadable. */
export const sizeOf = async (path: string): Promise<number> => {
  const inside = insideArchive(path);
  if (inside) return await sizeOfMember(inside.archive, inside.name);
  try {
    return (await stat(path)).size;
  } catch (cause) {
    throw unreadable(path, cause);
  }
};

/**
 * SHA-256 over the first `count` bytes: the same file under another name, or another file under the same name. `twin`: tells apart files
 * that begin alike and lie side by side; empty for all others.
 */
export const identityOf = (head: Buffer, count: number, twin = ''): string => createHash('sha256').update(head.subarray(0, count)).update(twin).digest('hex');

/**
 * Raw or unpacked bytes of a file from `start` on (counted in unpacked bytes), chunk by chunk; a slow taker slows the reading.
 * `onDisk` hears how many bytes of the disk have been read. Throws file-unreadable.
 */
export const readChunks = async function* (path: string, start: number, onDisk?: (bytes: number) => void): AsyncGenerator<Buffer> {
  const packed = await isGzip(path);
  const inside = insideArchive(path);
  const file = inside ? null : createReadStream(path, { highWaterMark: chunkBytes, ...(packed ? {} : { start }) });
  const source: Readable = inside ? await streamOfMember(inside.archive, inside.name) : (file ?? Readable.from([]));
  const stream: Readable = packed ? source.pipe(createGunzip({ chunkSize: chunkBytes })) : source;
  if (packed) source.on('error', (cause) => stream.destroy(cause));
  let skip = packed || inside ? start : 0;
  let unpacked = 0;
  try {
    for await (const chunk of stream) {
      if (!Buffer.isBuffer(chunk)) continue;
      unpacked += chunk.length;
      onDisk?.(file ? file.bytesRead + (packed ? 0 : start) : unpacked);
      if (skip >= chunk.length) {
        skip -= chunk.length;
        continue;
      }
      yield skip > 0 ? chunk.subarray(skip) : chunk;
      skip = 0;
    }
  } catch (cause) {
    throw cause instanceof AppError ? cause : unreadable(path, cause);
  } finally {
    stream.destroy();
    source.destroy();
  }
};

/** The first bytes of a file, unpacked. `whole`: the file ends within them. */
export const readSample = async (path: string, count = sampleBytes): Promise<{ bytes: Buffer; whole: boolean }> => {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of readChunks(path, 0)) {
    parts.push(chunk);
    length += chunk.length;
    if (length > count) break;
  }
  const bytes = Buffer.concat(parts);
  return { bytes: bytes.subarray(0, count), whole: length <= count };
};

/** Turns UTF-16 into UTF-8 chunk by chunk, so that records can be split by bytes; passes everything else through. */
export class ToBytes {
  private readonly decoder: TextDecoder | null;

  constructor(encoding: string) {
    this.decoder = encoding === 'utf-16le' || encoding === 'utf-16be' ? new TextDecoder(encoding, { ignoreBOM: true }) : null;
  }

  /** True where one character of the file is two bytes. */
  get isWide(): boolean {
    return this.decoder !== null;
  }

  take(chunk: Buffer): Buffer {
    return this.decoder ? Buffer.from(this.decoder.decode(chunk, { stream: true }), 'utf8') : chunk;
  }

  end(): Buffer {
    return this.decoder ? Buffer.from(this.decoder.decode(), 'utf8') : Buffer.alloc(0);
  }
}

/** Bytes that `bytes` (already UTF-8 where the file is UTF-16) takes in the file. */
export const bytesInFile = (bytes: Buffer, isWide: boolean): number => (isWide ? bytes.toString('utf8').length * 2 : bytes.length);

/** The bytes as they stood in the file. */
export const asInFile = (bytes: Buffer, encoding: string): Buffer => {
  if (encoding === 'utf-16le') return Buffer.from(bytes.toString('utf8'), 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(bytes.toString('utf8'), 'utf16le').swap16();
  return Buffer.from(bytes);
};

/** A sample as UTF-8 or ASCII-compatible bytes without its mark, and its encoding. `forced`: the encoding that people chose. */
export const openSample = (bytes: Buffer, forced?: string): { bytes: Buffer; encoding: { name: string; bom: number } } => {
  const { name, bom } = detectEncoding(bytes);
  const encoding = { name: forced?.toLowerCase() ?? name, bom };
  return { bytes: new ToBytes(encoding.name).take(bytes.subarray(bom)), encoding };
};
