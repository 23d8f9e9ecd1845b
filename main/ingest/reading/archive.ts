import { existsSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import type { Readable } from 'node:stream';
import { type Entry, open, type ZipFile } from 'yauzl';
import { AppError } from '../../contract/errors.ts';
import { decoderOf, detectEncoding } from './encoding.ts';

/** A file in a zip archive. Its place is written as if the archive were a folder: /data/pump.zip/2025/log.csv. */
export interface Member {
  path: string;
  name: string;
  /** Unpacked. */
  bytes: number;
}

const zipMark = /\.zip[/\\]/gi;

/** The archive that a path leads into, and the member's name; null for a path of an ordinary file. */
export const insideArchive = (path: string): { archive: string; name: string } | null => {
  for (const { index } of path.matchAll(zipMark)) {
    const archive = path.slice(0, index + 4);
    if (existsSync(archive) && statSync(archive).isFile()) return { archive, name: path.slice(index + 5) };
  }
  return null;
};

/** True for the first bytes of a zip archive, an empty one included. */
export const isZipHead = (head: Buffer): boolean => head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6));

const broken = (path: string, cause: unknown): AppError =>
  new AppError('file-not-understood', `${path} is no whole zip archive (${cause instanceof Error ? cause.message : String(cause)}); copy it again, or unpack it and import what is in it`, { path }, cause);

const openZip = (path: string): Promise<ZipFile> =>
  new Promise((resolve, reject) => {
    // Names come as bytes: most archives of Chinese and Japanese Windows hold them in its own encoding.
    open(path, { lazyEntries: true, autoClose: false, decodeStrings: false }, (cause, zip) => {
      if (cause) reject(broken(path, cause));
      else resolve(zip);
    });
  });

const utf8Flag = 0x800;
const encryptedFlag = 1;

/** An entry's name as text. Separators of Windows become those of all others. */
const nameOf = ({ fileName, generalPurposeBitFlag }: Entry): string => {
  const bytes = Buffer.from(fileName);
  const text = (generalPurposeBitFlag & utf8Flag) !== 0 ? bytes.toString('utf8') : decoderOf(detectEncoding(bytes).name)(bytes);
  return text.replaceAll('\\', '/');
};

/** Looks at one entry after the other until `look` returns something. */
const find = async <T>(zip: ZipFile, path: string, look: (entry: Entry) => T | undefined): Promise<T | undefined> =>
  await new Promise((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      const found = look(entry);
      if (found === undefined) zip.readEntry();
      else resolve(found);
    });
    zip.once('end', () => resolve(undefined));
    zip.once('error', (cause: unknown) => reject(broken(path, cause)));
    zip.readEntry();
  });

/** What lies in archives beside logs: folders, what a Mac adds, pictures, programs, words to the reader. */
const isNoLog = (name: string): boolean => name.endsWith('/') || /(?:^|\/)(?:__MACOSX\/|\.)/.test(name) || /(?:^|\/)(?:read[ _-]?me|lies[ _-]?mich|lisez[ _-]?moi|licen[cs]e|copying|changelog)(?:\.[a-z]+)?$/i.test(name) || /^\.(?:zip|7z|rar|xml|rels|json|html?|pdf|png|jpe?g|gif|svg|docx?|xlsx?|pptx?|exe|dll|db|sqlite|parquet|md)$/i.test(extname(name));

/**
 * The files in a zip archive that may be logs, in its own order.
 * @throws AppError('file-not-understood') for a broken archive, a workbook, an encrypted archive, and one without any
 */
export const membersOf = async (path: string): Promise<Member[]> => {
  const zip = await openZip(path);
  const members: Member[] = [];
  let encrypted = 0;
  try {
    const isWorkbook = await find(zip, path, (entry) => {
      const name = nameOf(entry);
      if (name === '[Content_Types].xml') return true;
      if ((entry.generalPurposeBitFlag & encryptedFlag) !== 0) encrypted++;
      else if (!isNoLog(name)) members.push({ path: `${path}/${name}`, name, bytes: entry.uncompressedSize });
      return undefined;
    });
    if (isWorkbook === true) throw new AppError('file-not-understood', `${path} is an Excel workbook, not a text file; export its sheet as CSV and import that`, { path });
  } finally {
    zip.close();
  }
  if (members.length > 0) return members;
  const why = encrypted > 0 ? 'is encrypted: unpack it with its password and import what is in it' : 'holds no file that could be a log: text files of readings were expected';
  throw new AppError('file-not-understood', `${path} ${why}`, { path });
};

/** Unpacked size of a member in bytes. @throws AppError('file-unreadable') where the archive hasn't got it */
export const sizeOfMember = async (archive: string, name: string): Promise<number> => {
  const { zip, entry } = await openEntry(archive, name);
  zip.close();
  return entry.uncompressedSize;
};

const openEntry = async (archive: string, name: string): Promise<{ zip: ZipFile; entry: Entry }> => {
  const zip = await openZip(archive);
  try {
    const entry = await find(zip, archive, (one) => (nameOf(one) === name ? one : undefined));
    if (entry) return { zip, entry };
    throw new AppError('file-unreadable', `${archive} holds no file ${name}`, { path: archive, name });
  } catch (thrown) {
    zip.close();
    throw thrown;
  }
};

/** The unpacked bytes of a member, as they are taken. @throws AppError('file-unreadable') where the archive hasn't got it, 'file-not-understood' where it is broken */
export const streamOfMember = async (archive: string, name: string): Promise<Readable> => {
  const { zip, entry } = await openEntry(archive, name);
  return await new Promise((resolve, reject) => {
    zip.openReadStream(entry, (cause, stream) => {
      if (cause) {
        zip.close();
        reject(broken(archive, cause));
        return;
      }
      stream.once('close', () => zip.close());
      resolve(stream);
    });
  });
};
