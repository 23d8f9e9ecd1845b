/** An encoding as TextDecoder names it, and how many bytes of byte order mark stand before the text. */
export interface Encoding {
  name: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'gb18030' | 'shift_jis';
  bom: number;
}

const isValidUtf8 = (bytes: Uint8Array): boolean => {
  // A sample may end within a character: up to three bytes at its end don't count.
  for (let cut = 0; cut <= 3 && cut <= bytes.length; cut++) {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, bytes.length - cut));
      return true;
    } catch {
      continue;
    }
  }
  return false;
};

/** UTF-16 without a mark: nearly every second byte of Western text and of numbers is zero. A NUL run after a crash is no such pattern. */
const utf16Without = (bytes: Uint8Array): Encoding | null => {
  const length = Math.min(bytes.length, 400) & ~1;
  if (length < 16) return null;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < length; i += 2) {
    if (bytes[i] === 0) even++;
    if (bytes[i + 1] === 0) odd++;
  }
  const half = length / 2;
  if (odd > half * 0.4 && even < half * 0.05) return { name: 'utf-16le', bom: 0 };
  if (even > half * 0.4 && odd < half * 0.05) return { name: 'utf-16be', bom: 0 };
  return null;
};

/**
 * Share of the high bytes that are explained by frequent two-byte characters. That a text decodes is no proof: B0 43 ('°C' in
 * Windows-1252) is a character of GBK as well, and 'öß' one of GB2312's rare second level.
 */
const pairShare = (bytes: Uint8Array, frequent: (lead: number, trail: number) => boolean, single: (byte: number) => boolean): number => {
  let high = 0;
  let explained = 0;
  for (let i = 0; i < bytes.length; i++) {
    const lead = bytes[i] ?? 0;
    if (lead < 0x80 || lead === 0xff) continue;
    high++;
    const trail = bytes[i + 1] ?? 0;
    if (frequent(lead, trail)) {
      explained += 1;
      if (trail >= 0x80) {
        high++;
        explained++;
      }
      i++;
    } else if (single(lead)) explained += single(trail) || single(bytes[i - 1] ?? 0) ? 1 : 0.5;
  }
  return high === 0 ? 0 : explained / high;
};

/** Symbols, kana, full-width letters and the 3,755 frequent characters of GB2312's first level. */
const frequentGb = (lead: number, trail: number): boolean => trail >= 0xa1 && trail <= 0xfe && ((lead >= 0xa1 && lead <= 0xa9) || (lead >= 0xb0 && lead <= 0xd7));

/** Symbols, kana and the first level of JIS X 0208. */
const frequentJis = (lead: number, trail: number): boolean => ((trail >= 0x40 && trail <= 0x7e) || (trail >= 0x80 && trail <= 0xfc)) && lead >= 0x81 && lead <= 0x98;

const halfWidthKatakana = (byte: number): boolean => byte >= 0xa1 && byte <= 0xdf;

/**
 * Finds the encoding of a text from its first bytes: by its mark, by UTF-16's pattern of zeros, by validity as UTF-8, and else by
 * which of GB18030, Shift-JIS and Windows-1252 explains the high bytes with frequent characters.
 */
export const detectEncoding = (bytes: Uint8Array): Encoding => {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { name: 'utf-8', bom: 3 };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { name: 'utf-16le', bom: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { name: 'utf-16be', bom: 2 };
  const wide = utf16Without(bytes);
  if (wide) return wide;
  if (isValidUtf8(bytes) || (bytes.includes(0xff) && isValidUtf8(bytes.filter((byte) => byte !== 0xff)))) return { name: 'utf-8', bom: 0 };
  const gb = pairShare(bytes, frequentGb, () => false);
  const jis = pairShare(bytes, frequentJis, halfWidthKatakana);
  if (gb >= 0.85 && gb >= jis) return { name: 'gb18030', bom: 0 };
  if (jis >= 0.85) return { name: 'shift_jis', bom: 0 };
  return { name: isMostlyUtf8(bytes) ? 'utf-8' : 'windows-1252', bom: 0 };
};

/** A foreign byte or two, or the FF of erased memory, in a text whose other high bytes are UTF-8's sequences. */
const isMostlyUtf8 = (bytes: Uint8Array): boolean => {
  let whole = 0;
  let foreign = 0;
  for (let i = 0; i < bytes.length; i++) {
    const lead = bytes[i] ?? 0;
    if (lead < 0x80 || lead === 0xff) continue;
    const more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc2 ? 1 : 0;
    const isWhole = more > 0 && Array.from({ length: more }, (_, k) => bytes[i + 1 + k] ?? 0).every((byte) => byte >= 0x80 && byte < 0xc0);
    if (isWhole) {
      whole++;
      i += more;
    } else foreign++;
  }
  return whole >= foreign;
};

/** Turns the bytes of one record or sample into text. */
export type Decode = (bytes: Buffer) => string;

/** A decoder for records. UTF-16 has been turned into UTF-8 before records are split (`ByteStream`), so it is UTF-8 here. */
export const decoderOf = (encoding: string): Decode => {
  if (encoding === 'utf-8' || encoding === 'utf-16le' || encoding === 'utf-16be') return (bytes) => bytes.toString('utf8');
  const decoder = new TextDecoder(encoding);
  return (bytes) => decoder.decode(bytes);
};
