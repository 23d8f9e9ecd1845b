import { crc32 } from 'node:zlib';
import { AppError } from '../../../contract/errors.ts';

/** Says where a body lies, for the message of an error: 'chunk 12 of sensor 3'. */
export type Where = () => string;

/** First byte of every body. */
export const FORMAT_VERSION = 1;

/** Version, kind, two bytes of the kind's own, checksum, two numbers. */
export const HEADER_BYTES = 16;

const checksumOf = (body: Uint8Array): number => crc32(body.subarray(8), crc32(body.subarray(0, 4)));

export interface Header {
  readonly kind: number;
  readonly first: number;
  readonly second: number;
  readonly a: number;
  readonly b: number;
}

/** Fills in the header of a finished body (FORMAT.md) and its checksum. */
export const finishBody = (body: Uint8Array, { kind, first, second, a, b }: Header): Uint8Array => {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  body.set([FORMAT_VERSION, kind, first, second]);
  view.setUint32(8, a, true);
  view.setUint32(12, b, true);
  view.setUint32(4, checksumOf(body), true);
  return body;
};

/** A body whose version and checksum were found right; 4-byte aligned. */
export interface OpenBody extends Header {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** All of it as little-endian words; a last part of a word is left out. */
  readonly words: Uint32Array;
}

/** @throws AppError('plant-newer') for a later version, 'plant-damaged' when the checksum is wrong */
export const openBody = (stored: Uint8Array, where: Where): OpenBody => {
  // Words are read through a typed array, which must begin at a multiple of four.
  const bytes = stored.byteOffset % 4 === 0 ? stored : new Uint8Array(stored);
  const version = bytes[0] ?? 0;
  if (bytes.length >= HEADER_BYTES && version > FORMAT_VERSION) throw new AppError('plant-newer', `${where()} has format ${version}, this version knows ${FORMAT_VERSION}; update Millwright to open it`, { version });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || version !== FORMAT_VERSION || view.getUint32(4, true) !== checksumOf(bytes)) {
    throw damaged(where, 'its checksum is wrong');
  }
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
  return { bytes, view, words, kind: bytes[1] ?? 0, first: bytes[2] ?? 0, second: bytes[3] ?? 0, a: view.getUint32(8, true), b: view.getUint32(12, true) };
};

/** What is thrown when stored bytes aren't what was written. */
export const damaged = (where: Where, what: string): AppError => new AppError('plant-damaged', `${where()} is damaged: ${what}; restore a backup`, { where: where() });

/** The next multiple of four. */
export const aligned = (bytes: number): number => (bytes + 3) & ~3;
