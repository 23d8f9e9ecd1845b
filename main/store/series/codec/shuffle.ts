import { zstdCompressSync, zstdDecompressSync, constants } from 'node:zlib';
import { damaged, type Where } from './body.ts';

/** Bytes of the same place in their number lie together: exponents compress, mantissas that are noise don't spoil it. */
const transpose = (bytes: Uint8Array, size: number): Uint8Array => {
  const count = bytes.length / size;
  const out = new Uint8Array(bytes.length);
  for (let place = 0; place < size; place += 1) for (let i = 0; i < count; i += 1) out[place * count + i] = bytes[i * size + place] ?? 0;
  return out;
};

/** The reverse of transpose(bytes, size): the same walk with rows and columns exchanged. */
const transposeBack = (bytes: Uint8Array, size: number): Uint8Array => transpose(bytes, bytes.length / size);

/**
 * Numbers of `size` bytes, shuffled and compressed with zstd (level 1: what there is to gain lies in the shuffled exponents).
 * @returns null when that gains nothing
 */
export const compressNumbers = (bytes: Uint8Array, size: number): Uint8Array | null => {
  const packed = zstdCompressSync(transpose(bytes, size), { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
  return packed.length < bytes.length ? packed : null;
};

/** @param length bytes that must come out. @throws AppError('plant-damaged') */
export const decompressNumbers = (packed: Uint8Array, size: number, length: number, where: Where): Uint8Array => {
  const bytes = zstdDecompressSync(packed, { maxOutputLength: Math.max(length, 1) });
  if (bytes.length !== length) throw damaged(where, `${bytes.length} bytes came out of it where ${length} were expected`);
  return length === 0 ? bytes : transposeBack(bytes, size);
};
