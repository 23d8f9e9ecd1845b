import { crc32, deflateRawSync } from 'node:zlib';

/** A file to be put into an archive. */
interface ToPack {
  name: string | Buffer;
  bytes: Buffer;
  flags?: number;
}

/** A zip archive, for tests. Source of the layout: PKWARE, APPNOTE.TXT, 4.3. */
export const zipOf = (members: readonly ToPack[]): Buffer => {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes, flags = 0 } of members) {
    const packed = deflateRawSync(bytes);
    const fields = Buffer.alloc(22);
    [20, flags, 8, 0, 0].forEach((value, i) => fields.writeUInt16LE(value, 2 * i));
    [crc32(bytes), packed.length, bytes.length].forEach((value, i) => fields.writeUInt32LE(value, 10 + 4 * i));
    const title = Buffer.from(name);
    const length = Buffer.alloc(4);
    length.writeUInt16LE(title.length, 0);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), fields, length, title, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), fields, length, rest, title]));
    parts.push(local);
    at += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  [members.length, members.length].forEach((value, i) => end.writeUInt16LE(value, 4 + 2 * i));
  [entries.length, at].forEach((value, i) => end.writeUInt32LE(value, 8 + 4 * i));
  return Buffer.concat([...parts, entries, Buffer.from('PK\u0005\u0006'), end]);
};
