const LF = 10;
const CR = 13;
const BLANK = 32;
const TAB = 9;

/** A quoted cell that is longer than this, or runs over more lines, was never closed. */
const longestQuoted = 64 * 1024;
const mostQuotedLines = 100;

/** Decides whether the line from..to (without its end) stands as a record of its own. */
export type LooksLikeRecord = (bytes: Buffer, from: number, to: number) => boolean;

/**
 * Splits a stream of bytes into records: LF, CR LF or CR ends one, except within quotes. A quote opens a quoted cell only at the
 * cell's start. A quote that never closes costs its own line alone: reading goes on behind that line.
 *
 * Works on whatever encoding leaves line ends, quotes and the delimiter as single bytes (ASCII supersets).
 */
export class RecordReader {
  /** Bytes fed and not yet dropped; the record lies at start..stop. */
  buffer: Buffer = Buffer.alloc(0);
  /** Where the next record begins in `buffer`. */
  at = 0;
  /** Line number of the next record, from 1. */
  line: number;
  /** Bytes consumed, counted in fed bytes from where reading began. */
  consumed = 0;

  start = 0;
  stop = 0;
  recordLine = 0;
  /** A quote of this record never closed. */
  unclosed = false;
  /** The stream ended within this record: it has no line end. */
  cut = false;
  hasQuotes = false;

  looksLikeRecord: LooksLikeRecord | null = null;

  private readonly delimiter: number;
  private readonly quote: number;
  private breaks = 0;

  /** `delimiter`: its byte, or 32 for runs of blanks. `quote`: the byte that opens and closes quoted cells. */
  constructor(delimiter: number, line = 1, quote = 34) {
    this.delimiter = delimiter;
    this.line = line;
    this.quote = quote;
  }

  feed(chunk: Buffer): void {
    if (this.at >= this.buffer.length) this.buffer = chunk;
    else this.buffer = Buffer.concat([this.buffer.subarray(this.at), chunk]);
    this.at = 0;
  }

  /** Bytes that are fed and belong to no record yet. */
  get pending(): number {
    return this.buffer.length - this.at;
  }

  /** Moves to the next record; false when more bytes are needed. `final`: no more will come. */
  next(final: boolean): boolean {
    const bytes = this.buffer;
    const end = bytes.length;
    if (this.at >= end) return false;
    this.unclosed = false;
    this.cut = false;
    this.hasQuotes = false;
    this.breaks = 0;
    let cellStart = true;
    let i = this.at;
    while (i < end) {
      const c = bytes[i];
      if (c === LF || c === CR) return this.finish(i, final);
      if (c === this.quote && cellStart) {
        this.hasQuotes = true;
        i = this.skipQuoted(i + 1, final);
        if (i < 0) return false;
        if (this.unclosed) return this.finish(i, final);
        cellStart = false;
        continue;
      }
      cellStart = c === this.delimiter || (cellStart && (c === BLANK || c === TAB));
      i++;
    }
    if (!final) return false;
    this.cut = true;
    return this.take(end, end);
  }

  /** Moves past `bytes` of the buffer that a faster reader took as `lines` whole records. */
  skipTo(at: number, lines: number): void {
    this.consumed += at - this.at;
    this.at = at;
    this.line += lines;
  }

  private finish(at: number, final: boolean): boolean {
    if (at >= this.buffer.length) {
      this.cut = true;
      return this.take(at, at);
    }
    if (this.buffer[at] === LF) return this.take(at, at + 1);
    // A CR at the very end of what is there may be half of a CR LF.
    if (at + 1 >= this.buffer.length && !final) return false;
    return this.take(at, this.buffer[at + 1] === LF ? at + 2 : at + 1);
  }

  private take(stop: number, next: number): boolean {
    this.start = this.at;
    this.stop = stop;
    this.recordLine = this.line;
    this.line += this.breaks + 1;
    this.consumed += next - this.at;
    this.at = next;
    return true;
  }

  /** From behind an opening quote to behind its closing one; -1: more bytes are needed. Sets `unclosed` and returns the first line end then. */
  private skipQuoted(from: number, final: boolean): number {
    const bytes = this.buffer;
    const end = bytes.length;
    const breaksBefore = this.breaks;
    let firstBreak = -1;
    for (let i = from; i < end; i++) {
      const c = bytes[i];
      if (c === this.quote) {
        if (i + 1 >= end && !final) return -1;
        const after = bytes[i + 1];
        if (after === this.quote) i++;
        else if (i + 1 >= end || this.closes(i + 1)) return i + 1;
        else if (firstBreak >= 0) return this.giveUp(firstBreak, breaksBefore);
      } else if (c === LF || c === CR) {
        if (c === CR && i + 1 >= end && !final) return -1;
        if (firstBreak < 0) firstBreak = i;
        if (c === CR && bytes[i + 1] === LF) i++;
        this.breaks++;
        const verdict = this.nextLineStands(i + 1, final);
        if (verdict === 'unknown') return -1;
        if (verdict === 'record' || this.breaks - breaksBefore > mostQuotedLines || i - from > longestQuoted) return this.giveUp(firstBreak, breaksBefore);
      }
    }
    if (!final && end - from <= longestQuoted) return -1;
    return this.giveUp(firstBreak < 0 ? end : firstBreak, breaksBefore);
  }

  /** A closing quote is followed by the delimiter or the record's end, perhaps after blanks. */
  private closes(at: number): boolean {
    let i = at;
    while (this.buffer[i] === BLANK && this.delimiter !== BLANK) i++;
    const c = this.buffer[i];
    return c === undefined || c === this.delimiter || c === LF || c === CR || (this.delimiter === BLANK && (c === BLANK || c === TAB));
  }

  private giveUp(firstBreak: number, breaksBefore: number): number {
    this.unclosed = true;
    this.breaks = breaksBefore;
    return firstBreak;
  }

  private nextLineStands(from: number, final: boolean): 'record' | 'text' | 'unknown' {
    if (!this.looksLikeRecord) return 'text';
    let to = from;
    while (to < this.buffer.length && this.buffer[to] !== LF && this.buffer[to] !== CR) to++;
    if (to >= this.buffer.length && !final && to - from <= longestQuoted) return 'unknown';
    return this.looksLikeRecord(this.buffer, from, to) ? 'record' : 'text';
  }
}
