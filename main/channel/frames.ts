/**
 * A document with byte arrays beside it as one frame, for ports that carry bytes alone. Little-endian:
 *   0  uint32   length of the header in bytes
 *   4  header   JSON: the document, and the length of each array
 *   .  arrays   one after the other
 */
const PREFIX = 4;

/** What a frame holds; the document is yet to be validated. */
export interface Unpacked {
  readonly document: unknown;
  readonly bytes: readonly Uint8Array[];
}

/** Packs a document and its byte arrays. */
export const packFrame = (document: unknown, bytes: readonly Uint8Array[] = []): Uint8Array => {
  const header = new TextEncoder().encode(JSON.stringify({ document, lengths: bytes.map(({ length }) => length) }));
  const frame = new Uint8Array(PREFIX + header.length + bytes.reduce((sum, { length }) => sum + length, 0));
  new DataView(frame.buffer).setUint32(0, header.length, true);
  frame.set(header, PREFIX);
  let at = PREFIX + header.length;
  for (const part of bytes) {
    frame.set(part, at);
    at += part.length;
  }
  return frame;
};

const isHeader = (header: unknown): header is { document: unknown; lengths: number[] } =>
  typeof header === 'object' && header !== null && 'document' in header && 'lengths' in header && Array.isArray(header.lengths) && header.lengths.every((length) => Number.isInteger(length) && length >= 0);

/** Takes a frame apart; the arrays are copies, so that they may be aligned by who reads them. @throws Error when it is none */
export const unpackFrame = (frame: unknown): Unpacked => {
  if (!(frame instanceof Uint8Array) || frame.length < PREFIX) throw new Error('A frame is expected to be bytes with a header.');
  const end = PREFIX + new DataView(frame.buffer, frame.byteOffset).getUint32(0, true);
  if (end > frame.length) throw new Error(`A frame of ${frame.length} bytes can't hold a header that ends at ${end}.`);
  const header: unknown = JSON.parse(new TextDecoder().decode(frame.subarray(PREFIX, end)));
  if (!isHeader(header)) throw new Error('The header of a frame lacks its document or its lengths.');
  let at = end;
  const bytes = header.lengths.map((length) => frame.slice(at, (at += length)));
  if (at !== frame.length) throw new Error(`A frame of ${frame.length} bytes was expected to end at ${at}.`);
  return { document: header.document, bytes };
};
