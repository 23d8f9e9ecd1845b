import { systemCode } from '../following/reasons.ts';
import type { Segment } from './segment.ts';
import type { Spool } from './spool.ts';

const LF = 10;
const CR = 13;

/** A connection's next segment begins at a line end behind so many bytes, so that what is stored can be deleted. */
const bytesASegment = 4 << 20;
/** A line that is longer is no line of a log. */
const longestLine = 1 << 20;
/** What is written is synced after so many milliseconds at the latest. */
const syncAfter = 100;

export const lastLineEnd = (bytes: Uint8Array): number => Math.max(bytes.lastIndexOf(LF), bytes.lastIndexOf(CR));

/** What a connection keeps to itself until it has kept what was sent. */
export interface FeedParts {
  spool: Spool;
  signal: AbortSignal;
  onTrouble(code: string | null): void;
}

export class LineTooLong extends Error {}

/** What one connection sends, on its way into segments. */
export class Feed {
  /** Bytes of this connection that are on the disk. */
  kept = 0;
  private readonly parts: FeedParts;
  private readonly peer: string;
  private readonly onKept: ((bytes: number) => void) | null;
  private segment: Segment | null = null;
  private written = 0;
  private hasLineEnd = false;
  private sinceLineEnd = 0;
  private timer: NodeJS.Timeout | null = null;

  /** `onKept` hears how many bytes of the connection are on the disk, after each sync. */
  constructor(parts: FeedParts, peer: string, onKept: ((bytes: number) => void) | null = null) {
    this.parts = parts;
    this.peer = peer;
    this.onKept = onKept;
  }

  /** Keeps what came; waits while too much waits to be stored. Throws LineTooLong for what can be no log. */
  async write(bytes: Buffer): Promise<void> {
    await this.parts.spool.room(this.parts.signal);
    const end = lastLineEnd(bytes) + 1;
    this.hasLineEnd ||= end > 0;
    this.sinceLineEnd = end > 0 ? bytes.length - end : this.sinceLineEnd + bytes.length;
    if (this.segment && this.segment.size >= bytesASegment && end > 0) {
      await this.append(bytes.subarray(0, end));
      await this.next();
      await this.append(bytes.subarray(end));
    } else await this.append(bytes);
    if (this.sinceLineEnd > longestLine) throw new LineTooLong(`a line of more than ${longestLine} bytes`);
  }

  /** `isOrderly`: the sender closed the connection as it should. One that sends a single line without a line end a connection has sent it whole. */
  async end(isOrderly: boolean): Promise<void> {
    if (isOrderly && !this.hasLineEnd && this.written > 0) await this.append(Buffer.of(LF));
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    await this.segment?.end();
    this.told();
  }

  private async append(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    this.segment ??= await this.begin(null);
    await this.segment.write(bytes, this.parts.signal, (code) => this.parts.onTrouble(code));
    this.written += bytes.length;
    this.timer ??= setTimeout(() => void this.sync(), syncAfter);
  }

  private async sync(): Promise<void> {
    this.timer = null;
    const { segment } = this;
    if (!segment || segment.isEnded) return;
    const written = this.written;
    try {
      await segment.sync();
      this.kept = Math.max(this.kept, written);
      this.told();
    } catch (thrown) {
      this.parts.onTrouble(systemCode(thrown) || 'EIO');
      this.timer ??= setTimeout(() => void this.sync(), 1000);
    }
  }

  private told(): void {
    if (this.segment?.isEnded === true) this.kept = this.written;
    this.onKept?.(this.kept);
  }

  private async next(): Promise<void> {
    const before = this.segment;
    if (!before) return;
    this.segment = await this.begin(before.number);
    await before.end();
  }

  /** Throws what the file system throws, once that is told: the connection ends by it, and its sender comes again. */
  private async begin(after: number | null): Promise<Segment> {
    try {
      const segment = await this.parts.spool.begin({ peer: this.peer, at: Date.now(), asset: null, after });
      this.parts.onTrouble(null);
      return segment;
    } catch (thrown) {
      this.parts.onTrouble(systemCode(thrown) || 'EIO');
      throw thrown;
    }
  }
}
