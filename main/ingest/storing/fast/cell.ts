export const LF = 10;
export const CR = 13;
export const BLANK = 32;
export const TAB = 9;
const QUOTE = 34;

/** What a scan returns where the general way must look: a row that is odd, or not whole yet. */
export const ODD = -1;

/** First bytes of records that no remark and no trace of a crash begins with: digits, letters, a minus, and what isn't ASCII (a byte order mark aside). */
export const beginnings = Uint8Array.from({ length: 256 }, (_, c) => (/[-0-9A-Za-z]/.test(String.fromCharCode(c)) || (c >= 0x80 && c !== 0xef) ? 1 : 0));

/**
 * Finds where one cell's text lies: blanks around it left out, quotes taken off. Odd are quotes within quotes, line ends within quotes,
 * and whatever stands between a closing quote and the delimiter.
 */
export class CellScan {
  /** The text found last. */
  from = 0;
  to = 0;
  private readonly delimiter: number;
  private readonly isBlanks: boolean;

  /** `isBlanks`: runs of blanks and tabs delimit; a quote is odd then. */
  constructor(delimiter: number, isBlanks: boolean) {
    this.delimiter = delimiter;
    this.isBlanks = isBlanks;
  }

  /** Scans the cell that begins at `from`; returns the place of the delimiter or line end behind it, or ODD. */
  take(bytes: Uint8Array, from: number, end: number): number {
    if (this.isBlanks) return this.takeWord(bytes, from, end);
    const { delimiter } = this;
    let i = from;
    while (i < end && (bytes[i] === BLANK || bytes[i] === TAB) && bytes[i] !== delimiter) i++;
    if (bytes[i] === QUOTE) return this.takeQuoted(bytes, i + 1, end);
    this.from = i;
    let c = bytes[i];
    while (i < end && c !== delimiter && c !== LF && c !== CR) c = bytes[++i];
    let to = i;
    while (to > this.from && (bytes[to - 1] === BLANK || bytes[to - 1] === TAB)) to--;
    this.to = to;
    return i < end ? i : ODD;
  }

  private takeWord(bytes: Uint8Array, from: number, end: number): number {
    let i = from;
    this.from = i;
    for (; i < end; i++) {
      const c = bytes[i];
      if (c === BLANK || c === TAB || c === LF || c === CR) break;
      if (c === QUOTE) return ODD;
    }
    this.to = i;
    return i < end ? i : ODD;
  }

  private takeQuoted(bytes: Uint8Array, from: number, end: number): number {
    let i = from;
    while (i < end && bytes[i] !== QUOTE && bytes[i] !== LF && bytes[i] !== CR) i++;
    if (bytes[i] !== QUOTE) return ODD;
    let first = from;
    let last = i;
    while (first < last && (bytes[first] === BLANK || bytes[first] === TAB)) first++;
    while (last > first && (bytes[last - 1] === BLANK || bytes[last - 1] === TAB)) last--;
    this.from = first;
    this.to = last;
    i++;
    while (i < end && bytes[i] === BLANK && this.delimiter !== BLANK) i++;
    return i < end && (bytes[i] === this.delimiter || bytes[i] === LF || bytes[i] === CR) ? i : ODD;
  }
}
